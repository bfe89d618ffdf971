package io.amcinsights.desktop.deployment;

import software.amazon.awssdk.services.cloudformation.model.ChangeAction;
import software.amazon.awssdk.services.cloudformation.model.PolicyAction;
import software.amazon.awssdk.services.cloudformation.model.Replacement;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;

import java.util.List;

/**
 * One change that CloudFormation means to make.
 *
 * @param resource the logical id
 * @param physicalId of what is there now; empty for what is new
 * @param properties the names of the properties that differ
 * @param perhaps whether it may also be less: CloudFormation finds out on the way
 * @param kept whether what is taken out of the stack stays in the account
 */
public record PlannedChange(
        String resource,
        String type,
        String physicalId,
        Kind kind,
        List<String> properties,
        boolean perhaps,
        boolean kept) {

    /** What happens to the resource, in the order of the list. */
    public enum Kind {
        REPLACED,
        REMOVED,
        CHANGED,
        ADDED,
        TAKEN_OVER
    }

    static PlannedChange of(ResourceChange change) {
        PolicyAction policy = change.policyAction();
        return new PlannedChange(
                change.logicalResourceId(),
                change.resourceType(),
                change.physicalResourceId() == null ? "" : change.physicalResourceId(),
                kind(change),
                change.details().stream()
                        .filter(detail -> detail.target() != null && detail.target().name() != null)
                        .map(detail -> detail.target().name())
                        .distinct()
                        .sorted()
                        .toList(),
                change.replacement() == Replacement.CONDITIONAL,
                policy == PolicyAction.RETAIN || policy == PolicyAction.REPLACE_AND_RETAIN);
    }

    private static Kind kind(ResourceChange change) {
        if (change.action() == ChangeAction.ADD) {
            return Kind.ADDED;
        }
        if (change.action() == ChangeAction.REMOVE) {
            return Kind.REMOVED;
        }
        if (change.action() == ChangeAction.IMPORT) {
            return Kind.TAKEN_OVER;
        }
        // What cannot be told before it is done is shown as the worst that it can be.
        return change.replacement() == Replacement.TRUE
                        || change.replacement() == Replacement.CONDITIONAL
                ? Kind.REPLACED
                : Kind.CHANGED;
    }

    /** Whether something that nobody can bring back goes with it. */
    public boolean loses() {
        return (kind == Kind.REPLACED || kind == Kind.REMOVED) && !kept && Losses.matters(type);
    }
}
