package io.amcinsights.workflows;

import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.workflows.ScheduledDay.Outcome;

import java.util.Locale;

/**
 * One simulated day of 10 and of 500 tenants with twenty schedules each: how long runs wait for
 * their start, and what each costs. The limit is that a run of 500 tenants costs at most 1.2 times
 * one of 10.
 *
 * <p>{@code mvn -q -pl backend/functions -am -Pbench package -DskipTests}
 */
final class ScheduledDayBenchmark {

    private ScheduledDayBenchmark() {}

    public static void main(String[] arguments) throws ConflictException {
        day(10); // the first day is slower, because its code is
        Outcome few = day(10);
        Outcome many = day(500);
        print(10, few);
        print(500, many);
        System.out.printf(
                Locale.ROOT,
                "Growth per run: %.2f times the documents, %.2f times the time (limit 1.20)%n",
                many.documentsPerRun() / few.documentsPerRun(),
                many.microsPerRun() / few.microsPerRun());
    }

    private static Outcome day(int tenants) throws ConflictException {
        try (ScheduledDay day = new ScheduledDay()) {
            for (int i = 0; i < tenants; i++) {
                day.add(ScheduledDay.tenant(i), day.usual());
            }
            return day.pass();
        }
    }

    private static void print(int tenants, Outcome of) {
        System.out.printf(
                Locale.ROOT,
                "%3d tenants, %5d schedules: %6d due, %6d runs; start after p50 %d s, p99 %d s,"
                        + " at most %d s; %.1f documents and %.0f µs per run%n",
                tenants,
                tenants * 20,
                of.due(),
                of.runs(),
                of.delay(0.5, null),
                of.delay(0.99, null),
                of.delay(1, null),
                of.documentsPerRun(),
                of.microsPerRun());
    }
}
