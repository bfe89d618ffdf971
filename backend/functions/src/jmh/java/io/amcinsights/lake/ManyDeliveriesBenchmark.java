package io.amcinsights.lake;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * 10,000 deliveries, told of in disorder and up to three times, in processes that are killed 200
 * times at random. The limit is that every row is there once and nothing else is.
 *
 * <p>{@code mvn -q -pl backend/functions -am -Pbench package -DskipTests}
 */
final class ManyDeliveriesBenchmark {

    private ManyDeliveriesBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("many-deliveries");
        try (ManyDeliveries many = new ManyDeliveries(10_000, 200, 1, folder)) {
            long start = System.nanoTime();
            ManyDeliveries.Result result = many.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "10,000 deliveries in %,d executions, %d kills, %,d calls: %s, %,d rows, in"
                            + " %.0f s; %d wrong (limit 0)%n",
                    result.executions(),
                    result.kills(),
                    result.calls(),
                    result.statuses(),
                    result.rows(),
                    seconds,
                    result.wrong().size());
            result.wrong().stream().limit(20).forEach(System.out::println);
        } finally {
            Files.deleteIfExists(folder.resolve("live.parquet"));
            Files.delete(folder);
        }
    }
}
