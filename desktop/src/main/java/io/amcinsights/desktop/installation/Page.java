package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.deployment.ChangePlan;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Operation;
import io.amcinsights.desktop.deployment.Preflight;
import io.amcinsights.desktop.deployment.Removal;
import io.amcinsights.desktop.deployment.Stacks;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What the screen shows: one step of a deployment, or where the installation stands. */
sealed interface Page {

    /** The local workspace needs no deployment. */
    record Local() implements Page {}

    /** This application came without a release. */
    record NoRelease() implements Page {}

    /**
     * Something is being looked up, or told to AWS.
     *
     * @param stoppable whether it can be given up
     */
    record Busy(String doing, boolean stoppable) implements Page {}

    record Failed(Problem problem, Runnable retry) implements Page {}

    /**
     * The parameters are entered.
     *
     * @param before the stack that is to be changed; null for a new one
     */
    record Form(FormViewModel fields, @Nullable DeployedStack before) implements Page {}

    /** What would make the deployment fail was found. */
    record Blocked(List<Preflight.Check> checks) implements Page {}

    /** The release is being sent. */
    record Uploading(List<Preflight.Check> checks) implements Page {}

    /**
     * What would change.
     *
     * @param idleCost by how many US dollars a month the installation would become dearer
     */
    record Planned(ChangePlan plan, List<Preflight.Check> checks, double idleCost)
            implements Page {}

    /** Something is under way. */
    record Following(Operation.Standing standing) implements Page {}

    /**
     * Nothing is under way.
     *
     * @param last what was done last; null where nobody asked
     * @param note what is to be said first; empty for nothing
     */
    record Resting(DeployedStack stack, Operation.@Nullable Standing last, String note)
            implements Page {}

    /** What was changed by hand. */
    record Drift(DeployedStack stack, List<Stacks.Drifted> found) implements Page {}

    /** What a removal would do. */
    record Removing(DeployedStack stack, Removal removal) implements Page {}

    /**
     * It is gone.
     *
     * @param left what is still in the account
     */
    record Removed(DeployedStack stack, List<Stacks.Existing> left) implements Page {}
}
