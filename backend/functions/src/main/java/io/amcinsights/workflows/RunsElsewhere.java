package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.store.Timeline;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * The runs that others ask AMC for: in its console, by its own schedules, with other programs. They
 * are recorded as they are found, and followed until they have ended.
 */
public final class RunsElsewhere {

    /** When a tenant was looked at last. */
    private record Look(String tenantId, Instant at, long version) {}

    private static final Logger log = LoggerFactory.getLogger(RunsElsewhere.class);

    private static final String LOOKS = "amc-look";
    private static final int PAGE = 200;
    private static final int AT_ONCE = 8;

    /** What is left to the rest of the call. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    private static final Duration FIRST_LOOK = Duration.ofDays(1);
    private static final Duration LONGEST_LOOK = Duration.ofDays(7);

    /** What is younger may be one of ours whose answer is still on its way. */
    private static final Duration YOUNG = Duration.ofMinutes(2);

    private static final Duration OVERLAP = Duration.ofMinutes(10);

    private final RunStore store;
    private final Records<Look> looks;
    private final AmcClient amc;
    private final Clock clock;

    public RunsElsewhere(RunStore store, Documents documents, AmcClient amc, Clock clock) {
        this.store = store;
        this.looks = new Records<>(documents, Look.class);
        this.amc = amc;
        this.clock = clock;
    }

    /**
     * Looks at AMC for these tenants, those first that were looked at longest ago, as far as the
     * time of the call goes.
     *
     * @return ids of the runs that were found
     */
    List<String> look(List<Tenant> tenants) {
        long until = System.nanoTime() + Invocation.timeLeft().minus(RESERVE).toNanos();
        Semaphore places = new Semaphore(AT_ONCE);
        Map<String, Instant> last = new HashMap<>();
        looks.all(LOOKS, "").forEach(look -> last.put(look.tenantId(), look.at()));
        List<Future<List<String>>> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tenants.stream()
                    .filter(
                            t ->
                                    t.status() == Tenant.Status.ACTIVE
                                            || t.status() == Tenant.Status.PAUSED)
                    .sorted(
                            Comparator.comparing(
                                    t -> last.getOrDefault(t.tenantId(), Instant.EPOCH)))
                    .forEach(
                            t ->
                                    found.add(
                                            threads.submit(
                                                    () -> {
                                                        places.acquire();
                                                        try {
                                                            return System.nanoTime() < until
                                                                    ? lookAt(
                                                                            t,
                                                                            last.get(t.tenantId()))
                                                                    : List.of();
                                                        } finally {
                                                            places.release();
                                                        }
                                                    })));
        }
        return found.stream().flatMap(f -> f.resultNow().stream()).toList();
    }

    /** What AMC does not tell of one tenant is asked for again at the next look. */
    private List<String> lookAt(Tenant tenant, @Nullable Instant last) {
        try {
            return find(tenant, last);
        } catch (FailureException e) {
            log.warn("AMC does not tell what runs for {}: {}", tenant.tenantId(), e.failure());
            return List.of();
        }
    }

    private List<String> find(Tenant tenant, @Nullable Instant last) {
        Instant now = clock.instant();
        List<Run> open =
                store.newest(List.of(tenant.tenantId()), PAGE, null).records().stream()
                        .filter(r -> !r.status().ended())
                        .toList();
        if (open.stream().anyMatch(RunsElsewhere::isBeingAskedFor)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (AmcExecution execution :
                amc.executions().list(AmcAddress.of(tenant), since(last, open, now))) {
            Instant created = execution.createdAt();
            if (created != null && created.plus(YOUNG).isBefore(now)) {
                follow(tenant, execution, created).ifPresent(found::add);
            }
        }
        looks.change(
                LOOKS,
                tenant.tenantId(),
                new Look(tenant.tenantId(), now, 0),
                l -> new Look(l.tenantId(), now, l.version()));
        return found;
    }

    private static boolean isBeingAskedFor(Run run) {
        return run.startedAt() != null && run.amcExecutionId() == null;
    }

    private static Instant since(@Nullable Instant last, List<Run> open, Instant now) {
        Instant since = (last == null ? now.minus(FIRST_LOOK) : last).minus(OVERLAP);
        for (Run run : open) {
            if (run.elsewhere() && run.requestedAt().isBefore(since)) {
                since = run.requestedAt();
            }
        }
        Instant longest = now.minus(LONGEST_LOOK);
        return since.isBefore(longest) ? longest : since;
    }

    /** The id of the run, where it is new to us. */
    private Optional<String> follow(Tenant tenant, AmcExecution execution, Instant created) {
        String runId =
                store.own(
                        tenant.tenantId(),
                        execution.executionId(),
                        Timeline.newId(created, tenant.tenantId()),
                        clock.instant());
        Run known = store.find(runId).orElse(null);
        if (known == null) {
            try {
                Run run =
                        RunChanges.follows(
                                run(runId, tenant, execution, created), execution, clock.instant());
                return Optional.of(store.create(run).runId());
            } catch (ConflictException e) {
                return Optional.empty(); // another look was faster
            }
        }
        if (known.elsewhere()) {
            store.change(runId, r -> RunChanges.follows(r, execution, clock.instant()));
        }
        return Optional.empty();
    }

    private static Run run(String runId, Tenant tenant, AmcExecution execution, Instant created) {
        Map<String, JsonNode> parameters = new HashMap<>();
        execution.parameters().properties().forEach(p -> parameters.put(p.getKey(), p.getValue()));
        return new Run(
                runId,
                tenant.tenantId(),
                execution.workflowId(),
                0,
                null,
                window(execution),
                parameters,
                null,
                null,
                true,
                Run.Status.RUNNING,
                null,
                null,
                null,
                null,
                null,
                created,
                created,
                null,
                0);
    }

    /** As AMC resolved it, for it does not tell in which zone it was asked for. */
    private static TimeWindow window(AmcExecution execution) {
        return TimeWindow.explicit(
                local(execution.windowStart()), local(execution.windowEnd()), "UTC");
    }

    private static String local(@Nullable Instant instant) {
        return instant == null
                ? ""
                : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
}
