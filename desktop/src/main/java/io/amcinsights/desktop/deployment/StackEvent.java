package io.amcinsights.desktop.deployment;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One thing that happened to a resource, or to the stack itself.
 *
 * @param id unlike any other event's
 * @param resource the logical id; the stack's name for the stack itself
 * @param physicalId may be empty
 * @param status in CloudFormation's word, such as {@code CREATE_COMPLETE}
 * @param reason may be empty
 * @param token names the operation that it belongs to; null where whoever began it gave none
 * @param ofStack whether it is of the stack itself
 */
public record StackEvent(
        String id,
        Instant at,
        String resource,
        String type,
        String physicalId,
        String status,
        String reason,
        @Nullable String token,
        boolean ofStack) {

    static StackEvent of(software.amazon.awssdk.services.cloudformation.model.StackEvent event) {
        return new StackEvent(
                event.eventId(),
                event.timestamp(),
                event.logicalResourceId(),
                text(event.resourceType()),
                text(event.physicalResourceId()),
                text(event.resourceStatusAsString()),
                text(event.resourceStatusReason()),
                event.clientRequestToken(),
                event.stackId().equals(event.physicalResourceId()));
    }

    public boolean failed() {
        return status.endsWith("_FAILED");
    }

    /** Whether it ends what was going on with the resource, well or not. */
    public boolean ended() {
        return status.endsWith("_COMPLETE")
                || status.endsWith("_FAILED")
                || status.endsWith("_SKIPPED");
    }

    /** Whether something failed only because something else had failed before. */
    public boolean collateral() {
        return failed() && reason.matches("(?is)resource (creation|update|deletion) cancelled.*");
    }

    /** Whether it begins an operation, where it is of the stack itself. */
    boolean begins() {
        return ofStack
                && (status.equals("CREATE_IN_PROGRESS")
                        || status.equals("UPDATE_IN_PROGRESS")
                        || status.equals("DELETE_IN_PROGRESS"));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
