package io.amcinsights.lake;

import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Tenant;
import io.amcinsights.workflows.RunStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Finds the execution at AMC that made a file: its run, its window, and the types of its columns.
 */
public final class Origin {

    private static final Logger log = LoggerFactory.getLogger(Origin.class);

    /** AMC's list counts whole seconds, file names count milliseconds. */
    private static final Duration SAME = Duration.ofMillis(1500);

    private static final Duration BEFORE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final AmcClient amc;
    private final RunStore runs;
    private final Clock clock;

    public Origin(AmcClient amc, RunStore runs, Clock clock) {
        this.amc = amc;
        this.runs = runs;
        this.clock = clock;
    }

    /** Empty where AMC does not tell. */
    Optional<AmcExecution> find(Tenant tenant, Delivery delivery, ResultFile file) {
        Instant since = since(file);
        if (since == null) {
            return Optional.empty();
        }
        try {
            AmcAddress address = AmcAddress.of(tenant);
            List<AmcExecution> executions =
                    amc.executions().list(address, file.workflowId(), since);
            return choose(executions, delivery, file.createdAt())
                    .map(e -> amc.executions().get(address, e.executionId()).with(e.sql()))
                    .map(e -> complete(e, delivery));
        } catch (FailureException e) {
            if (e.failure().code() == ErrorCode.AMC_UNAVAILABLE) {
                throw e;
            }
            log.warn("AMC does not tell what made {}: {}", delivery.key(), e.failure());
            return Optional.empty();
        }
    }

    /** The run of ours that an execution belongs to. */
    Optional<String> runOf(Tenant tenant, AmcExecution execution) {
        return runs.owner(tenant.tenantId(), execution.executionId());
    }

    /** When the execution of a file was made at the earliest; null where its name has no time. */
    private static @Nullable Instant since(ResultFile file) {
        if (file.createdAt() != null) {
            return file.createdAt().minus(BEFORE);
        }
        // AMC's own schedules name their files by the day, and make them on it or later.
        return file.date() == null ? null : file.date().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private Optional<AmcExecution> choose(
            List<AmcExecution> executions, Delivery delivery, @Nullable Instant createdAt) {
        String uri = "s3://%s/%s".formatted(delivery.bucket(), delivery.key());
        Optional<AmcExecution> named =
                executions.stream().filter(e -> uri.equals(e.outputUri())).findFirst();
        if (named.isPresent()) {
            return named;
        }
        if (createdAt == null) {
            if (executions.stream().anyMatch(e -> !e.phase().ended())) {
                waitAWhile(delivery, "AMC has not said yet which execution the file is of.");
            }
            return Optional.empty();
        }
        List<AmcExecution> near =
                executions.stream()
                        .filter(e -> e.createdAt() != null)
                        .filter(
                                e ->
                                        Duration.between(e.createdAt(), createdAt)
                                                        .abs()
                                                        .compareTo(SAME)
                                                < 0)
                        .toList();
        return near.size() == 1 ? Optional.of(near.getFirst()) : Optional.empty();
    }

    /** AMC may put the file down before it says so: then a moment later it tells everything. */
    private AmcExecution complete(AmcExecution execution, Delivery delivery) {
        if (execution.columns().isEmpty() && !execution.phase().ended()) {
            waitAWhile(delivery, "AMC has not said yet what the columns of the file are.");
        }
        return execution;
    }

    private void waitAWhile(Delivery delivery, String why) {
        if (clock.instant().isBefore(delivery.seenAt().plus(PATIENCE))) {
            throw Failure.of(ErrorCode.AMC_UNAVAILABLE, why).exception();
        }
    }
}
