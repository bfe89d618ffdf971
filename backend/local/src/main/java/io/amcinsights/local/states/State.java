package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** One state of a state machine, checked. */
sealed interface State {

    String name();

    /** A machine, a branch of a Parallel state or the iterator of a Map state. */
    record Flow(String startAt, Map<String, State> states) {

        State state(String name) {
            State state = states.get(name);
            if (state == null) {
                throw new IllegalStateException("No state " + name);
            }
            return state;
        }
    }

    /**
     * How a state is left.
     *
     * @param next null: the flow ends here
     */
    record Exit(@Nullable JsonNode output, @Nullable JsonNode assign, @Nullable String next) {}

    /**
     * @param maxDelaySeconds 0: none
     */
    record Retrier(
            List<String> errors,
            int intervalSeconds,
            int maxAttempts,
            double backoffRate,
            int maxDelaySeconds,
            boolean jitter) {

        /**
         * How long to wait before the next attempt.
         *
         * @param used how many attempts there were
         */
        Duration delay(int used) {
            double seconds = intervalSeconds * Math.pow(backoffRate, used);
            if (maxDelaySeconds > 0) {
                seconds = Math.min(seconds, maxDelaySeconds);
            }
            if (jitter && seconds > 0) {
                seconds = ThreadLocalRandom.current().nextDouble(seconds);
            }
            return Duration.ofMillis(Math.round(seconds * 1000));
        }
    }

    record Catcher(List<String> errors, Exit exit) {}

    /** What may fail, be tried again and be caught. */
    record Handling(List<Retrier> retriers, List<Catcher> catchers) {}

    record Task(
            String name,
            String resource,
            @Nullable JsonNode arguments,
            @Nullable JsonNode timeoutSeconds,
            @Nullable JsonNode heartbeatSeconds,
            Handling handling,
            Exit exit)
            implements State {

        /** Whether it waits for a callback with its task token. */
        boolean waitsForToken() {
            return resource.endsWith(".waitForTaskToken");
        }
    }

    record Parallel(
            String name,
            List<Flow> branches,
            @Nullable JsonNode arguments,
            Handling handling,
            Exit exit)
            implements State {}

    /**
     * ASL's Map state.
     *
     * @param distribution null: inline
     */
    record Each(
            String name,
            @Nullable JsonNode items,
            @Nullable JsonNode itemSelector,
            @Nullable JsonNode maxConcurrency,
            Flow processor,
            @Nullable Distribution distribution,
            Handling handling,
            Exit exit)
            implements State {}

    /** What only a Map state in distributed mode has. */
    record Distribution(
            @Nullable Reader reader,
            @Nullable JsonNode batcher,
            @Nullable JsonNode toleratedCount,
            @Nullable JsonNode toleratedPercentage,
            @Nullable String label) {}

    /** ASL's ItemReader. */
    record Reader(String resource, JsonNode arguments, JsonNode config) {}

    record Pass(String name, Exit exit) implements State {}

    record Choice(String name, List<Rule> rules, @Nullable Exit otherwise) implements State {}

    record Rule(JsonNode condition, Exit exit) {}

    /** Exactly one of seconds and timestamp is given. */
    record Wait(String name, @Nullable JsonNode seconds, @Nullable JsonNode timestamp, Exit exit)
            implements State {}

    record Succeed(String name, Exit exit) implements State {}

    record Fail(String name, @Nullable JsonNode error, @Nullable JsonNode cause) implements State {}

    /** The word of the States Language for this kind of state. */
    default String type() {
        return this instanceof Each ? "Map" : getClass().getSimpleName();
    }
}
