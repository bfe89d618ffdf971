package io.amcinsights.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.ports.Secrets;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The AMC Administration and Reporting APIs, as far as AMC Insights needs them. Each call throws a
 * {@link FailureException}: {@link ErrorCode#AMC_REFUSED} with AMC's reason, {@link
 * ErrorCode#AMC_CREDENTIALS}, or {@link ErrorCode#AMC_UNAVAILABLE} when AMC could not be reached in
 * the time that the caller has. Source: Amazon Ads, AMC Administration and AMC Reporting API
 * references.
 */
public final class AmcClient {

    private static final String AMC = "AMC";
    private static final int PAGE = 100;
    private static final DateTimeFormatter LIST_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private final AmcHosts hosts;
    private final AmcTokens tokens;
    private final Retrying retrying;

    /**
     * @param secretPrefix the credentials' secrets are named so, followed by their id
     * @param timeLeft how long the present caller can wait
     */
    public AmcClient(
            AmcHosts hosts,
            Secrets secrets,
            String secretPrefix,
            Supplier<Duration> timeLeft,
            Clock clock) {
        this(
                hosts,
                secrets,
                secretPrefix,
                clock,
                new Retrying(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(Duration.ofSeconds(10))
                                .build(),
                        timeLeft,
                        clock,
                        Thread::sleep));
    }

    AmcClient(
            AmcHosts hosts, Secrets secrets, String secretPrefix, Clock clock, Retrying retrying) {
        this.hosts = hosts;
        this.retrying = retrying;
        this.tokens = new AmcTokens(secrets, secretPrefix, hosts, retrying, clock);
    }

    /**
     * All instances that the credentials reach, by name. An account that refuses to list is passed
     * over, as long as another answers.
     */
    public List<AmcInstance> discover(String credentialsId) {
        Map<String, AmcInstance> found = new LinkedHashMap<>();
        FailureException refused = null;
        boolean answered = false;
        for (AmcRegion region : hosts.regions()) {
            try {
                for (JsonNode account : accounts(credentialsId, region)) {
                    String marketplaceId = account.path("marketplaceId").asText();
                    String accountId = account.path("accountId").asText();
                    AmcRegion home = AmcIds.region(marketplaceId);
                    var caller = new AmcAccount(credentialsId, home, accountId, marketplaceId);
                    try {
                        for (JsonNode instance :
                                pages(caller, "/amc/instances", "instances", "instance")) {
                            AmcInstance read =
                                    instance(
                                            instance, caller, account.path("accountName").asText());
                            found.putIfAbsent(read.instanceId(), read);
                        }
                        answered = true;
                    } catch (FailureException e) {
                        refused = passOver(e);
                    }
                }
                answered = true;
            } catch (FailureException e) {
                refused = passOver(e);
            }
        }
        if (!answered && refused != null) {
            throw refused;
        }
        return found.values().stream()
                .sorted((a, b) -> a.instanceName().compareToIgnoreCase(b.instanceName()))
                .toList();
    }

    private static FailureException passOver(FailureException e) {
        ErrorCode code = e.failure().code();
        if (code == ErrorCode.AMC_REFUSED || code == ErrorCode.AMC_CREDENTIALS) {
            return e;
        }
        throw e;
    }

    private List<JsonNode> accounts(String credentialsId, AmcRegion region) {
        List<JsonNode> accounts = new ArrayList<>();
        String token = null;
        do {
            String path = "/amc/accounts" + (token == null ? "" : "?nextToken=" + encode(token));
            JsonNode page = call(credentialsId, region, null, "GET", path, null, true);
            page.path("amcAccounts").forEach(accounts::add);
            token = text(page, "nextToken");
        } while (token != null);
        return accounts;
    }

    /** One instance. */
    public AmcInstance instance(AmcAddress address) {
        JsonNode answer =
                call(
                        address.account(),
                        "GET",
                        "/amc/instances/" + encode(address.instanceId()),
                        null,
                        true);
        return instance(unwrap(answer, "instance"), address.account(), "");
    }

    private static AmcInstance instance(JsonNode json, AmcAccount caller, String accountName) {
        String created = json.path("creationStatus").asText();
        String type = json.path("instanceType").asText();
        return new AmcInstance(
                json.path("instanceId").asText(),
                json.path("instanceName").asText(),
                json.path("customerCanonicalName").asText(),
                caller.accountId(),
                accountName,
                caller.marketplaceId(),
                caller.region(),
                json.path("s3BucketName").asText(""),
                json.path("s3BucketRegion").asText(""),
                json.path("awsAccountId").asText(""),
                type.equalsIgnoreCase("SANDBOX"),
                created.isEmpty() || created.equals("COMPLETED") || created.equals("SUCCEEDED"),
                null);
    }

    /** The ids of all workflows of an instance. */
    public List<String> workflowIds(AmcAddress address) {
        return pages(address.account(), reporting(address, "/workflows"), "workflows", "workflow")
                .stream()
                .map(w -> w.path("workflowId").asText())
                .toList();
    }

    /** A workflow's SQL; empty where AMC has none of this id. */
    public Optional<String> workflowSql(AmcAddress address, String workflowId) {
        String path = reporting(address, "/workflows/" + encode(workflowId));
        try {
            JsonNode answer = call(address.account(), "GET", path, null, true);
            return Optional.of(unwrap(answer, "workflow").path("sqlQuery").asText());
        } catch (FailureException e) {
            if (saysAbsent(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes a workflow.
     *
     * @return false where AMC has one of this id already, which is left as it is
     */
    public boolean createWorkflow(AmcAddress address, AmcWorkflow workflow) {
        try {
            // a second one of the same id is refused, so asking twice does no harm
            call(
                    address.account(),
                    "POST",
                    reporting(address, "/workflows"),
                    definition(workflow),
                    true);
            return true;
        } catch (FailureException e) {
            if (refusedWith(e, "already exists")) {
                return false;
            }
            throw e;
        }
    }

    /** Replaces a workflow. */
    public void updateWorkflow(AmcAddress address, AmcWorkflow workflow) {
        call(
                address.account(),
                "PUT",
                reporting(address, "/workflows/" + encode(workflow.workflowId())),
                definition(workflow),
                true);
    }

    /** Removes a workflow; nothing happens where AMC has none of this id. */
    public void deleteWorkflow(AmcAddress address, String workflowId) {
        try {
            call(
                    address.account(),
                    "DELETE",
                    reporting(address, "/workflows/" + encode(workflowId)),
                    null,
                    true);
        } catch (FailureException e) {
            if (!saysAbsent(e)) {
                throw e;
            }
        }
    }

    private static ObjectNode definition(AmcWorkflow workflow) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("workflowId", workflow.workflowId());
        json.put("sqlQuery", workflow.sql().strip().replaceFirst(";+\\s*$", ""));
        var parameters = json.putArray("inputParameters");
        for (Parameter parameter : workflow.parameters()) {
            ObjectNode one = parameters.addObject();
            one.put("name", parameter.name());
            one.put("columnType", "DIMENSION");
            one.put("description", parameter.description());
            if (parameter.array()) {
                one.putObject("dataType")
                        .put("type", "ARRAY")
                        .put("elementDataType", parameter.type().name())
                        .put("elementNullable", false);
            } else {
                one.put("dataType", parameter.type().name());
            }
            if (parameter.defaultValue() != null) {
                one.set("defaultValue", parameter.defaultValue());
            }
        }
        return json;
    }

    /**
     * Asks for an execution. It is sent once: after {@link ErrorCode#AMC_UNAVAILABLE} AMC may have
     * it or not, so look at {@link #executions} before asking again.
     *
     * @param window with plain times, no date tokens
     * @param sandbox the instance holds synthetic data, which AMC wants to be said
     */
    public AmcExecution createExecution(
            AmcAddress address,
            String workflowId,
            TimeWindow window,
            Map<String, JsonNode> parameters,
            boolean sandbox) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("workflowId", workflowId);
        json.put("timeWindowType", window.type().name());
        if (window.type() == TimeWindow.Type.EXPLICIT) {
            json.put("timeWindowStart", window.start());
            json.put("timeWindowEnd", window.end());
        }
        json.put("timeWindowTimeZone", window.zone());
        json.set("parameterValues", Json.mapper().valueToTree(parameters));
        if (sandbox) {
            json.put("requireSyntheticData", true);
        }
        return execution(
                call(
                        address.account(),
                        "POST",
                        reporting(address, "/workflowExecutions"),
                        json,
                        false));
    }

    /** One execution. */
    public AmcExecution execution(AmcAddress address, String executionId) {
        return execution(
                call(
                        address.account(),
                        "GET",
                        reporting(address, "/workflowExecutions/" + encode(executionId)),
                        null,
                        true));
    }

    /** A workflow's executions that were created at this time or later, newest first. */
    public List<AmcExecution> executions(AmcAddress address, String workflowId, Instant since) {
        String path =
                reporting(address, "/workflowExecutions")
                        + "?workflowId=%s&minCreationTime=%s&timeZone=UTC&includeCancelled=true"
                                .formatted(encode(workflowId), encode(LIST_TIME.format(since)));
        return pages(address.account(), path, "executions", "workflowExecution").stream()
                .map(AmcClient::execution)
                .toList();
    }

    /**
     * Cancels an execution.
     *
     * @return false where it had ended already
     */
    public boolean cancelExecution(AmcAddress address, String executionId) {
        try {
            call(
                    address.account(),
                    "PUT",
                    reporting(address, "/workflowExecutions/" + encode(executionId)),
                    Json.mapper().createObjectNode().put("status", "CANCELLED"),
                    true);
            return true;
        } catch (FailureException e) {
            if (e.failure().code() == ErrorCode.AMC_REFUSED
                    && execution(address, executionId).phase().ended()) {
                return false;
            }
            throw e;
        }
    }

    /** The tables that an instance's SQL may read. */
    public List<AmcDataSource> dataSources(AmcAddress address) {
        return pages(
                        address.account(),
                        reporting(address, "/dataSources"),
                        "dataSources",
                        "dataSource")
                .stream()
                .map(AmcClient::dataSource)
                .toList();
    }

    private static AmcDataSource dataSource(JsonNode json) {
        List<AmcDataSource.Column> columns = new ArrayList<>();
        for (JsonNode c : json.path("columns")) {
            columns.add(
                    new AmcDataSource.Column(
                            c.path("name").asText(),
                            c.path("dataType").asText(""),
                            c.path("columnType").asText(""),
                            c.path("sensitivity").asText(""),
                            c.path("description").asText("")));
        }
        return new AmcDataSource(
                json.path("dataSourceId").asText(), json.path("description").asText(""), columns);
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
                output != null && output.startsWith("s3://") ? output : null,
                columns);
    }

    private static @Nullable Instant instant(JsonNode json, String name) {
        String text = text(json, name);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text.endsWith("Z") ? text : text + "Z");
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        String text = json.path(name).asText("");
        return text.isEmpty() || json.path(name).isNull() ? null : text;
    }

    /** AMC answers with the object, or with an object that holds it under its name. */
    private static JsonNode unwrap(JsonNode answer, String name) {
        return answer.path(name).isObject() ? answer.path(name) : answer;
    }

    private static String reporting(AmcAddress address, String path) {
        return "/amc/reporting/" + encode(address.instanceId()) + path;
    }

    private List<JsonNode> pages(AmcAccount caller, String path, String list, String single) {
        List<JsonNode> items = new ArrayList<>();
        String token = null;
        do {
            String page =
                    path
                            + (path.contains("?") ? "&" : "?")
                            + "limit="
                            + PAGE
                            + (token == null ? "" : "&nextToken=" + encode(token));
            JsonNode answer = call(caller, "GET", page, null, true);
            answer.path(list).forEach(item -> items.add(unwrap(item, single)));
            if (answer.path(single).isObject()) {
                items.add(answer.path(single));
            }
            token = text(answer, "nextToken");
        } while (token != null);
        return items;
    }

    private JsonNode call(
            AmcAccount caller,
            String method,
            String path,
            @Nullable JsonNode body,
            boolean repeatable) {
        return call(
                caller.credentialsId(), caller.region(), caller, method, path, body, repeatable);
    }

    private JsonNode call(
            String credentialsId,
            AmcRegion region,
            @Nullable AmcAccount account,
            String method,
            String path,
            @Nullable JsonNode body,
            boolean repeatable) {
        Function<AmcTokens.Token, HttpResponse<String>> send =
                token ->
                        retrying.send(
                                () -> request(region, account, method, path, body, token),
                                repeatable);
        AmcTokens.Token token = tokens.get(credentialsId, region);
        HttpResponse<String> response = send.apply(token);
        if (response.statusCode() == 401) {
            tokens.forget(credentialsId, region, token);
            response = send.apply(tokens.get(credentialsId, region));
        }
        if (response.statusCode() / 100 != 2) {
            throw AmcErrors.of(response, AMC).failure().exception();
        }
        return AmcErrors.json(response, AMC);
    }

    private HttpRequest.Builder request(
            AmcRegion region,
            @Nullable AmcAccount account,
            String method,
            String path,
            @Nullable JsonNode body,
            AmcTokens.Token token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hosts.api(region, path))
                        .header("Authorization", "Bearer " + token.accessToken())
                        .header("Amazon-Advertising-API-ClientId", token.clientId())
                        .header("Accept", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (account != null) {
            request.header("Amazon-Advertising-API-AdvertiserId", account.accountId());
            request.header("Amazon-Advertising-API-MarketplaceId", account.marketplaceId());
        }
        return request;
    }

    private static boolean saysAbsent(FailureException e) {
        return refusedWith(e, "does not exist")
                || "404".equals(e.failure().details().get("status"));
    }

    private static boolean refusedWith(FailureException e, String text) {
        return e.failure().code() == ErrorCode.AMC_REFUSED
                && e.failure().message().toLowerCase(Locale.ROOT).contains(text);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
