package io.amcinsights.local.states;

import org.jspecify.annotations.Nullable;

/**
 * One execution of a state machine.
 *
 * @param sequence order of their starts
 * @param definition of the machine as it was at the start
 * @param started epoch milliseconds
 * @param stopped epoch milliseconds; null while it runs
 * @param redriven epoch milliseconds of the last redrive
 */
record Execution(
        long sequence,
        String arn,
        String machineArn,
        String name,
        String definition,
        Status status,
        String input,
        @Nullable String output,
        @Nullable String error,
        @Nullable String cause,
        long started,
        @Nullable Long stopped,
        int redrives,
        @Nullable Long redriven) {

    /** In AWS's words. */
    enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        ABORTED
    }
}
