package io.amcinsights.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Delivery.Status;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The benchmark of the same name does it with 10,000 deliveries and 200 kills. */
class ManyDeliveriesTest {

    @TempDir private Path folder;

    @Test
    void everyRowIsLoadedOnceHoweverOftenTheProcessIsKilled() throws Exception {
        try (ManyDeliveries many = new ManyDeliveries(200, 25, 2, folder)) {
            ManyDeliveries.Result result = many.run();
            assertThat(result.wrong()).isEmpty();
            assertThat(result.kills()).isEqualTo(25);
            assertThat(result.statuses())
                    .containsEntry(Status.EMPTY, 5)
                    .containsEntry(Status.FAILED, 3)
                    .containsEntry(Status.LOADED, 192);
        }
    }
}
