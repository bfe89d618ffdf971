package io.amcinsights.workflows;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcExecutionRequest;
import io.amcinsights.amc.AmcExecutionRequest.Output;
import io.amcinsights.amc.AmcExecutionRequest.Query;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The steps of the state machine {@code workflow-run}. Each may be run again. */
public final class RunSteps {

    /**
     * @param waitSeconds before the next look
     */
    private record Progress(String runId, Run.Status status, boolean ended, long waitSeconds) {}

    /**
     * @param error what the state machine fails with
     */
    private record End(String runId, Run.Status status, @Nullable Fault error) {
        private record Fault(
                @JsonProperty("Error") String error, @JsonProperty("Cause") String cause) {}
    }

    private static final Logger log = LoggerFactory.getLogger(RunSteps.class);

    /** Seconds; so soon is an end seen of what takes a few minutes. */
    private static final long SHORT_WAIT = 30;

    /** Seconds; so late is an end seen at most. */
    private static final long LONGEST_WAIT = 300;

    /** Before the state machine's own time is up, so that the end is recorded. */
    private static final Duration PATIENCE = Duration.ofHours(40);

    private final RunStore runs;
    private final TenantStore tenants;
    private final Leases leases;
    private final AmcClient amc;
    private final RunNotices notices;
    private final Clock clock;

    public RunSteps(
            RunStore runs,
            TenantStore tenants,
            Leases leases,
            AmcClient amc,
            RunNotices notices,
            Clock clock) {
        this.runs = runs;
        this.tenants = tenants;
        this.leases = leases;
        this.amc = amc;
        this.notices = notices;
        this.clock = clock;
    }

    Object step(String step, JsonNode input) {
        Run run = runs.get(input.path("runId").asText());
        return switch (step) {
            case "create" -> progress(create(run));
            case "poll" -> progress(poll(run));
            case "finish" -> finish(run);
            case "record-failure" ->
                    finish(recordFailure(run, Invocation.failureOf(input.path("error"))));
            default ->
                    throw Failure.invalid("step", "There is no step “%s”.".formatted(step))
                            .exception();
        };
    }

    private Run create(Run run) {
        if (run.amcExecutionId() != null) {
            return run;
        }
        Tenant tenant = tenants.get(run.tenantId());
        if (run.startedAt() != null) {
            Optional<AmcExecution> made = find(tenant, run, run.startedAt());
            if (made.isPresent()) {
                return take(tenant, run, made.get());
            }
        }
        Run asked = runs.change(run.runId(), r -> RunChanges.asked(r, clock.instant()));
        return asked.status().ended()
                ? asked
                : take(
                        tenant,
                        run,
                        amc.executions().create(AmcAddress.of(tenant), request(tenant, run)));
    }

    private Optional<AmcExecution> find(Tenant tenant, Run run, Instant asked) {
        return amc.executions()
                .find(
                        AmcAddress.of(tenant),
                        request(tenant, run),
                        asked,
                        id ->
                                runs.owner(tenant.tenantId(), id)
                                        .map(run.runId()::equals)
                                        .orElse(true));
    }

    private static AmcExecutionRequest request(Tenant tenant, Run run) {
        Run.AdHoc adHoc = run.adHoc();
        if (adHoc == null) {
            return AmcExecutionRequest.saved(
                    run.workflowId(), run.window(), run.parameters(), tenant.sandbox());
        }
        return new AmcExecutionRequest(
                new Query.AdHoc(new AmcWorkflow("", adHoc.sql(), adHoc.parameters())),
                run.window(),
                run.parameters(),
                tenant.sandbox(),
                adHoc.dryRun() ? Output.NONE : Output.DOWNLOAD_ONLY);
    }

    private Run take(Tenant tenant, Run run, AmcExecution execution) {
        String owner =
                runs.own(tenant.tenantId(), execution.executionId(), run.runId(), clock.instant());
        if (!owner.equals(run.runId())) {
            // two runs alike, and the other found this execution first: look for the other's
            throw Failure.of(ErrorCode.AMC_UNAVAILABLE, "Another run has taken the execution.")
                    .exception();
        }
        Run taken = runs.change(run.runId(), r -> RunChanges.working(r, execution));
        if (taken.status() == Run.Status.CANCELLED) {
            amc.executions().cancel(AmcAddress.of(tenant), execution.executionId());
        }
        return taken;
    }

    private Run poll(Run run) {
        if (run.status().ended()) {
            return run;
        }
        Tenant tenant = tenants.get(run.tenantId());
        AmcExecution execution =
                amc.executions()
                        .get(AmcAddress.of(tenant), Objects.requireNonNull(run.amcExecutionId()));
        if (!execution.phase().ended() && age(run).compareTo(PATIENCE) > 0) {
            throw Failure.of(
                            ErrorCode.AMC_UNAVAILABLE,
                            "AMC has not finished the run in %d hours."
                                    .formatted(PATIENCE.toHours()))
                    .next("Read a shorter time window, or run it again.")
                    .exception();
        }
        return runs.change(run.runId(), r -> RunChanges.follows(r, execution, clock.instant()));
    }

    private Run ended(Run run, Run.Status status, @Nullable Failure problem) {
        return RunChanges.ended(run, status, problem, clock.instant());
    }

    private Run recordFailure(Run run, Failure problem) {
        if (!run.status().ended() && problem.code() == ErrorCode.AMC_UNAVAILABLE) {
            stopAtAmc(run);
        }
        return runs.change(run.runId(), r -> ended(r, Run.Status.FAILED, problem));
    }

    /** What nobody waits for any more does not go on, as far as AMC can be reached. */
    private void stopAtAmc(Run run) {
        try {
            Tenant tenant = tenants.get(run.tenantId());
            AmcAddress address = AmcAddress.of(tenant);
            Optional<String> executionId = Optional.ofNullable(run.amcExecutionId());
            if (executionId.isEmpty() && run.startedAt() != null) {
                executionId = find(tenant, run, run.startedAt()).map(AmcExecution::executionId);
            }
            executionId.ifPresent(id -> amc.executions().cancel(address, id));
        } catch (FailureException e) {
            log.warn("AMC may go on with the run {}: {}", run.runId(), e.failure());
        }
    }

    private End finish(Run run) {
        leases.release(run.tenantId(), run.runId());
        notices.tell(run);
        Failure problem = run.problem();
        return new End(
                run.runId(),
                run.status(),
                problem == null ? null : new End.Fault(problem.code().name(), problem.message()));
    }

    /**
     * Each look costs three transitions, and a late one keeps a place at AMC for nothing: the next
     * is after a sixth of the time that the run has taken. Runs of seconds, of a simulator, are
     * looked for at once.
     */
    private Progress progress(Run run) {
        boolean ended = run.status().ended();
        long age = age(run).toSeconds();
        long wait = Math.clamp(Math.max(age / 6, Math.min(age, SHORT_WAIT)), 1, LONGEST_WAIT);
        return new Progress(run.runId(), run.status(), ended, wait);
    }

    private Duration age(Run run) {
        Instant since = run.startedAt() == null ? run.requestedAt() : run.startedAt();
        return Duration.between(since, clock.instant());
    }
}
