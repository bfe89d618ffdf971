package io.amcinsights.desktop.deployment;

import java.util.List;

/**
 * What would be done to a stack: a change set that CloudFormation has made and not yet carried out.
 *
 * @param stackId its ARN; there is a stack under review also where there was none before
 * @param creates whether the stack is new
 * @param changes none where everything is as it should be
 */
public record ChangePlan(
        String stackName,
        String stackId,
        String changeSetId,
        boolean creates,
        List<PlannedChange> changes) {

    public boolean nothing() {
        return changes.isEmpty();
    }
}
