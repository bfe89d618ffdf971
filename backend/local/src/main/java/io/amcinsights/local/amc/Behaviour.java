package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ObjectNode;

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

    /** Changes what is given, and leaves the rest. */
    Behaviour changed(ObjectNode wanted) throws AmcError {
        Fields fields =
                Fields.of(
                        wanted,
                        "speed",
                        "envelope",
                        "asyncValidation",
                        "differencingAfter",
                        "partRows",
                        "gzip",
                        "seed",
                        "throttle");
        Double newSpeed = fields.number("speed", 0.001, 1_000_000);
        Double newSeed = fields.number("seed", 0, 1e15);
        String envelope = fields.text("envelope", envelope());
        if (!envelope.equals("wrapped") && !envelope.equals("flat")) {
            throw AmcError.badRequest("envelope must be flat or wrapped.");
        }
        return new Behaviour(
                newSpeed == null ? speed : newSpeed,
                envelope.equals("wrapped"),
                fields.flag("asyncValidation", asyncValidation),
                fields.has("differencingAfter")
                        ? fields.integer("differencingAfter", 0, 1_000_000)
                        : differencingAfter,
                fields.integer("partRows", 1, Integer.MAX_VALUE, partRows),
                fields.flag("gzip", gzip),
                fields.has("throttle") ? Throttle.Rate.of(fields.node("throttle")) : throttle,
                newSeed == null ? seed : newSeed.longValue());
    }

    ObjectNode json() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("speed", speed).put("envelope", envelope());
        json.put("asyncValidation", asyncValidation);
        json.put("differencingAfter", differencingAfter);
        json.put("partRows", partRows).put("gzip", gzip).put("seed", seed);
        if (throttle == null) {
            return json.putNull("throttle");
        }
        json.putObject("throttle")
                .put("burst", throttle.burst())
                .put("perSecond", throttle.perSecond());
        return json;
    }

    private String envelope() {
        return wrapped ? "wrapped" : "flat";
    }

    static Behaviour usual(double speed) {
        return new Behaviour(speed, false, true, null, 500_000, false, null, 1);
    }
}
