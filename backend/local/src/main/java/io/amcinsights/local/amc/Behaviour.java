package io.amcinsights.local.amc;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How the simulator behaves where AMC leaves a choice, or differs from one installation to another.
 *
 * @param speed how many times faster than usual executions go
 * @param wrapped single objects come inside another, as AMC's specification has it; else bare, as
 *     its replies were recorded
 * @param asyncValidation a bad query is accepted and rejected later; else refused at once
 * @param differencingAfter how many different queries of the same sources and overlapping windows
 *     AMC lets pass; null: any number
 * @param partRows rows of one download file
 * @param gzip download files come compressed
 * @param throttle null: any number of calls
 * @param seed of the faults that happen with a probability
 */
record Behaviour(
        double speed,
        boolean wrapped,
        boolean asyncValidation,
        @Nullable Integer differencingAfter,
        int partRows,
        boolean gzip,
        Throttle.@Nullable Rate throttle,
        long seed) {

    /** How long something takes that usually takes so long. */
    Duration scaled(Duration usual) {
        return Duration.ofMillis(Math.round(usual.toMillis() / speed));
    }

    static Behaviour usual(double speed) {
        return new Behaviour(speed, false, true, null, 500_000, false, null, 1);
    }
}
