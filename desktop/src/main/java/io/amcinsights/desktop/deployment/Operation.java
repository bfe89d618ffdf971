package io.amcinsights.desktop.deployment;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows what is going on with a stack, until it is over; of one thread at a time. */
public final class Operation {

    private final Stacks stacks;
    private final String stackId;
    private final @Nullable String token;
    private final int expected;
    private final Clock clock;
    private final List<StackEvent> events = new ArrayList<>();

    /**
     * How it stands.
     *
     * @param stack as it is now; with its ARN it is found after its removal, too
     * @param events newest first
     * @param over whether nothing more will happen
     */
    public record Standing(
            DeployedStack stack, List<StackEvent> events, Progress progress, boolean over) {

        /**
         * The failures on the way back, one for each resource; none where there was no way back.
         */
        public List<StackEvent> failedGoingBack() {
            boolean turned = events.stream().anyMatch(Standing::turns);
            return !turned
                    ? List.of()
                    : failures(events.stream().takeWhile(event -> !turns(event)).toList());
        }

        /** The resources that failed for a reason of their own. */
        public List<StackEvent> failed() {
            return failures(events);
        }

        private static boolean turns(StackEvent event) {
            return event.ofStack() && event.status().endsWith("ROLLBACK_IN_PROGRESS");
        }

        private static List<StackEvent> failures(List<StackEvent> among) {
            Map<String, StackEvent> failed = new LinkedHashMap<>();
            for (StackEvent event : among) {
                if (event.failed() && !event.ofStack() && !event.collateral()) {
                    failed.putIfAbsent(event.resource(), event);
                }
            }
            return List.copyOf(failed.values());
        }
    }

    private Operation(
            Stacks stacks, String stackId, @Nullable String token, int expected, Clock clock) {
        this.stacks = stacks;
        this.stackId = stackId;
        this.token = token;
        this.expected = expected;
        this.clock = clock;
    }

    /** One that this application has begun. */
    public static Operation begun(
            Stacks stacks, String stackId, String token, int expected, Clock clock) {
        return new Operation(stacks, stackId, token, expected, clock);
    }

    /** The newest of a stack, whoever has begun it. */
    public static Operation found(Stacks stacks, DeployedStack stack, Clock clock) {
        int expected =
                switch (stack.state()) {
                    case REMOVING -> stacks.resources(stack.id()).size();
                    case CREATING, UPDATING -> stacks.changesOf(stack);
                    case UNDER_REVIEW,
                            ROLLING_BACK,
                            READY,
                            READY_AFTER_FAILURE,
                            FAILED_CREATION,
                            HALF_UPDATED,
                            STUCK,
                            HALF_REMOVED,
                            REMOVED ->
                            0;
                };
        return new Operation(stacks, stack.id(), null, expected, clock);
    }

    /** Looks at it now. */
    public Standing look() {
        // The stack first: what happened until then is among the events that are read after it.
        Optional<DeployedStack> found = stacks.find(stackId);
        events.addAll(
                0, stacks.events(stackId, token, events.isEmpty() ? null : events.getFirst().id()));
        DeployedStack stack =
                found.orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "There is no stack " + stackId + " any more"));
        boolean begun = token == null || !events.isEmpty();
        return new Standing(
                stack,
                List.copyOf(events),
                Progress.of(events, expected, clock.instant()),
                begun && !stack.state().moving());
    }
}
