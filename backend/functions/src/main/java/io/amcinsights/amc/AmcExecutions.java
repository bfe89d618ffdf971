package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.instant;
import static io.amcinsights.amc.AmcTransport.reporting;
import static io.amcinsights.amc.AmcTransport.text;
import static io.amcinsights.amc.AmcTransport.unwrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.amc.AmcExecutionRequest.Output;
import io.amcinsights.amc.AmcExecutionRequest.Query;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.TimeWindow;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Workflow executions. AMC knows no idempotency key for them, so none is ever asked for twice in a
 * row: {@link #create} sends once, and who got no answer calls {@link #find} before asking again.
 */
public final class AmcExecutions {

    private static final String PATH = "/workflowExecutions";
    private static final DateTimeFormatter LIST_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** How AMC names a workflow that it runs but does not keep. */
    private static final String UNSAVED = "transient_";

    private static final String LOCAL_TIME = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}";

    /** AMC's clock and ours may differ so much. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    /**
     * A request that was not answered may still be on its way for so long: AMC's gateway gives up
     * after 29 seconds.
     */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

    private final AmcTransport transport;
    private final Clock clock;

    AmcExecutions(AmcTransport transport, Clock clock) {
        this.transport = transport;
        this.clock = clock;
    }

    /**
     * Asks for an execution. It is sent once: after {@link ErrorCode#AMC_UNAVAILABLE} AMC may have
     * it or not, which {@link #find} tells.
     */
    public AmcExecution create(AmcAddress address, AmcExecutionRequest request) {
        checkTimes(request.window());
        return execution(
                transport.call(
                        address.account(), "POST", reporting(address, PATH), body(request), false));
    }

    /**
     * What became of an execution that was asked for and whose answer did not come.
     *
     * @param asked when it was asked for
     * @param free an execution's id belongs to nobody, as far as the caller knows
     * @return empty where AMC does not have it and will not have it: it may be asked for again
     * @throws FailureException {@link ErrorCode#AMC_UNAVAILABLE} while that is not sure
     */
    public Optional<AmcExecution> find(
            AmcAddress address,
            AmcExecutionRequest request,
            Instant asked,
            Predicate<String> free) {
        Instant since = asked.minus(CLOCKS_APART);
        Instant looked = clock.instant();
        Optional<AmcExecution> found =
                like(address, request.query(), since).stream()
                        .filter(e -> e.createdAt() == null || !e.createdAt().isBefore(since))
                        .filter(e -> isOf(request, e))
                        .filter(e -> free.test(e.executionId()))
                        .min(
                                Comparator.comparing(
                                        e -> e.createdAt() == null ? Instant.MAX : e.createdAt()));
        if (found.isEmpty() && looked.isBefore(asked.plus(ON_ITS_WAY))) {
            throw Failure.of(
                            ErrorCode.AMC_UNAVAILABLE,
                            "AMC did not answer, and it is not sure yet whether it will run this.")
                    .next("Wait a minute; AMC is looked at again before it is asked again.")
                    .exception();
        }
        return found;
    }

    private List<AmcExecution> like(AmcAddress address, Query query, Instant since) {
        return switch (query) {
            case Query.Saved(String workflowId) -> list(address, workflowId, since);
            case Query.AdHoc _ -> select(address, "includeWorkflow=true", since);
        };
    }

    private static boolean isOf(AmcExecutionRequest request, AmcExecution execution) {
        TimeWindow window = request.window();
        boolean sameSql =
                switch (request.query()) {
                    case Query.Saved(String workflowId) ->
                            workflowId.equals(execution.workflowId());
                    case Query.AdHoc(AmcWorkflow workflow) ->
                            execution.workflowId().startsWith(UNSAVED)
                                    && AmcWorkflows.plain(workflow.sql()).equals(execution.sql());
                };
        return sameSql
                && isSameOrUntold(window.start(), execution.askedStart())
                && isSameOrUntold(window.end(), execution.askedEnd())
                && isSameOrUntold(request.parameters(), execution.parameters());
    }

    private static boolean isSameOrUntold(@Nullable String ours, @Nullable String theirs) {
        return ours == null || theirs == null || ours.equals(theirs);
    }

    /** AMC tells defaults beside the values that it was given. */
    private static boolean isSameOrUntold(Map<String, JsonNode> ours, JsonNode theirs) {
        return !theirs.isObject()
                || ours.entrySet().stream()
                        .allMatch(e -> isSame(e.getValue(), theirs.path(e.getKey())));
    }

    private static boolean isSame(JsonNode ours, JsonNode theirs) {
        return ours.equals(
                (a, b) -> {
                    boolean numbers = a.isNumber() && b.isNumber();
                    boolean same =
                            numbers
                                    ? a.decimalValue().compareTo(b.decimalValue()) == 0
                                    : a.equals(b);
                    return same ? 0 : 1;
                },
                theirs);
    }

    /** One execution. */
    public AmcExecution get(AmcAddress address, String executionId) {
        return execution(transport.get(address.account(), path(address, executionId)));
    }

    /** A workflow's executions that were created at this time or later, with SQL, newest first. */
    public List<AmcExecution> list(AmcAddress address, String workflowId, Instant since) {
        return select(
                address, "workflowId=%s&includeWorkflow=true".formatted(encode(workflowId)), since);
    }

    /** All executions that were created at this time or later, newest first. */
    public List<AmcExecution> list(AmcAddress address, Instant since) {
        return select(address, "includeWorkflow=false", since);
    }

    private List<AmcExecution> select(AmcAddress address, String which, Instant since) {
        String path =
                reporting(address, PATH)
                        + "?%s&minCreationTime=%s&timeZone=UTC&includeCancelled=true"
                                .formatted(which, encode(LIST_TIME.format(since)));
        return transport.pages(address.account(), path, "executions", "workflowExecution").stream()
                .map(AmcExecutions::execution)
                .toList();
    }

    /**
     * Cancels an execution.
     *
     * @return false where it had ended otherwise before
     */
    public boolean cancel(AmcAddress address, String executionId) {
        try {
            transport.call(
                    address.account(),
                    "PUT",
                    path(address, executionId),
                    Json.mapper().createObjectNode().put("status", "CANCELLED"),
                    true);
            return true;
        } catch (FailureException e) {
            if (e.failure().code() != ErrorCode.AMC_REFUSED) {
                throw e;
            }
            AmcExecution.Phase phase = get(address, executionId).phase();
            if (phase == AmcExecution.Phase.CANCELLED) {
                return true; // an earlier attempt got through, and its answer was lost
            }
            if (phase.ended()) {
                return false;
            }
            throw e;
        }
    }

    private static String path(AmcAddress address, String executionId) {
        return reporting(address, PATH + "/" + encode(executionId));
    }

    /** AMC reads nothing at all in a window whose times carry a zone of their own. */
    private static void checkTimes(TimeWindow window) {
        if (window.type() == TimeWindow.Type.EXPLICIT) {
            checkTime("window.start", window.start());
            checkTime("window.end", window.end());
        }
    }

    private static void checkTime(String field, @Nullable String time) {
        if (time == null || !time.matches(LOCAL_TIME)) {
            throw Failure.invalid(
                            field,
                            "AMC wants a local time such as 2026-03-01T00:00:00 here, without a"
                                    + " zone, not “%s”.".formatted(time == null ? "" : time))
                    .exception();
        }
    }

    private static ObjectNode body(AmcExecutionRequest request) {
        ObjectNode json = Json.mapper().createObjectNode();
        switch (request.query()) {
            case Query.Saved(String workflowId) -> json.put("workflowId", workflowId);
            case Query.AdHoc(AmcWorkflow workflow) ->
                    json.set("workflow", AmcWorkflows.definition(workflow));
        }
        TimeWindow window = request.window();
        json.put("timeWindowType", window.type().name());
        if (window.type() == TimeWindow.Type.EXPLICIT) {
            json.put("timeWindowStart", window.start());
            json.put("timeWindowEnd", window.end());
        }
        json.put("timeWindowTimeZone", window.zone());
        json.set("parameterValues", Json.mapper().valueToTree(request.parameters()));
        if (request.sandbox()) {
            json.put("requireSyntheticData", true);
        }
        if (request.output() == Output.NONE) {
            json.put("dryRun", true);
        }
        if (request.output() == Output.DOWNLOAD_ONLY) {
            json.put("skipPublish", true);
        }
        return json;
    }

    private static AmcExecution execution(JsonNode answer) {
        JsonNode json = unwrap(answer, "workflowExecution");
        String output = text(json, "outputS3URI");
        List<AmcExecution.Column> columns = new ArrayList<>();
        for (JsonNode c : json.path("outputColumns")) {
            columns.add(
                    new AmcExecution.Column(
                            c.path("name").asText(),
                            c.path("dataType").asText("").toUpperCase(Locale.ROOT),
                            c.path("dataTypeScale").isInt()
                                    ? c.path("dataTypeScale").asInt()
                                    : null));
        }
        return new AmcExecution(
                json.path("workflowExecutionId").asText(),
                json.path("workflowId").asText(),
                json.path("status").asText(),
                json.path("statusReason").asText(""),
                instant(json, "createTime"),
                instant(json, "timeWindowStart"),
                instant(json, "timeWindowEnd"),
                text(json, "timeWindowStartOriginal"),
                text(json, "timeWindowEndOriginal"),
                json.path("parameterValues"),
                text(json, "sqlQuery"),
                output != null && output.startsWith("s3://") ? output : null,
                columns);
    }
}
