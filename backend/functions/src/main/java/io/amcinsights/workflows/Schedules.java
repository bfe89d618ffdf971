package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.FireSchedule;
import io.amcinsights.contract.Zones;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Timers;
import io.amcinsights.store.Records;
import io.amcinsights.tenants.Belongings;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Schedules. The document is what counts; the timer only calls. */
public final class Schedules implements Belongings {

    /**
     * When a schedule fired last; apart, so that firing disturbs nobody who edits.
     *
     * @param runIds of the last firings, the newest first
     */
    private record Fired(String scheduleId, List<String> runIds, Instant at, long version) {}

    /** After so many failures in a row a schedule is paused. */
    private static final int PATIENCE = 3;

    /** Timers may be late, but not by so much. */
    private static final Duration LATE = Duration.ofHours(1);

    private static final String SCHEDULES = "schedule";
    private static final String FIRED = "schedule-fired";
    private static final int LONGEST_NAME = 120;

    private final Records<Schedule> schedules;
    private final Records<Fired> fired;
    private final Documents documents;
    private final WorkflowStore workflows;
    private final TenantStore tenants;
    private final Runs runs;
    private final Timers timers;
    private final NoticeBoard notices;
    private final Clock clock;

    public Schedules(
            Documents documents,
            WorkflowStore workflows,
            TenantStore tenants,
            Runs runs,
            Timers timers,
            NoticeBoard notices,
            Clock clock) {
        this.schedules = new Records<>(documents, Schedule.class);
        this.fired = new Records<>(documents, Fired.class);
        this.documents = documents;
        this.workflows = workflows;
        this.tenants = tenants;
        this.runs = runs;
        this.timers = timers;
        this.notices = notices;
        this.clock = clock;
    }

    List<Schedule> list(@Nullable String tenantId) {
        List<String> of =
                tenantId == null
                        ? tenants.all().stream().map(Tenant::tenantId).toList()
                        : List.of(tenantId);
        return of.parallelStream()
                .flatMap(this::ofTenant)
                .sorted(Comparator.comparing(Schedule::name, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    private Stream<Schedule> ofTenant(String tenantId) {
        Map<String, Fired> last =
                fired.all(fired(tenantId), "").stream()
                        .collect(Collectors.toMap(Fired::scheduleId, Function.identity()));
        return schedules.all(scheduled(tenantId), "").stream()
                .map(s -> withLastFiring(s, last.get(s.scheduleId())));
    }

    /** A schedule that runs a workflow. */
    Optional<Schedule> using(String tenantId, String workflowId) {
        return schedules.all(scheduled(tenantId), "").stream()
                .filter(s -> s.workflowId().equals(workflowId))
                .findFirst();
    }

    private static String scheduled(String tenantId) {
        return SCHEDULES + "/" + tenantId;
    }

    private static String fired(String tenantId) {
        return FIRED + "/" + tenantId;
    }

    private static String timer(String tenantId, String scheduleId) {
        return tenantId + "-" + scheduleId;
    }

    Schedule put(Schedule schedule) {
        check(schedule);
        Schedule before =
                schedule.scheduleId().isEmpty()
                        ? null
                        : schedules
                                .find(scheduled(schedule.tenantId()), schedule.scheduleId())
                                .orElse(null);
        if (before == null && schedule.version() > 0) {
            throw absent().exception();
        }
        if (before != null && schedule.version() == 0 && isSame(before, schedule)) {
            setTimer(before); // an earlier attempt may have been interrupted before its timer
            return withLastFiring(before);
        }
        if (before != null && before.version() != schedule.version()) {
            throw changed();
        }
        Schedule saved = save(kept(schedule), before == null ? 0 : before.version());
        try {
            setTimer(saved);
        } catch (RuntimeException e) {
            restore(before, saved);
            throw e;
        }
        return withLastFiring(saved);
    }

    /** In what people enter. */
    private boolean isSame(Schedule before, Schedule asked) {
        Schedule kept = kept(asked);
        return kept.tenantId().equals(before.tenantId())
                && kept.workflowId().equals(before.workflowId())
                && kept.name().equals(before.name())
                && kept.expression().equals(before.expression())
                && kept.zone().equals(before.zone())
                && Objects.equals(kept.startAt(), before.startAt())
                && Objects.equals(kept.endAt(), before.endAt())
                && kept.window().equals(before.window())
                && kept.parameters().equals(before.parameters())
                && kept.enabled() == before.enabled();
    }

    private void setTimer(Schedule schedule) {
        String payload =
                Json.mapper()
                        .createObjectNode()
                        .put("operation", "FireSchedule")
                        .put("tenantId", schedule.tenantId())
                        .put("scheduleId", schedule.scheduleId())
                        .put("scheduledTime", "<aws.scheduler.scheduled-time>")
                        .toString();
        timers.set(
                timer(schedule.tenantId(), schedule.scheduleId()),
                schedule.expression(),
                schedule.zone(),
                schedule.enabled(),
                payload);
    }

    /** Without its timer a schedule must not look as if it were kept. */
    private void restore(@Nullable Schedule before, Schedule saved) {
        try {
            if (before == null) {
                documents.delete(scheduled(saved.tenantId()), saved.scheduleId(), saved.version());
            } else {
                schedules.put(
                        scheduled(saved.tenantId()), saved.scheduleId(), before, saved.version());
            }
        } catch (ConflictException e) {
            // somebody has saved it anew already
        }
    }

    void delete(String tenantId, String scheduleId) {
        Schedule schedule = schedules.find(scheduled(tenantId), scheduleId).orElse(null);
        timers.remove(timer(tenantId, scheduleId));
        if (schedule != null) {
            try {
                documents.delete(scheduled(tenantId), scheduleId, schedule.version());
            } catch (ConflictException e) {
                throw changed();
            }
        }
    }

    /** Runs what a schedule says, once for each time that was due. */
    WorkflowRequest.Fired fire(FireSchedule due) {
        Schedule schedule =
                schedules
                        .find(scheduled(due.tenantId()), due.scheduleId())
                        .filter(Schedule::enabled)
                        .filter(s -> s.includes(due.scheduledTime()))
                        .orElse(null);
        if (schedule == null) {
            return new WorkflowRequest.Fired(null);
        }
        Optional<Run> failed = failedAgainAndAgain(schedule);
        if (failed.isPresent()) {
            pause(schedule, failed.get());
            return new WorkflowRequest.Fired(null);
        }
        String occasion = due.scheduleId() + "/" + due.scheduledTime();
        Run run;
        try {
            run =
                    runs.request(
                            new Runs.Wish(
                                    schedule.tenantId(),
                                    schedule.workflowId(),
                                    schedule.window(),
                                    schedule.parameters(),
                                    "schedule:%s:%s"
                                            .formatted(due.scheduleId(), due.scheduledTime()),
                                    due.scheduleId(),
                                    null,
                                    due.scheduledTime()));
        } catch (FailureException e) {
            if (tenants.isPaused(schedule.tenantId())) {
                throw e; // as it was asked for: nobody need be told
            }
            notices.bad(
                    new NoticeBoard.About(
                            Notice.Kind.SCHEDULE, due.scheduleId(), occasion, schedule.tenantId()),
                    "The schedule %s could not run".formatted(schedule.name()),
                    e.failure());
            throw e;
        }
        remember(schedule, run, due.scheduledTime());
        return new WorkflowRequest.Fired(run);
    }

    /**
     * Tells of a tenant's schedules that should have fired and have not; of each once, until it
     * fires again.
     */
    List<String> tellOfMissed(Tenant tenant) {
        if (tenant.status() != Tenant.Status.ACTIVE) {
            return List.of();
        }
        return ofTenant(tenant.tenantId())
                .filter(Schedule::enabled)
                .filter(s -> missed(s, tenant).map(due -> tellOfMissed(s, due)).isPresent())
                .map(Schedule::scheduleId)
                .toList();
    }

    /** The first time that it should have fired, and long ago; not while its tenant was paused. */
    private Optional<Instant> missed(Schedule schedule, Tenant tenant) {
        Instant since = later(schedule.updatedAt(), tenant.updatedAt());
        since = later(since, schedule.lastFiredAt());
        Instant start = schedule.startAt();
        since = later(since, start == null ? null : start.minusNanos(1));
        return ScheduleExpression.parse(schedule.expression())
                .next(since, ZoneId.of(schedule.zone()), 1)
                .stream()
                .map(ZonedDateTime::toInstant)
                .filter(schedule::includes)
                .filter(due -> due.plus(LATE).isBefore(clock.instant()))
                .findFirst();
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other == null || other.isBefore(one) ? one : other;
    }

    /** Not beside the notice that it fired and could not run. */
    private Instant tellOfMissed(Schedule schedule, Instant due) {
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.SCHEDULE,
                        schedule.scheduleId(),
                        schedule.scheduleId() + "/" + due,
                        schedule.tenantId()),
                "The schedule %s did not fire".formatted(schedule.name()),
                Failure.of(ErrorCode.INTERNAL, "It was due at %s.".formatted(due))
                        .next(
                                "Run its workflow now where the rows are missed; on AWS the dead"
                                        + " letters of the installation say why."));
        return due;
    }

    /** The newest of its runs, where it and those before it have failed since it was saved. */
    private Optional<Run> failedAgainAndAgain(Schedule schedule) {
        List<Run> last =
                fired
                        .find(fired(schedule.tenantId()), schedule.scheduleId())
                        .map(Fired::runIds)
                        .orElse(List.of())
                        .stream()
                        .map(runs::get)
                        .toList();
        boolean failed =
                last.size() == PATIENCE
                        && last.stream()
                                .allMatch(
                                        r ->
                                                r.status() == Run.Status.FAILED
                                                        && r.requestedAt()
                                                                .isAfter(schedule.updatedAt()));
        return failed ? Optional.of(last.getFirst()) : Optional.empty();
    }

    private void pause(Schedule schedule, Run failed) {
        setTimer(save(kept(schedule.withEnabled(false)), schedule.version()));
        Failure why = failed.problem();
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.SCHEDULE,
                        schedule.scheduleId(),
                        schedule.scheduleId() + "/" + failed.runId(),
                        schedule.tenantId()),
                "The schedule %s is paused".formatted(schedule.name()),
                Failure.of(
                                ErrorCode.CONFLICT,
                                "Its last %d runs have failed%s"
                                        .formatted(
                                                PATIENCE, why == null ? "." : ": " + why.message()))
                        .next("Repair what they name, then resume the schedule."));
    }

    @Override
    public List<Belonging> of(Tenant tenant) {
        return list(tenant.tenantId()).stream()
                .map(s -> new Belonging(Belonging.Kind.SCHEDULE, s.scheduleId(), s.name(), 0, 0))
                .toList();
    }

    @Override
    public List<Belonging> remove(Tenant tenant, OffboardTenant how) {
        List<Belonging> removed = of(tenant);
        removed.forEach(s -> delete(tenant.tenantId(), s.id()));
        return removed;
    }

    private void remember(Schedule schedule, Run run, Instant at) {
        fired.change(
                fired(schedule.tenantId()),
                schedule.scheduleId(),
                new Fired(schedule.scheduleId(), List.of(), Instant.EPOCH, 0),
                f ->
                        f.runIds().contains(run.runId())
                                ? f
                                : new Fired(
                                        f.scheduleId(),
                                        Stream.concat(Stream.of(run.runId()), f.runIds().stream())
                                                .limit(PATIENCE)
                                                .toList(),
                                        f.at().isBefore(at) ? at : f.at(),
                                        f.version()));
    }

    private void check(Schedule schedule) {
        if (!schedule.scheduleId().matches("[A-Za-z0-9_-]{0,40}")) {
            throw Failure.invalid(
                            "scheduleId",
                            "A schedule's id has letters, digits, hyphens and underscores, at most"
                                    + " 40.")
                    .exception();
        }
        if (schedule.name().isBlank() || schedule.name().length() > LONGEST_NAME) {
            throw Failure.invalid("name", "Give the schedule a name of at most 120 characters.")
                    .exception();
        }
        tenants.active(schedule.tenantId());
        Workflow workflow = workflows.get(schedule.tenantId(), schedule.workflowId());
        Zones.problem(schedule.zone())
                .ifPresent(
                        problem -> {
                            throw Failure.invalid("zone", problem).exception();
                        });
        expressionProblem(schedule)
                .ifPresent(
                        problem -> {
                            throw Failure.invalid("expression", problem).exception();
                        });
        Windows.resolve(schedule.window(), clock.instant());
        ParameterValues.resolve(
                workflow.parameters(),
                schedule.parameters(),
                Windows.local(schedule.window(), clock.instant()));
    }

    /** What is paused may have fired for the last time. */
    private Optional<String> expressionProblem(Schedule schedule) {
        if (schedule.enabled()) {
            return ScheduleExpression.problem(
                    schedule.expression(),
                    ZoneId.of(schedule.zone()),
                    clock.instant(),
                    schedule.startAt(),
                    schedule.endAt());
        }
        try {
            ScheduleExpression.parse(schedule.expression());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Schedule save(Schedule schedule, long seen) {
        try {
            return schedules.put(
                    scheduled(schedule.tenantId()), schedule.scheduleId(), schedule, seen);
        } catch (ConflictException e) {
            throw changed();
        }
    }

    private Schedule kept(Schedule s) {
        return new Schedule(
                s.scheduleId().isEmpty() ? newId() : s.scheduleId(),
                s.tenantId(),
                s.workflowId(),
                s.name().strip(),
                ScheduleExpression.parse(s.expression()).text(),
                s.zone(),
                s.startAt(),
                s.endAt(),
                s.window(),
                Map.copyOf(s.parameters()),
                s.enabled(),
                null,
                null,
                clock.instant(),
                s.version());
    }

    private static String newId() {
        String random = UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
        return "schedule-" + random.substring(0, 16);
    }

    private Schedule withLastFiring(Schedule s) {
        return withLastFiring(s, fired.find(fired(s.tenantId()), s.scheduleId()).orElse(null));
    }

    private static Schedule withLastFiring(Schedule s, @Nullable Fired last) {
        return last == null
                ? s
                : new Schedule(
                        s.scheduleId(),
                        s.tenantId(),
                        s.workflowId(),
                        s.name(),
                        s.expression(),
                        s.zone(),
                        s.startAt(),
                        s.endAt(),
                        s.window(),
                        s.parameters(),
                        s.enabled(),
                        last.runIds().getFirst(),
                        last.at(),
                        s.updatedAt(),
                        s.version());
    }

    private static Failure absent() {
        return Failure.of(ErrorCode.NOT_FOUND, "There is no such schedule, or it is paused.");
    }

    private static FailureException changed() {
        return Failure.of(
                        ErrorCode.CONFLICT,
                        "Somebody else has changed this schedule since you opened it.")
                .next("Open it again and make your change once more.")
                .exception();
    }
}
