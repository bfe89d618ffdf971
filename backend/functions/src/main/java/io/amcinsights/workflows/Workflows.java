package io.amcinsights.workflows;

import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.CopyWorkflow;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.tenants.Belongings;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Workflows, as people ask for them. AMC has each of them too, and always the same one. */
public final class Workflows implements Belongings {

    private final WorkflowStore store;
    private final TenantStore tenants;
    private final Schedules schedules;
    private final AmcClient amc;
    private final Clock clock;

    public Workflows(
            WorkflowStore store,
            TenantStore tenants,
            Schedules schedules,
            AmcClient amc,
            Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.schedules = schedules;
        this.amc = amc;
        this.clock = clock;
    }

    List<Workflow> list(@Nullable String tenantId) {
        return store.all(tenantId).stream()
                .sorted(Comparator.comparing(Workflow::title, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    Workflow get(String tenantId, String workflowId) {
        return store.get(tenantId, workflowId);
    }

    Workflow put(Workflow workflow) {
        return put(workflow, AmcWorkflow.Privacy.NONE);
    }

    /**
     * @param privacy columns that AMC is to add; those that it adds already stay where this names
     *     none
     */
    Workflow put(Workflow workflow, AmcWorkflow.Privacy privacy) {
        check(workflow, clock.instant());
        AmcAddress address = AmcAddress.of(tenants.active(workflow.tenantId()));
        Workflow before = store.find(workflow.tenantId(), workflow.workflowId()).orElse(null);
        if (workflow.version() == 0 && before != null) {
            throw taken(
                    "There is a workflow “%s” of this tenant already."
                            .formatted(workflow.workflowId()));
        }
        if (workflow.version() != (before == null ? 0 : before.version())) {
            throw changed(before);
        }
        saveAtAmc(address, workflow, privacy, before == null);
        if (before != null) {
            store.keep(before);
        }
        try {
            return store.put(now(workflow), workflow.version());
        } catch (ConflictException e) {
            Workflow theirs = store.find(workflow.tenantId(), workflow.workflowId()).orElse(null);
            if (theirs != null) {
                saveAtAmc(address, theirs, AmcWorkflow.Privacy.NONE, false);
            }
            throw changed(theirs);
        }
    }

    List<Workflow> versions(String tenantId, String workflowId) {
        return store.versions(tenantId, workflowId);
    }

    /** One tenant that cannot have it does not keep it from the others. */
    WorkflowRequest.Copies copy(CopyWorkflow request) {
        Workflow workflow = store.get(request.tenantId(), request.workflowId());
        List<WorkflowRequest.Copy> copies = new ArrayList<>();
        for (String tenantId : request.tenantIds()) {
            copies.add(copy(workflow, tenantId, request.replace()));
        }
        return new WorkflowRequest.Copies(copies);
    }

    private WorkflowRequest.Copy copy(Workflow workflow, String tenantId, boolean replace) {
        long seen =
                replace
                        ? store.find(tenantId, workflow.workflowId())
                                .map(Workflow::version)
                                .orElse(0L)
                        : 0;
        try {
            put(
                    new Workflow(
                            tenantId,
                            workflow.workflowId(),
                            workflow.title(),
                            workflow.description(),
                            workflow.sql(),
                            workflow.parameters(),
                            workflow.templateId(),
                            clock.instant(),
                            seen));
            return new WorkflowRequest.Copy(tenantId, null);
        } catch (FailureException e) {
            return new WorkflowRequest.Copy(tenantId, e.failure());
        }
    }

    private void saveAtAmc(
            AmcAddress address, Workflow workflow, AmcWorkflow.Privacy privacy, boolean isNew) {
        AmcWorkflow definition =
                new AmcWorkflow(
                        workflow.workflowId(), workflow.sql(), workflow.parameters(), privacy);
        try {
            if (amc.workflows().create(address, definition)) {
                return;
            }
            Optional<AmcWorkflow> atAmc = amc.workflows().find(address, workflow.workflowId());
            if (isNew && !isOurs(atAmc, workflow)) {
                throw taken(
                        "AMC has a workflow “%s” already that was not made here."
                                .formatted(workflow.workflowId()));
            }
            amc.workflows().update(address, keepingPrivacy(definition, atAmc));
        } catch (FailureException e) {
            boolean compiler =
                    e.failure().code() == ErrorCode.AMC_REFUSED
                            && "400".equals(e.failure().details().get("status"));
            throw compiler ? new FailureException(e.failure().with("field", "sql"), e) : e;
        }
    }

    /** Columns that AMC was told to add elsewhere stay. */
    private static AmcWorkflow keepingPrivacy(AmcWorkflow ours, Optional<AmcWorkflow> atAmc) {
        return ours.privacy().equals(AmcWorkflow.Privacy.NONE)
                ? new AmcWorkflow(
                        ours.workflowId(),
                        ours.sql(),
                        ours.parameters(),
                        atAmc.map(AmcWorkflow::privacy).orElse(ours.privacy()))
                : ours;
    }

    WorkflowRequest.Differences compare(String tenantId) {
        Map<String, AmcWorkflow> theirs = new TreeMap<>();
        amc.workflows().list(AmcAddress.of(tenants.get(tenantId))).stream()
                .filter(w -> !w.sql().isBlank())
                .forEach(w -> theirs.put(w.workflowId(), w));
        Map<String, Workflow> ours = new TreeMap<>();
        store.all(tenantId).forEach(w -> ours.put(w.workflowId(), w));
        Set<String> all = new TreeSet<>(theirs.keySet());
        all.addAll(ours.keySet());
        return new WorkflowRequest.Differences(
                all.stream()
                        .map(id -> new Pair(ours.get(id), theirs.get(id)))
                        .filter(pair -> !pair.isSame())
                        .map(pair -> difference(tenantId, pair))
                        .toList());
    }

    private record Pair(@Nullable Workflow ours, @Nullable AmcWorkflow theirs) {

        boolean isSame() {
            return ours != null
                    && theirs != null
                    && isOurs(Optional.of(theirs), ours)
                    && parameters(ours.parameters()).equals(parameters(theirs.parameters()));
        }

        /** What of them AMC acts on. */
        private static Set<List<Object>> parameters(List<Parameter> declared) {
            return declared.stream()
                    .map(
                            p ->
                                    List.<Object>of(
                                            p.name(),
                                            p.type(),
                                            p.array(),
                                            String.valueOf(p.defaultValue())))
                    .collect(Collectors.toSet());
        }
    }

    private WorkflowRequest.Difference difference(String tenantId, Pair pair) {
        Workflow ours = pair.ours();
        AmcWorkflow theirs = pair.theirs();
        String workflowId =
                ours != null ? ours.workflowId() : Objects.requireNonNull(theirs).workflowId();
        return new WorkflowRequest.Difference(
                workflowId, ours, theirs == null ? null : taken(tenantId, theirs, ours));
    }

    /** AMC's workflow as ours; AMC knows neither its title nor what it is for. */
    private Workflow taken(String tenantId, AmcWorkflow theirs, @Nullable Workflow ours) {
        return new Workflow(
                tenantId,
                theirs.workflowId(),
                ours == null ? theirs.workflowId() : ours.title(),
                ours == null ? "" : ours.description(),
                theirs.sql(),
                theirs.parameters(),
                null,
                clock.instant(),
                ours == null ? 0 : ours.version());
    }

    Workflow settle(SettleWorkflow how) {
        Tenant tenant = tenants.active(how.tenantId());
        return switch (how.keep()) {
            case OURS -> {
                Workflow kept = store.get(how.tenantId(), how.workflowId());
                saveAtAmc(AmcAddress.of(tenant), kept, AmcWorkflow.Privacy.NONE, false);
                yield kept;
            }
            case AMCS -> take(tenant, how.workflowId());
        };
    }

    private Workflow take(Tenant tenant, String workflowId) {
        AmcWorkflow theirs =
                amc.workflows()
                        .find(AmcAddress.of(tenant), workflowId)
                        .orElseThrow(
                                () ->
                                        Failure.of(
                                                        ErrorCode.NOT_FOUND,
                                                        "AMC has no workflow “%s” any more."
                                                                .formatted(workflowId))
                                                .exception());
        Workflow ours = store.find(tenant.tenantId(), workflowId).orElse(null);
        Workflow taken = taken(tenant.tenantId(), theirs, ours);
        check(taken, clock.instant());
        if (ours != null) {
            store.keep(ours);
        }
        try {
            return store.put(taken, taken.version());
        } catch (ConflictException e) {
            throw changed(store.find(tenant.tenantId(), workflowId).orElse(null));
        }
    }

    /** The same SQL: an earlier save got through to AMC and its answer was lost. */
    private static boolean isOurs(Optional<AmcWorkflow> atAmc, Workflow workflow) {
        return atAmc.isPresent()
                && plain(atAmc.get().sql())
                        .equals(plain(workflow.sql().replaceFirst(";\\s*$", "")));
    }

    private static String plain(String sql) {
        return sql.replaceAll("\\s+", " ").strip();
    }

    void delete(String tenantId, String workflowId) {
        Workflow workflow = store.get(tenantId, workflowId);
        schedules
                .using(tenantId, workflowId)
                .ifPresent(
                        schedule -> {
                            throw Failure.of(
                                            ErrorCode.CONFLICT,
                                            "The schedule “%s” runs this workflow."
                                                    .formatted(schedule.name()))
                                    .next("Delete the schedule first.")
                                    .exception();
                        });
        amc.workflows().delete(AmcAddress.of(tenants.get(tenantId)), workflowId);
        try {
            store.delete(workflow);
        } catch (ConflictException e) {
            throw changed(store.find(tenantId, workflowId).orElse(null));
        }
    }

    @Override
    public List<Belonging> of(Tenant tenant) {
        return list(tenant.tenantId()).stream()
                .map(w -> new Belonging(Belonging.Kind.WORKFLOW, w.workflowId(), w.title(), 0, 0))
                .toList();
    }

    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        List<Belonging> removed = of(tenant);
        for (Workflow workflow : store.all(tenant.tenantId())) {
            if (how.deleteAtAmc()) {
                amc.workflows().delete(AmcAddress.of(tenant), workflow.workflowId());
            }
            try {
                store.delete(workflow);
            } catch (ConflictException e) {
                throw changed(store.find(tenant.tenantId(), workflow.workflowId()).orElse(null));
            }
        }
        return removed;
    }

    private static void check(Workflow workflow, Instant now) {
        Failure.refuse(workflow.problems());
        ParameterValues.check(workflow.parameters(), now.atZone(ZoneOffset.UTC));
    }

    /** Refuses a query that could not be saved either. */
    static void checkQuery(String sql, List<Parameter> parameters, Instant now) {
        check(new Workflow("", "adhoc", "Ad hoc", "", sql, parameters, null, now, 0), now);
    }

    private Workflow now(Workflow w) {
        return new Workflow(
                w.tenantId(),
                w.workflowId(),
                w.title().strip(),
                w.description().strip(),
                w.sql(),
                w.parameters(),
                w.templateId(),
                clock.instant(),
                w.version());
    }

    private static FailureException taken(String message) {
        return Failure.of(ErrorCode.ALREADY_EXISTS, message)
                .with("field", "workflowId")
                .next("Choose another workflow id.")
                .exception();
    }

    private static FailureException changed(@Nullable Workflow theirs) {
        return Failure.of(
                        ErrorCode.CONFLICT,
                        theirs == null
                                ? "Somebody else has deleted this workflow."
                                : "Somebody else has changed this workflow since you opened it.")
                .next("Open it again and make your change once more.")
                .exception();
    }
}
