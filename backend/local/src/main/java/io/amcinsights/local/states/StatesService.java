package io.amcinsights.local.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.JsonService;
import io.amcinsights.local.states.Execution.Status;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The Step Functions API over {@link StateMachines}. */
public final class StatesService extends JsonService {

    /** AWS's largest page. */
    private static final int MOST_RESULTS = 1_000;

    private static final int DEFAULT_RESULTS = 100;

    private final StateMachines machines;
    private final Map<String, Operation> operations;

    public StatesService(StateMachines machines) {
        super("states", "1.0");
        this.machines = machines;
        this.operations =
                Map.ofEntries(
                        Map.entry("ListStateMachines", this::listStateMachines),
                        Map.entry("DescribeStateMachine", this::describeStateMachine),
                        Map.entry(
                                "DescribeStateMachineForExecution",
                                this::describeStateMachineForExecution),
                        Map.entry("StartExecution", this::startExecution),
                        Map.entry("StopExecution", this::stopExecution),
                        Map.entry("DescribeExecution", this::describeExecution),
                        Map.entry("ListExecutions", this::listExecutions),
                        Map.entry("GetExecutionHistory", this::getExecutionHistory),
                        Map.entry("RedriveExecution", this::redriveExecution),
                        Map.entry("SendTaskSuccess", this::sendTaskSuccess),
                        Map.entry("SendTaskFailure", this::sendTaskFailure),
                        Map.entry("SendTaskHeartbeat", this::sendTaskHeartbeat),
                        Map.entry(
                                "ValidateStateMachineDefinition",
                                this::validateStateMachineDefinition));
    }

    @Override
    protected Map<String, Operation> operations() {
        return operations;
    }

    private JsonNode listStateMachines(ObjectNode input) {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("stateMachines");
        for (Machine machine : machines.machines()) {
            ObjectNode entry = list.addObject();
            entry.put("stateMachineArn", machine.arn());
            entry.put("name", machine.name());
            entry.put("type", "STANDARD");
            time(entry, "creationDate", machines.created(machine));
        }
        return reply;
    }

    private JsonNode describeStateMachine(ObjectNode input) throws AwsError {
        Machine machine = machines.known(text(input, "stateMachineArn"));
        ObjectNode reply = JSON.createObjectNode();
        reply.put("stateMachineArn", machine.arn());
        reply.put("name", machine.name());
        reply.put("status", "ACTIVE");
        reply.put("definition", machine.definition());
        reply.put("roleArn", machine.roleArn());
        reply.put("type", "STANDARD");
        time(reply, "creationDate", machines.created(machine));
        return reply;
    }

    private JsonNode describeStateMachineForExecution(ObjectNode input) throws AwsError {
        Execution execution = machines.execution(text(input, "executionArn"));
        Machine machine = machines.known(execution.machineArn());
        ObjectNode reply = JSON.createObjectNode();
        reply.put("stateMachineArn", machine.arn());
        reply.put("name", machine.name());
        reply.put("definition", execution.definition());
        reply.put("roleArn", machine.roleArn());
        time(reply, "updateDate", machines.created(machine));
        return reply;
    }

    private JsonNode startExecution(ObjectNode input) throws AwsError {
        String text = input.path("input").asText("{}");
        try {
            JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AwsError(
                    400,
                    "InvalidExecutionInput",
                    "Invalid State Machine Execution Input: '" + e.getOriginalMessage() + "'");
        }
        StateMachines.StartedExecution started =
                machines.start(
                        text(input, "stateMachineArn"), input.path("name").asText(null), text);
        ObjectNode reply = JSON.createObjectNode().put("executionArn", started.arn());
        time(reply, "startDate", started.at());
        return reply;
    }

    private JsonNode stopExecution(ObjectNode input) throws AwsError {
        Instant stopped =
                machines.stop(
                        text(input, "executionArn"),
                        input.path("error").asText(null),
                        input.path("cause").asText(null));
        ObjectNode reply = JSON.createObjectNode();
        time(reply, "stopDate", stopped);
        return reply;
    }

    private JsonNode redriveExecution(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode();
        time(reply, "redriveDate", machines.redrive(text(input, "executionArn")));
        return reply;
    }

    private JsonNode describeExecution(ObjectNode input) throws AwsError {
        Execution execution = machines.execution(text(input, "executionArn"));
        ObjectNode reply = summary(execution);
        if (!input.path("includedData").asText().equals("METADATA_ONLY")) {
            reply.put("input", execution.input());
            reply.putObject("inputDetails").put("included", true);
            if (execution.output() != null) {
                reply.put("output", execution.output());
                reply.putObject("outputDetails").put("included", true);
            }
        }
        if (execution.error() != null) {
            reply.put("error", execution.error());
        }
        if (execution.cause() != null) {
            reply.put("cause", execution.cause());
        }
        String obstacle = machines.obstacleToRedrive(execution);
        reply.put("redriveStatus", obstacle == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        if (obstacle != null) {
            reply.put("redriveStatusReason", obstacle);
        }
        return reply;
    }

    private JsonNode listExecutions(ObjectNode input) throws AwsError {
        Machine machine = machines.known(text(input, "stateMachineArn"));
        Status status = status(input.path("statusFilter").asText(null));
        int most = most(input);
        long before = token(input, Long.MAX_VALUE);
        List<Execution> page = machines.executions(machine, status, before, most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode list = reply.putArray("executions");
        page.stream().limit(most).forEach(e -> list.add(summary(e)));
        if (page.size() > most) {
            reply.put("nextToken", token(page.get(most - 1).sequence()));
        }
        return reply;
    }

    private JsonNode getExecutionHistory(ObjectNode input) throws AwsError {
        Execution execution = machines.execution(text(input, "executionArn"));
        boolean reverse = input.path("reverseOrder").asBoolean();
        boolean data = input.path("includeExecutionData").asBoolean(true);
        int most = most(input);
        long beyond = token(input, reverse ? Long.MAX_VALUE : 0);
        List<Executions.Recorded> page = machines.history(execution, beyond, reverse, most + 1);
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode events = reply.putArray("events");
        for (Executions.Recorded event : page.subList(0, Math.min(most, page.size()))) {
            ObjectNode entry = events.addObject();
            time(entry, "timestamp", Instant.ofEpochMilli(event.time()));
            entry.put("type", event.type());
            entry.put("id", event.id());
            entry.put("previousEventId", event.previous());
            if (event.field() != null) {
                ObjectNode details = (ObjectNode) Executions.json(event.details());
                if (!data) {
                    details.remove(List.of("input", "output", "parameters", "assignedVariables"));
                }
                entry.set(event.field(), details);
            }
        }
        if (page.size() > most) {
            reply.put("nextToken", token(page.get(most - 1).id()));
        }
        return reply;
    }

    private JsonNode sendTaskSuccess(ObjectNode input) throws AwsError {
        String token = text(input, "taskToken");
        String output = text(input, "output");
        if (output.getBytes(StandardCharsets.UTF_8).length > Interpreter.LARGEST_PAYLOAD) {
            throw new AwsError(
                    400, "ValidationException", "output must be at most 262144 bytes long");
        }
        try {
            machines.callbacks().succeed(token, JSON.readTree(output));
        } catch (JsonProcessingException e) {
            throw new AwsError(
                    400, "InvalidOutput", "Invalid Output: '" + e.getOriginalMessage() + "'");
        }
        return JSON.createObjectNode();
    }

    private JsonNode sendTaskFailure(ObjectNode input) throws AwsError {
        machines.callbacks()
                .fail(
                        text(input, "taskToken"),
                        input.path("error").asText(""),
                        input.path("cause").asText(""));
        return JSON.createObjectNode();
    }

    private JsonNode sendTaskHeartbeat(ObjectNode input) throws AwsError {
        machines.callbacks().beat(text(input, "taskToken"));
        return JSON.createObjectNode();
    }

    private JsonNode validateStateMachineDefinition(ObjectNode input) throws AwsError {
        ObjectNode reply = JSON.createObjectNode().put("result", "OK").put("truncated", false);
        ArrayNode diagnostics = reply.putArray("diagnostics");
        ObjectNode found = JSON.createObjectNode().put("severity", "ERROR");
        try {
            machines.check(JSON.readTree(text(input, "definition")));
            return reply;
        } catch (JsonProcessingException e) {
            found.put("code", "INVALID_JSON_DESCRIPTION").put("message", e.getOriginalMessage());
        } catch (InvalidDefinition e) {
            found.put("code", "SCHEMA_VALIDATION_FAILED").put("message", e.problem());
            found.put("location", e.place());
        }
        diagnostics.add(found);
        return reply.put("result", "FAIL");
    }

    private static ObjectNode summary(Execution execution) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("executionArn", execution.arn());
        entry.put("stateMachineArn", execution.machineArn());
        entry.put("name", execution.name());
        entry.put("status", execution.status().name());
        time(entry, "startDate", Instant.ofEpochMilli(execution.started()));
        if (execution.stopped() != null) {
            time(entry, "stopDate", Instant.ofEpochMilli(execution.stopped()));
        }
        entry.put("redriveCount", execution.redrives());
        if (execution.redriven() != null) {
            time(entry, "redriveDate", Instant.ofEpochMilli(execution.redriven()));
        }
        return entry;
    }

    private static @Nullable Status status(@Nullable String name) throws AwsError {
        if (name == null) {
            return null;
        }
        try {
            return Status.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "ValidationException", "No such status: " + name);
        }
    }

    private static int most(ObjectNode input) throws AwsError {
        int most = input.path("maxResults").asInt(0);
        if (most < 0 || most > MOST_RESULTS) {
            throw new AwsError(400, "ValidationException", "maxResults must be at most 1000");
        }
        return most == 0 ? DEFAULT_RESULTS : most;
    }

    private static String token(long position) {
        return Base64.getUrlEncoder()
                .encodeToString(Long.toString(position).getBytes(StandardCharsets.US_ASCII));
    }

    private static long token(ObjectNode input, long first) throws AwsError {
        String token = input.path("nextToken").asText("");
        if (token.isEmpty()) {
            return first;
        }
        try {
            return Long.parseLong(
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "InvalidToken", "Invalid Token: '" + token + "'");
        }
    }

    private static String text(ObjectNode input, String field) throws AwsError {
        String text = input.path(field).asText("");
        if (text.isEmpty()) {
            throw new AwsError(400, "ValidationException", field + " is missing");
        }
        return text;
    }

    /** The protocol's timestamps are seconds with milliseconds as a fraction. */
    private static void time(ObjectNode node, String field, Instant instant) {
        node.put(field, instant.toEpochMilli() / 1000.0);
    }
}
