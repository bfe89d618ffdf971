package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tone;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One run, delivery or onboarding as its page shows it.
 *
 * @param problem why it failed; null where it did not
 * @param remark what else to know, such as why a delivery is empty; null where there is nothing
 * @param stations on the line from the queue to the lake, in their order; none for an onboarding
 * @param executions to look into
 * @param dataset that can be queried now; null where there is none
 * @param tenantId whose it is
 * @param ended nothing will change by itself any more
 */
record Detail(
        String title,
        Tone tone,
        String state,
        @Nullable Problem problem,
        @Nullable String remark,
        List<Station> stations,
        List<Fact> facts,
        List<Stage> executions,
        @Nullable String dataset,
        @Nullable String tenantId,
        boolean ended) {

    private static final Messages MESSAGES = Messages.of(Detail.class);

    /** Whether a state machine will take care of it; none does of what others run at AMC. */
    boolean awaitsExecution() {
        return !ended && stations.stream().anyMatch(s -> s.id().equals("queue"));
    }

    /**
     * A station of the line.
     *
     * @param tone null while it has not been reached
     * @param since when it was reached
     * @param took how long it took; null while that is not known
     */
    record Station(
            String id,
            String name,
            @Nullable Tone tone,
            String state,
            @Nullable Instant since,
            @Nullable Duration took) {}

    /**
     * @param mono an id, to be copied
     */
    record Fact(String name, String value, boolean mono) {}

    /** An execution of one of the state machines. */
    record Stage(String name, String execution) {}

    static Detail of(PipelineViewModel.RunRow row) {
        Run run = row.run();
        Delivery delivery = row.delivery();
        List<Fact> facts = new ArrayList<>();
        fact(facts, "tenant", row.tenant());
        if (!"".equals(run.window().start())) {
            fact(facts, "window", window(run));
        }
        fact(
                facts,
                "trigger",
                row.trigger() == null ? MESSAGES.text("trigger.person") : row.trigger());
        if (run.mayLackEvents()) {
            fact(facts, "completeness", MESSAGES.text("completeness.early"));
        }
        id(facts, "run", run.runId());
        if (run.amcExecutionId() != null) {
            id(facts, "amcExecution", run.amcExecutionId());
        }
        if (run.outputUri() != null) {
            id(facts, "output", run.outputUri());
        }
        List<Stage> executions = new ArrayList<>();
        stage(executions, "workflowRun", run.execution());
        if (delivery != null) {
            stage(executions, "lakeDelivery", delivery.execution());
            quality(facts, delivery.quality());
        }
        boolean loadFailed = delivery != null && delivery.status() == Delivery.Status.FAILED;
        Problem problem =
                run.problem() != null
                        ? Problem.of(run.problem())
                        : delivery != null && delivery.problem() != null
                                ? Problem.of(delivery.problem())
                                : null;
        return new Detail(
                row.workflow(),
                loadFailed ? Tone.FAILED : tone(run.status()),
                MESSAGES.text(loadFailed ? "station.load.FAILED" : "run." + run.status()),
                problem,
                run.adHoc() != null
                        ? run.adHoc().sql()
                        : delivery == null ? null : remark(delivery),
                stations(run, delivery),
                facts,
                executions,
                loadedDataset(delivery),
                run.tenantId(),
                row.ended());
    }

    private static List<Station> stations(Run run, @Nullable Delivery delivery) {
        List<Station> stations = new ArrayList<>();
        if (!run.elsewhere()) {
            stations.add(queue(run));
        }
        stations.add(amc(run));
        // What others run may be looked at in AMC's console only.
        if (run.elsewhere() ? delivery != null : run.adHoc() == null) {
            stations.add(delivered(run, delivery));
            stations.add(loaded(run, delivery));
        }
        return stations;
    }

    static Detail of(PipelineViewModel.DeliveryRow row) {
        Delivery delivery = row.delivery();
        List<Fact> facts = new ArrayList<>();
        fact(facts, "tenant", row.tenant());
        fact(facts, "size", Format.bytes(delivery.bytes()));
        id(facts, "object", "s3://%s/%s".formatted(delivery.bucket(), delivery.key()));
        if (delivery.runId() != null) {
            id(facts, "run", delivery.runId());
        }
        if (delivery.dataset() != null) {
            id(facts, "dataset", delivery.dataset());
        }
        quality(facts, delivery.quality());
        List<Stage> executions = new ArrayList<>();
        stage(executions, "lakeDelivery", delivery.execution());
        return new Detail(
                MESSAGES.text(
                        "delivery.title",
                        delivery.workflowId() == null
                                ? delivery.key().substring(delivery.key().lastIndexOf('/') + 1)
                                : row.workflow()),
                tone(delivery.status()),
                MESSAGES.text("delivery." + delivery.status()),
                delivery.problem() == null ? null : Problem.of(delivery.problem()),
                remark(delivery),
                List.of(
                        new Station(
                                "delivery",
                                MESSAGES.text("station.delivery"),
                                Tone.SUCCEEDED,
                                MESSAGES.text("station.delivery.seen"),
                                delivery.seenAt(),
                                null),
                        loaded(null, delivery)),
                facts,
                executions,
                loadedDataset(delivery),
                delivery.tenantId(),
                delivery.status().ended());
    }

    static Detail of(Tenant tenant) {
        List<Fact> facts = new ArrayList<>();
        id(facts, "instance", tenant.tenantId());
        id(facts, "bucket", tenant.bucketName());
        List<Stage> executions = new ArrayList<>();
        stage(executions, "tenantProvisioning", tenant.execution());
        return new Detail(
                MESSAGES.text("onboarding.title", tenant.name()),
                switch (tenant.status()) {
                    case PROVISIONING -> Tone.RUNNING;
                    case ACTIVE -> Tone.SUCCEEDED;
                    case FAILED -> Tone.FAILED;
                    case PAUSED -> Tone.CANCELLED;
                },
                MESSAGES.text("tenant." + tenant.status()),
                tenant.problem() == null ? null : Problem.of(tenant.problem()),
                null,
                List.of(),
                facts,
                executions,
                null,
                tenant.tenantId(),
                tenant.status() != Tenant.Status.PROVISIONING);
    }

    private static Station queue(Run run) {
        Tone tone =
                run.status() == Run.Status.QUEUED
                        ? Tone.WAITING
                        : run.startedAt() == null ? endTone(run) : Tone.SUCCEEDED;
        Instant left = run.startedAt() == null ? run.finishedAt() : run.startedAt();
        return new Station(
                "queue",
                MESSAGES.text("station.queue"),
                tone,
                switch (tone) {
                    case WAITING -> MESSAGES.text("station.queue.waiting");
                    case SUCCEEDED -> MESSAGES.text("station.queue.passed");
                    default -> MESSAGES.text("run." + run.status());
                },
                run.requestedAt(),
                left == null ? null : Duration.between(run.requestedAt(), left));
    }

    private static Station amc(Run run) {
        if (run.startedAt() == null) {
            return notYet("amc");
        }
        return new Station(
                "amc",
                MESSAGES.text("station.amc"),
                tone(run.status()),
                MESSAGES.text("station.amc." + run.status()),
                run.startedAt(),
                run.finishedAt() == null
                        ? null
                        : Duration.between(run.startedAt(), run.finishedAt()));
    }

    private static Station delivered(Run run, @Nullable Delivery delivery) {
        if (delivery != null) {
            return new Station(
                    "delivery",
                    MESSAGES.text("station.delivery"),
                    Tone.SUCCEEDED,
                    MESSAGES.text("station.delivery.seen"),
                    delivery.seenAt(),
                    null);
        }
        if (run.status() != Run.Status.SUCCEEDED) {
            return notYet("delivery");
        }
        return new Station(
                "delivery",
                MESSAGES.text("station.delivery"),
                Tone.WAITING,
                MESSAGES.text("station.delivery.waiting"),
                run.finishedAt(),
                null);
    }

    private static Station loaded(@Nullable Run run, @Nullable Delivery delivery) {
        if (delivery == null || (run != null && !run.status().ended())) {
            return notYet("load");
        }
        String state =
                switch (delivery.status()) {
                    case LOADED ->
                            MESSAGES.text("station.load.LOADED", Format.number(delivery.rows()));
                    case LOADING, EMPTY, IGNORED, FAILED ->
                            MESSAGES.text("station.load." + delivery.status());
                };
        return new Station(
                "load",
                MESSAGES.text("station.load"),
                tone(delivery.status()),
                state,
                delivery.finishedAt() == null ? delivery.seenAt() : delivery.finishedAt(),
                delivery.finishedAt() == null
                        ? null
                        : Duration.between(delivery.seenAt(), delivery.finishedAt()));
    }

    private static Station notYet(String id) {
        return new Station(
                id,
                MESSAGES.text("station." + id),
                null,
                MESSAGES.text("station.notYet"),
                null,
                null);
    }

    private static Tone endTone(Run run) {
        return run.status() == Run.Status.RUNNING ? Tone.SUCCEEDED : tone(run.status());
    }

    private static Tone tone(Run.Status status) {
        return switch (status) {
            case QUEUED -> Tone.WAITING;
            case RUNNING -> Tone.RUNNING;
            case SUCCEEDED -> Tone.SUCCEEDED;
            case FAILED -> Tone.FAILED;
            case CANCELLED -> Tone.CANCELLED;
        };
    }

    private static Tone tone(Delivery.Status status) {
        return switch (status) {
            case LOADING -> Tone.RUNNING;
            case LOADED -> Tone.SUCCEEDED;
            case EMPTY -> Tone.PRIVACY;
            case IGNORED -> Tone.CANCELLED;
            case FAILED -> Tone.FAILED;
        };
    }

    private static @Nullable String loadedDataset(@Nullable Delivery delivery) {
        return delivery != null && delivery.status() == Delivery.Status.LOADED
                ? delivery.dataset()
                : null;
    }

    private static String window(Run run) {
        TimeWindow window = run.window();
        return window.type() == TimeWindow.Type.EXPLICIT
                ? MESSAGES.text(
                        "window.explicit", day(window.start()), day(window.end()), window.zone())
                : MESSAGES.text("window." + window.type(), window.zone());
    }

    /** Midnight goes without saying. */
    private static String day(@Nullable String time) {
        return time == null ? "" : time.replace("T00:00:00", "").replace('T', ' ');
    }

    /** Why there is nothing to load, or what is wrong with what was. */
    private static @Nullable String remark(Delivery delivery) {
        return delivery.reason() == null
                ? QualityText.breaches(delivery.quality())
                : delivery.reason();
    }

    private static void quality(List<Fact> facts, @Nullable Quality quality) {
        if (quality == null) {
            return;
        }
        if (quality.filtered() != null) {
            filtered(facts, quality, quality.filtered());
        }
        fact(facts, "duplicates", QualityText.of(quality.duplicates(), quality.rows()));
        fact(facts, "nulls", QualityText.nulls(quality));
        if (quality.dataUntil() != null) {
            fact(facts, "dataUntil", Format.absolute(quality.dataUntil()));
        }
        if (!quality.checks().isEmpty()) {
            fact(facts, "rules", QualityText.rules(quality));
        }
    }

    private static void filtered(List<Fact> facts, Quality quality, Quality.Filtered filtered) {
        String rows = Format.number(quality.rows());
        fact(
                facts,
                "filtered",
                filtered.rows() == 0
                        ? MESSAGES.text("filtered.none", rows)
                        : MESSAGES.text(
                                "filtered." + filtered.handling(),
                                Format.number(filtered.rows()),
                                rows,
                                Format.share(filtered.rows(), quality.rows()),
                                String.valueOf(filtered.dataset())));
    }

    private static void fact(List<Fact> facts, String key, String value) {
        facts.add(new Fact(MESSAGES.text("fact." + key), value, false));
    }

    private static void id(List<Fact> facts, String key, String value) {
        facts.add(new Fact(MESSAGES.text("fact." + key), value, true));
    }

    private static void stage(List<Stage> stages, String key, @Nullable String execution) {
        if (execution != null) {
            stages.add(new Stage(MESSAGES.text("machine." + key), execution));
        }
    }
}
