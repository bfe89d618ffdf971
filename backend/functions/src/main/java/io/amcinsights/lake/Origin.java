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

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    /** Empty where AMC's own schedules or console made the file, or AMC does not tell. */
    Optional<AmcExecution> find(Tenant tenant, Delivery delivery, ResultFile file) {
        Instant createdAt = file.createdAt();
        if (createdAt == null) {
            return Optional.empty();
        }
        try {
            AmcAddress address = AmcAddress.of(tenant);
            List<AmcExecution> executions =
                    amc.executions().list(address, file.workflowId(), createdAt.minus(BEFORE));
            return choose(executions, delivery, createdAt)
                    .map(e -> amc.executions().get(address, e.executionId()))
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

    private static Optional<AmcExecution> choose(
            List<AmcExecution> executions, Delivery delivery, Instant createdAt) {
        String uri = "s3://%s/%s".formatted(delivery.bucket(), delivery.key());
        Optional<AmcExecution> named =
                executions.stream().filter(e -> uri.equals(e.outputUri())).findFirst();
        if (named.isPresent()) {
            return named;
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
        boolean early = execution.columns().isEmpty() && !execution.phase().ended();
        if (early && clock.instant().isBefore(delivery.seenAt().plus(PATIENCE))) {
            throw Failure.of(
                            ErrorCode.AMC_UNAVAILABLE,
                            "AMC has not said yet what the columns of the file are.")
                    .exception();
        }
        return execution;
    }
}
