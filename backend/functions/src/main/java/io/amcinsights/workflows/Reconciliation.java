package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.WorkflowRequest.Reconciled;
import io.amcinsights.tenants.TenantStore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks from time to time whether every run is on its way, and every schedule fires. */
public final class Reconciliation {

    private static final int PAGE = 200;

    /** Messages that still travel are not lost. */
    private static final Duration LOST = Duration.ofMinutes(15);

    private final RunStore store;
    private final Runs runs;
    private final TenantStore tenants;
    private final Leases leases;
    private final Schedules schedules;
    private final RunNotices notices;
    private final RunsElsewhere elsewhere;
    private final Clock clock;

    public Reconciliation(
            RunStore store,
            Runs runs,
            TenantStore tenants,
            Leases leases,
            Schedules schedules,
            RunNotices notices,
            RunsElsewhere elsewhere,
            Clock clock) {
        this.store = store;
        this.runs = runs;
        this.tenants = tenants;
        this.leases = leases;
        this.schedules = schedules;
        this.notices = notices;
        this.elsewhere = elsewhere;
        this.clock = clock;
    }

    Reconciled reconcile() {
        List<Tenant> all = tenants.all();
        List<Reconciled> each = all.parallelStream().map(this::reconcile).toList();
        return new Reconciled(
                each.stream().flatMap(r -> r.queued().stream()).toList(),
                each.stream().flatMap(r -> r.ended().stream()).toList(),
                each.stream().flatMap(r -> r.missed().stream()).toList(),
                elsewhere.look(all));
    }

    private Reconciled reconcile(Tenant tenant) {
        Instant now = clock.instant();
        List<Run> open =
                store.newest(List.of(tenant.tenantId()), PAGE, null).records().stream()
                        .filter(r -> !r.status().ended() && !r.elsewhere())
                        .toList();
        List<String> ended = new ArrayList<>();
        for (Run run : open) {
            Instant since = run.startedAt() == null ? run.requestedAt() : run.startedAt();
            if (run.execution() != null && since.plus(Leases.FORGOTTEN).isBefore(now)) {
                giveUp(run);
                ended.add(run.runId());
            }
        }
        List<String> queued = new ArrayList<>();
        // while an instance works, its queue moves, and those that wait are only in line
        if (leases.taken(tenant.tenantId()) == 0) {
            for (Run run : open.reversed()) {
                if (run.execution() == null && run.requestedAt().plus(LOST).isBefore(now)) {
                    runs.enqueue(run);
                    queued.add(run.runId());
                }
            }
        }
        notices.tellDigests(tenant);
        return new Reconciled(queued, ended, schedules.tellOfMissed(tenant), List.of());
    }

    private void giveUp(Run run) {
        Failure problem =
                Failure.of(
                                ErrorCode.INTERNAL,
                                "What took care of this run has ended without saying how.")
                        .next("Look at AMC whether it has run, then run it again.");
        Run ended =
                store.change(
                        run.runId(),
                        r -> RunChanges.ended(r, Run.Status.FAILED, problem, clock.instant()));
        leases.release(run.tenantId(), run.runId());
        notices.tell(ended);
    }
}
