package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What each operation does: its headers, and the shape of its reply. */
final class AmcApi {

    private static final Duration LINK_LIVES = Duration.ofMinutes(10);

    private final World world;
    private final AmcSchema schema;
    private final Credentials credentials;
    private final Workflows workflows;
    private final Executions executions;
    private final Schedules schedules;
    private final Runner runner;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;
    private final String awsAccountId;
    private final String region;
    private final Supplier<URI> base;

    AmcApi(
            World world,
            AmcSchema schema,
            Credentials credentials,
            Workflows workflows,
            Executions executions,
            Schedules schedules,
            Runner runner,
            InstantSource clock,
            Supplier<Behaviour> behaviour,
            AmcSimulator.Settings settings,
            Supplier<URI> base) {
        this.world = world;
        this.schema = schema;
        this.credentials = credentials;
        this.workflows = workflows;
        this.executions = executions;
        this.schedules = schedules;
        this.runner = runner;
        this.clock = clock;
        this.behaviour = behaviour;
        this.awsAccountId = settings.awsAccountId();
        this.region = settings.region();
        this.base = base;
    }

    Answer answer(AmcCall call, Operation.Asked asked) throws AmcError {
        Operation operation = asked.operation();
        switch (operation) {
            case GET_TOKEN -> {
                return Answer.of(credentials.exchange(call));
            }
            case DOWNLOAD -> {
                return download(call);
            }
            default -> credentials.require(call);
        }
        if (operation == Operation.LIST_ACCOUNTS) {
            return Answer.of(accounts(call));
        }
        Account account = account(call);
        if (asked.ids().isEmpty()) {
            return accountWide(call, operation, account);
        }
        Instance instance = instance(account, asked.ids().getFirst());
        runner.prepare(instance);
        return ofInstance(call, operation, instance, asked.ids().getLast());
    }

    private Answer accountWide(AmcCall call, Operation operation, Account account) throws AmcError {
        if (operation != Operation.LIST_INSTANCES) {
            throw AmcError.of(404, "Not simulated: " + operation.title());
        }
        List<ObjectNode> all = account.instances().stream().map(this::shown).toList();
        return Answer.of(AmcCall.list("instances", all, call.page()));
    }

    /**
     * @param id the last of the path: that of the workflow, execution and so on
     */
    private Answer ofInstance(AmcCall call, Operation operation, Instance instance, String id)
            throws AmcError {
        return switch (operation) {
            case GET_INSTANCE ->
                    Answer.of(AmcCall.JSON.createObjectNode().set("instance", shown(instance)));
            case LIST_ADVERTISERS -> Answer.of(advertisers(call, instance));
            case CREATE_WORKFLOW -> {
                workflows.create(instance, call.json());
                yield Answer.empty();
            }
            case LIST_WORKFLOWS ->
                    Answer.of(
                            AmcCall.list("workflows", workflows.list(instance.id()), call.page()));
            case GET_WORKFLOW -> single("workflow", workflows.get(instance.id(), id));
            case UPDATE_WORKFLOW -> {
                workflows.replace(instance, id, call.json());
                yield Answer.empty();
            }
            case DELETE_WORKFLOW -> {
                schedules.requireUnscheduled(instance, id);
                workflows.delete(instance.id(), id);
                yield Answer.empty();
            }
            case CREATE_WORKFLOW_EXECUTION ->
                    single("workflowExecution", executions.create(instance, call.json()));
            case LIST_WORKFLOW_EXECUTIONS -> Answer.of(executions.list(instance, call));
            case GET_WORKFLOW_EXECUTION ->
                    single("workflowExecution", executions.get(instance, id));
            case UPDATE_WORKFLOW_EXECUTION ->
                    Answer.of(executions.cancel(instance, id, call.json()));
            case GET_DOWNLOAD_URLS -> Answer.of(downloadUrls(instance, id));
            case CREATE_SCHEDULE -> {
                ObjectNode schedule = call.json();
                String scheduleId = schedule.path("scheduleId").asText("");
                if (scheduleId.isBlank()) {
                    throw AmcError.badRequest("scheduleId is required.");
                }
                schedules.put(instance, scheduleId, schedule, true);
                yield single("schedule", schedule);
            }
            case LIST_SCHEDULES ->
                    Answer.of(AmcCall.list("schedules", schedules.list(instance), call.page()));
            case GET_SCHEDULE -> single("schedule", schedules.get(instance, id));
            case UPDATE_SCHEDULE -> {
                ObjectNode schedule = call.json();
                schedules.put(instance, id, schedule, false);
                yield single("schedule", schedule);
            }
            case DELETE_SCHEDULE -> {
                schedules.delete(instance, id);
                yield Answer.empty();
            }
            case LIST_DATA_SOURCES -> {
                List<ObjectNode> all =
                        instance.schema(schema).tables().stream().map(AmcApi::shown).toList();
                yield Answer.of(AmcCall.list("dataSources", all, call.page()));
            }
            case GET_DATA_SOURCE -> {
                AmcSchema.Table table = instance.schema(schema).table(id);
                if (table == null) {
                    throw AmcError.badRequest("Data source with ID " + id + " does not exist.");
                }
                yield single("dataSource", shown(table));
            }
            default -> throw AmcError.of(404, "Not simulated: " + operation.title());
        };
    }

    private Answer single(String name, ObjectNode json) {
        return Answer.of(
                behaviour.get().wrapped() ? AmcCall.JSON.createObjectNode().set(name, json) : json);
    }

    private ObjectNode accounts(AmcCall call) throws AmcError {
        List<ObjectNode> accounts = new ArrayList<>();
        for (Account account : world.accounts()) {
            accounts.add(
                    AmcCall.JSON
                            .createObjectNode()
                            .put("accountId", account.entityId())
                            .put("accountName", account.name())
                            .put("marketplaceId", account.marketplaceId()));
        }
        return AmcCall.list("amcAccounts", accounts, call.page());
    }

    private Account account(AmcCall call) throws AmcError {
        String entity = call.header("Amazon-Advertising-API-AdvertiserId");
        if (entity == null || entity.isBlank()) {
            throw AmcError.badRequest("entityId provided is null");
        }
        String marketplace = call.header("Amazon-Advertising-API-MarketplaceId");
        if (marketplace == null || marketplace.isBlank()) {
            throw AmcError.badRequest("marketplaceId provided is null");
        }
        for (Account account : world.accounts()) {
            if (account.entityId().equals(entity) && account.marketplaceId().equals(marketplace)) {
                return account;
            }
        }
        throw AmcError.of(403, "Unauthorized request");
    }

    private static Instance instance(Account account, String id) throws AmcError {
        for (Instance instance : account.instances()) {
            if (instance.id().equals(id)) {
                return instance;
            }
        }
        throw AmcError.of(403, "Unauthorized request");
    }

    /** Source: recorded answers of the service for two of them; the others are named alike. */
    private static String label(String subscription) {
        return switch (subscription) {
            case "conversions_all" -> "CONVERSIONS_EXPOSURE_V3";
            case "amazon_retail_purchases" -> "PURCHASE_RETAIL_PROGRAM";
            default -> subscription.toUpperCase(Locale.ROOT);
        };
    }

    private ObjectNode shown(Instance instance) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("instanceId", instance.id()).put("instanceName", instance.name());
        json.put("instanceType", instance.type().name());
        json.put("customerCanonicalName", instance.customer());
        json.put("creationStatus", "COMPLETED");
        json.put("creationDatetime", "2025-01-14T08:12:11.572511Z");
        json.put("s3BucketName", instance.bucket()).put("s3BucketRegion", region);
        json.put("awsAccountId", awsAccountId).put("dataUploadAwsAccountId", awsAccountId);
        json.put("apiEndpoint", base.get().toString());
        json.putArray("entities").add("NA");
        json.putNull("acrCollaboration");
        ArrayNode datasets = json.putArray("optionalDatasets");
        for (String subscription : instance.subscriptions()) {
            datasets.addObject()
                    .put("label", label(subscription))
                    .put("activationTime", "2025-01-14T09:00:00.000Z");
        }
        json.putArray("advertiserTypes").add("DISPLAY").add("SPONSORED_ADS");
        return json;
    }

    private static ObjectNode advertisers(AmcCall call, Instance instance) throws AmcError {
        String wanted = call.query().getOrDefault("type", "DISPLAY");
        List<ObjectNode> all = new ArrayList<>();
        for (World.Advertiser advertiser : instance.advertisers()) {
            ObjectNode one = AmcCall.JSON.createObjectNode();
            one.put("name", advertiser.name()).put("id", String.valueOf(advertiser.id()));
            one.putNull("marketplaceId").put("type", wanted);
            one.putArray("configuredAdvertiserTypes").add(wanted);
            all.add(one);
        }
        return AmcCall.list("advertisers", all, call.page()).put("totalCount", all.size());
    }

    private static ObjectNode shown(AmcSchema.Table table) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("dataSourceId", table.name()).put("description", table.description());
        json.put("owner", "AMAZON").put("provider", "AMAZON").put("isPremium", table.paid());
        json.putArray("outputChannels");
        json.putArray("tags");
        ArrayNode columns = json.putArray("columns");
        for (AmcSchema.Column column : table.columns()) {
            columns.addObject()
                    .put("name", column.name())
                    .put("columnType", column.metric() ? "METRIC" : "DIMENSION")
                    .put("dataType", column.dataType())
                    .put("sensitivity", column.threshold().name())
                    .put("description", "");
        }
        return json;
    }

    private ObjectNode downloadUrls(Instance instance, String id) throws AmcError {
        Path file = executions.file(instance, id);
        long expires = clock.instant().plus(LINK_LIVES).getEpochSecond();
        String link = "/downloads/" + id + "/" + file.getFileName();
        String url =
                "%s%s?Expires=%d&Signature=%s"
                        .formatted(
                                base.get(),
                                link,
                                expires,
                                credentials.signature(link + "?" + expires));
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.putArray("downloadUrls").add(url);
        json.putArray("metadataDownloadUrls");
        json.putNull("nextToken");
        return json;
    }

    /** A presigned link: whoever holds it may read, but must not sign the call otherwise. */
    private Answer download(AmcCall call) throws AmcError {
        if (call.header("Authorization") != null) {
            throw AmcError.badRequest(
                    "Only one auth mechanism allowed: fetch download URLs without an Authorization"
                            + " header.");
        }
        Map<String, String> query = call.query();
        String link = "/" + String.join("/", call.path());
        String expires = query.getOrDefault("Expires", "");
        if (!Credentials.same(
                credentials.signature(link + "?" + expires), query.get("Signature"))) {
            throw AmcError.of(403, "SignatureDoesNotMatch");
        }
        if (Long.parseLong(expires) < clock.instant().getEpochSecond()) {
            throw AmcError.of(403, "Request has expired");
        }
        Path file = runner.file(call.path().get(1));
        if (!Files.exists(file)) {
            throw AmcError.of(404, "NoSuchKey");
        }
        return Answer.file(file, "text/csv");
    }
}
