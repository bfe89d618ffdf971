package io.amcinsights.desktop.schedules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Schedules and what they need, as an installation would answer them. */
final class Samples {

    static final String KESTREL = "amckestrel1";
    static final String BROOK = "amcbrook2";
    static final Tenant TENANT =
            io.amcinsights.desktop.Samples.tenant(KESTREL, "Kestrel Outdoor", Tenant.Status.ACTIVE);
    static final Tenant OTHER_TENANT =
            io.amcinsights.desktop.Samples.tenant(BROOK, "Brook & Fern", Tenant.Status.ACTIVE);
    static final Workflow REACH = workflow(KESTREL, "reach", "Reach and frequency", List.of());
    static final Workflow PATHS =
            workflow(
                    KESTREL,
                    "paths",
                    "Path to conversion",
                    List.of(
                            new Parameter(
                                    "brand",
                                    Parameter.Type.STRING,
                                    false,
                                    "The advertiser, as AMC writes it.",
                                    null),
                            new Parameter(
                                    "lookback_days",
                                    Parameter.Type.LONG,
                                    false,
                                    "Days before the purchase that count.",
                                    IntNode.valueOf(14))));
    static final Workflow BROOK_REACH = workflow(BROOK, "reach", "Reach and frequency", List.of());

    private Samples() {}

    static Workflow workflow(String tenantId, String id, String title, List<Parameter> parameters) {
        return new Workflow(
                tenantId, id, title, "", "SELECT 1", parameters, null, Instant.EPOCH, 1);
    }

    static Builder schedule(String id, String name, String expression) {
        return new Builder(id, name, expression);
    }

    static Run run(String runId, Run.Status status) {
        Instant then = Instant.now().minusSeconds(7200);
        return new Run(
                runId,
                KESTREL,
                "reach",
                1,
                "s1",
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                null,
                null,
                false,
                status,
                null,
                null,
                null,
                null,
                null,
                then,
                then,
                status.ended() ? then.plusSeconds(600) : null,
                1);
    }

    /** A schedule in the making. */
    static final class Builder {

        private final String id;
        private final String name;
        private final String expression;
        private Workflow workflow = REACH;
        private String zone = "UTC";
        private Map<String, JsonNode> parameters = Map.of();
        private boolean enabled = true;
        private @Nullable String runId;
        private @Nullable Instant firedAt;
        private long version = 1;

        private Builder(String id, String name, String expression) {
            this.id = id;
            this.name = name;
            this.expression = expression;
        }

        Builder of(Workflow runs) {
            workflow = runs;
            return this;
        }

        Builder in(String name) {
            zone = name;
            return this;
        }

        Builder with(Map<String, JsonNode> values) {
            parameters = values;
            return this;
        }

        Builder paused() {
            enabled = false;
            return this;
        }

        Builder fired(String run, Instant at) {
            runId = run;
            firedAt = at;
            return this;
        }

        Builder version(long number) {
            version = number;
            return this;
        }

        Schedule build() {
            return new Schedule(
                    id,
                    workflow.tenantId(),
                    workflow.workflowId(),
                    name,
                    expression,
                    zone,
                    null,
                    null,
                    TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, zone),
                    parameters,
                    enabled,
                    runId,
                    firedAt,
                    Instant.parse("2026-11-20T10:00:00Z"),
                    version);
        }
    }
}
