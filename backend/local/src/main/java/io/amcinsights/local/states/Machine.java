package io.amcinsights.local.states;

/**
 * One state machine.
 *
 * @param definition its text in JSON, substitutions made
 * @param timeoutSeconds 0: none
 */
record Machine(
        String arn,
        String name,
        String roleArn,
        String definition,
        State.Flow flow,
        long timeoutSeconds) {}
