package io.amcinsights.lake;

import io.amcinsights.Invocation;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.Json;
import io.amcinsights.store.Sha256;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Keeps the datasets in order: what is older than they are to be kept goes, folders that nobody
 * reads any more go, many small files become few, and what was interrupted is completed.
 */
public final class Upkeep {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration RESERVE = Duration.ofSeconds(15);

    private final DatasetStore datasets;
    private final PortionStore portions;
    private final Publication publication;
    private final SfnClient machines;
    private final String lakeCompaction;
    private final Clock clock;

    /**
     * @param lakeCompaction ARN of the state machine {@code lake-compaction}
     */
    public Upkeep(
            DatasetStore datasets,
            PortionStore portions,
            Publication publication,
            SfnClient machines,
            String lakeCompaction,
            Clock clock) {
        this.datasets = datasets;
        this.portions = portions;
        this.publication = publication;
        this.machines = machines;
        this.lakeCompaction = lakeCompaction;
        this.clock = clock;
    }

    /**
     * Goes through the datasets, in another order each time, as far as the time of the call goes.
     * One that makes trouble does not keep the others from their turn; its trouble is thrown at the
     * end.
     */
    void run() {
        List<DatasetState> all = new ArrayList<>(datasets.all());
        Collections.shuffle(all);
        RuntimeException trouble = null;
        for (DatasetState dataset : all) {
            if (Invocation.timeLeft().compareTo(RESERVE) < 0) {
                log.info("No time is left for the other datasets");
                break;
            }
            try {
                run(dataset);
            } catch (RuntimeException e) {
                log.warn("The dataset {} cannot be kept in order", dataset.name(), e);
                trouble = e;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    private void run(DatasetState dataset) {
        Integer keepMonths =
                datasets.settings(
                                dataset.filteredOf() == null
                                        ? dataset.name()
                                        : dataset.filteredOf())
                        .keepMonths();
        YearMonth now = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        for (Portion portion : portions.all(dataset.name())) {
            YearMonth month = YearMonth.parse(portion.month());
            if (keepMonths != null && DatasetSettings.isOver(month, keepMonths, now)) {
                publication.discard(dataset, portion);
            } else if (portion.tidyAt() != null && portion.tidyAt().isBefore(clock.instant())) {
                publication.tidy(dataset.name(), portion);
            } else if (portion.generation() == dataset.generation()
                    && Compaction.isWorthwhile(portion, month.isBefore(now))) {
                compact(dataset.name(), portion);
            }
        }
        publication.discardUnknown(dataset);
        publication.complete(dataset.name());
    }

    private void compact(String dataset, Portion portion) {
        try {
            machines.startExecution(
                    r ->
                            r.stateMachineArn(lakeCompaction)
                                    .name(
                                            Sha256.hex(portion.folder(dataset)).substring(0, 32)
                                                    + "-v%d".formatted(portion.version()))
                                    .input(
                                            Json.write(
                                                    Map.of(
                                                            "dataset",
                                                            dataset,
                                                            "tenantId",
                                                            portion.tenantId(),
                                                            "month",
                                                            portion.month()))));
        } catch (ExecutionAlreadyExistsException e) {
            // begun an hour ago, and nothing has changed since
        }
    }
}
