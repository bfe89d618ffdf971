package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.amc.AmcWorkflows;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.AcceptPayload;
import io.amcinsights.contract.WorkflowRequest.Accepted;
import io.amcinsights.contract.WorkflowRequest.RunQuery;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * The payloads that the retired solution took. Source: Amazon Marketing Cloud Insights on AWS,
 * Workflow Manager interface.
 */
public final class Payloads {

    private final Workflows workflows;
    private final Runs runs;
    private final Clock clock;

    public Payloads(Workflows workflows, Runs runs, Clock clock) {
        this.workflows = workflows;
        this.runs = runs;
        this.clock = clock;
    }

    Accepted accept(AcceptPayload asked) {
        JsonNode payload = asked.payload();
        JsonNode wrapped = payload.path("workflowRequest");
        JsonNode request = wrapped.isObject() ? wrapped : payload;
        JsonNode wrappedRun = request.path("executionRequest");
        JsonNode run = wrappedRun.isObject() ? wrappedRun : request;
        String tenantId = asked.tenantId();
        String type = run.path("requestType").asText(request.path("requestType").asText());
        return switch (type) {
            case "createWorkflow" -> saved(tenantId, request.path("workflowDefinition"), false);
            case "updateWorkflow" -> saved(tenantId, request.path("workflowDefinition"), true);
            case "getWorkflow" -> new Accepted(workflows.get(tenantId, workflowId(request)), null);
            case "deleteWorkflow" -> {
                workflows.delete(tenantId, workflowId(request));
                yield new Accepted(null, null);
            }
            case "createExecution" ->
                    new Accepted(null, run(asked, run.path("createExecutionRequest")));
            case "cancelExecution" ->
                    new Accepted(null, runs.cancel(runs.ofAmc(tenantId, executionId(run)).runId()));
            case "getExecutionStatus" -> new Accepted(null, runs.ofAmc(tenantId, executionId(run)));
            default ->
                    throw Failure.invalid(
                                    "payload.requestType",
                                    "There is no request of the type “%s”.".formatted(type))
                            .next(
                                    "It is createWorkflow, updateWorkflow, getWorkflow,"
                                            + " deleteWorkflow, createExecution, cancelExecution or"
                                            + " getExecutionStatus.")
                            .exception();
        };
    }

    private Accepted saved(String tenantId, JsonNode json, boolean replace) {
        AmcWorkflow definition = AmcWorkflows.workflow(json);
        Workflow before = replace ? workflows.get(tenantId, definition.workflowId()) : null;
        Workflow saved =
                workflows.put(
                        new Workflow(
                                tenantId,
                                definition.workflowId(),
                                before == null ? definition.workflowId() : before.title(),
                                before == null ? "" : before.description(),
                                definition.sql(),
                                definition.parameters(),
                                before == null ? null : before.templateId(),
                                clock.instant(),
                                before == null ? 0 : before.version()),
                        definition.privacy());
        return new Accepted(saved, null);
    }

    private Run run(AcceptPayload asked, JsonNode json) {
        String tenantId = asked.tenantId();
        TimeWindow window = window(json);
        Map<String, JsonNode> values = new HashMap<>();
        json.path("parameterValues")
                .properties()
                .forEach(p -> values.put(p.getKey(), p.getValue()));
        JsonNode query = json.path("workflow");
        if (query.isObject()) {
            AmcWorkflow definition = AmcWorkflows.workflow(query);
            return runs.request(
                    new RunQuery(
                            tenantId,
                            new Run.AdHoc(
                                    definition.sql(),
                                    definition.parameters(),
                                    json.path("dryRun").asBoolean()),
                            window,
                            values,
                            asked.requestKey()));
        }
        return runs.request(
                new Runs.Wish(
                        tenantId,
                        workflowId(json),
                        window,
                        values,
                        asked.requestKey(),
                        null,
                        null,
                        clock.instant()));
    }

    /** AMC's own default is the most recent day. */
    private static TimeWindow window(JsonNode json) {
        String zone = json.path("timeWindowTimeZone").asText("UTC");
        String name = json.path("timeWindowType").asText("MOST_RECENT_DAY");
        TimeWindow.Type type;
        try {
            type = TimeWindow.Type.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.invalid(
                            "payload.timeWindowType",
                            "AMC has no windows of the type “%s”.".formatted(name)),
                    e);
        }
        return type == TimeWindow.Type.EXPLICIT
                ? TimeWindow.explicit(
                        time(json.path("timeWindowStart")), time(json.path("timeWindowEnd")), zone)
                : TimeWindow.of(type, zone);
    }

    /** With a Z at its end AMC reads an empty window. */
    private static String time(JsonNode json) {
        return json.asText().strip().replaceFirst("(\\.\\d+)?Z$", "");
    }

    private static String workflowId(JsonNode json) {
        return named(json, "workflowId");
    }

    private static String executionId(JsonNode json) {
        return named(json, "workflowExecutionId");
    }

    private static String named(JsonNode json, String field) {
        String value = json.path(field).asText();
        if (value.isEmpty()) {
            throw Failure.invalid(
                            "payload." + field, "The payload does not say the %s.".formatted(field))
                    .exception();
        }
        return value;
    }
}
