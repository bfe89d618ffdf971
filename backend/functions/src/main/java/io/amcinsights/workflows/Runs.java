package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.store.Timeline;
import io.amcinsights.tenants.Belongings;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs, as people and schedules ask for them. */
public final class Runs implements Belongings {

    /** What travels through the queue. */
    record Message(String runId) {}

    private static final Logger log = LoggerFactory.getLogger(Runs.class);
    private static final int PAGE = 200;

    private final RunStore store;
    private final WorkflowStore workflows;
    private final TenantStore tenants;
    private final Leases leases;
    private final MessageQueue queue;
    private final AmcClient amc;
    private final SfnClient machines;
    private final Clock clock;

    public Runs(
            RunStore store,
            WorkflowStore workflows,
            TenantStore tenants,
            Leases leases,
            MessageQueue queue,
            AmcClient amc,
            SfnClient machines,
            Clock clock) {
        this.store = store;
        this.workflows = workflows;
        this.tenants = tenants;
        this.leases = leases;
        this.queue = queue;
        this.amc = amc;
        this.machines = machines;
        this.clock = clock;
    }

    Run get(String runId) {
        return store.get(runId);
    }

    WorkflowRequest.Runs newest(@Nullable String tenantId, int limit, @Nullable String token) {
        List<String> tenantIds =
                tenantId == null
                        ? tenants.all().stream().map(Tenant::tenantId).toList()
                        : List.of(tenantId);
        Timeline.Page<Run> page = store.newest(tenantIds, limit, token);
        return new WorkflowRequest.Runs(page.records(), page.nextToken());
    }

    /** The run that an execution at AMC belongs to. */
    Run ofAmc(String tenantId, String executionId) {
        return store.owner(tenantId, executionId)
                .flatMap(store::find)
                .orElseThrow(
                        () ->
                                Failure.of(
                                                ErrorCode.NOT_FOUND,
                                                "No run of this tenant is the execution “%s” of AMC."
                                                        .formatted(executionId))
                                        .exception());
    }

    WorkflowRequest.Capacity capacity(String tenantId) {
        tenants.get(tenantId);
        int taken = leases.taken(tenantId);
        long waiting =
                store.newest(List.of(tenantId), PAGE, null).records().stream()
                        .filter(r -> r.status() == Run.Status.QUEUED && r.execution() == null)
                        .count();
        return new WorkflowRequest.Capacity(taken, Leases.PLACES, Math.toIntExact(waiting));
    }

    /**
     * A run that is wished for.
     *
     * @param scheduleId the schedule that asks; null when a person does
     * @param batchId the batch that it is part of; null for a run by itself
     * @param now what date tokens are relative to
     */
    record Wish(
            String tenantId,
            String workflowId,
            TimeWindow window,
            Map<String, JsonNode> parameters,
            String requestKey,
            @Nullable String scheduleId,
            @Nullable String batchId,
            Instant now) {}

    /** Records the wish for a run of a saved workflow and puts it into the queue. */
    Run request(Wish wish) {
        return request(
                wish,
                () -> {
                    Workflow workflow = workflows.get(wish.tenantId(), wish.workflowId());
                    return new Subject(workflow.parameters(), workflow.version(), null);
                });
    }

    /** The same for a query that is not saved. */
    Run request(RunQuery asked) {
        Run.AdHoc query = asked.query();
        return request(
                new Wish(
                        asked.tenantId(),
                        "",
                        asked.window(),
                        asked.parameters(),
                        asked.requestKey(),
                        null,
                        null,
                        clock.instant()),
                () -> {
                    Workflows.checkQuery(query.sql(), query.parameters(), clock.instant());
                    return new Subject(query.parameters(), 0, query);
                });
    }

    /** What is to run. */
    private record Subject(List<Parameter> parameters, long version, Run.@Nullable AdHoc adHoc) {}

    private Run request(Wish wish, Supplier<Subject> what) {
        String tenantId = wish.tenantId();
        String requestKey = wish.requestKey();
        if (requestKey.isBlank()) {
            throw Failure.invalid("requestKey", "The request needs a key of its own.").exception();
        }
        Run run = store.answered(tenantId, requestKey).flatMap(store::find).orElse(null);
        if (run == null) {
            tenants.active(tenantId);
            Subject subject = what.get();
            TimeWindow plain = Windows.resolve(wish.window(), wish.now());
            Map<String, JsonNode> values =
                    ParameterValues.resolve(
                            subject.parameters(),
                            wish.parameters(),
                            Windows.local(wish.window(), wish.now()));
            run = record(wish, subject, plain, values);
        }
        if (run.status() == Run.Status.QUEUED && run.execution() == null) {
            enqueue(run, requestKey);
        }
        return run;
    }

    private Run record(
            Wish wish, Subject subject, TimeWindow window, Map<String, JsonNode> values) {
        Instant now = clock.instant();
        String tenantId = wish.tenantId();
        String runId =
                store.answer(tenantId, wish.requestKey(), Timeline.newId(now, tenantId), now);
        try {
            return store.create(
                    new Run(
                            runId,
                            tenantId,
                            wish.workflowId(),
                            subject.version(),
                            wish.scheduleId(),
                            window,
                            values,
                            wish.batchId(),
                            subject.adHoc(),
                            false,
                            Run.Status.QUEUED,
                            null,
                            null,
                            null,
                            null,
                            null,
                            now,
                            null,
                            null,
                            0));
        } catch (ConflictException e) {
            return store.get(runId); // the same request came twice at the same moment
        }
    }

    /** Puts a run at the end of its lane; one that is there already runs once all the same. */
    void enqueue(Run run) {
        queue.send(
                Lane.of(run).group(run.tenantId()),
                run.runId(),
                Json.write(new Message(run.runId())));
    }

    private void enqueue(Run run, String requestKey) {
        try {
            enqueue(run);
        } catch (RuntimeException e) {
            Failure problem =
                    Failure.of(ErrorCode.INTERNAL, "The run could not be put into the queue.")
                            .next("Run the workflow again.");
            store.change(
                    run.runId(),
                    r -> RunChanges.ended(r, Run.Status.FAILED, problem, clock.instant()));
            store.forget(run.tenantId(), requestKey);
            throw e;
        }
    }

    /**
     * Cancels a run: one that waits is taken out, one at AMC is cancelled there. A run that is just
     * being asked for is cancelled by the step that asks, as soon as AMC has answered.
     */
    Run cancel(String runId) {
        Run run = store.get(runId);
        if (run.status() == Run.Status.CANCELLED) {
            return run;
        }
        if (run.status().ended()) {
            throw endedAlready();
        }
        if (run.amcExecutionId() != null
                && !amc.executions()
                        .cancel(AmcAddress.of(tenants.get(run.tenantId())), run.amcExecutionId())) {
            throw endedAlready();
        }
        Run cancelled =
                store.change(
                        runId,
                        r -> RunChanges.ended(r, Run.Status.CANCELLED, null, clock.instant()));
        if (cancelled.status() != Run.Status.CANCELLED) {
            throw endedAlready();
        }
        if (run.amcExecutionId() == null && cancelled.amcExecutionId() != null) {
            amc.executions()
                    .cancel(AmcAddress.of(tenants.get(run.tenantId())), cancelled.amcExecutionId());
        }
        if (cancelled.amcExecutionId() != null && cancelled.execution() != null) {
            stop(cancelled, cancelled.execution());
        }
        return cancelled;
    }

    /** The state machine would notice by itself, but only after its next wait. */
    private void stop(Run run, String execution) {
        leases.release(run.tenantId(), run.runId());
        try {
            machines.stopExecution(
                    r ->
                            r.executionArn(execution)
                                    .error("Cancelled")
                                    .cause("A person cancelled the run."));
        } catch (SdkException e) {
            log.warn("The execution {} goes on until it looks again", execution, e);
        }
    }

    /** Those under way; the others are history. */
    @Override
    public List<Belonging> of(Tenant tenant) {
        List<Belonging> underWay = new ArrayList<>();
        String token = null;
        do {
            Timeline.Page<Run> page = store.newest(List.of(tenant.tenantId()), PAGE, token);
            page.records().stream()
                    .filter(r -> !r.status().ended() && !r.elsewhere())
                    .map(
                            r ->
                                    new Belonging(
                                            Belonging.Kind.RUN_UNDER_WAY,
                                            r.runId(),
                                            r.workflowId(),
                                            0,
                                            0))
                    .forEach(underWay::add);
            token = page.nextToken();
        } while (token != null);
        return underWay;
    }

    /** What AMC works on would be delivered to nobody: so nothing is removed under it. */
    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        List<Belonging> cancelled = how.cancelRuns() ? cancel(of(tenant)) : List.of();
        int underWay = of(tenant).size();
        if (underWay > 0) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "%d runs of “%s” are under way.".formatted(underWay, tenant.name()))
                    .next(
                            "The tenant is paused, so no new ones begin. Wait for these or let"
                                    + " them be cancelled, and offboard the tenant again.")
                    .exception();
        }
        return cancelled;
    }

    private List<Belonging> cancel(List<Belonging> underWay) {
        for (Belonging run : underWay) {
            try {
                cancel(run.id());
            } catch (FailureException e) {
                if (!store.get(run.id()).status().ended()) {
                    throw e;
                }
            }
        }
        return underWay;
    }

    private static RuntimeException endedAlready() {
        return Failure.of(ErrorCode.CONFLICT, "The run has ended already.").exception();
    }
}
