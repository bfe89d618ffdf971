package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Which call does what: paths, headers and shapes of the AMC APIs. */
final class AmcApi {

    /** An answer: JSON, or a file. */
    record Answer(@Nullable JsonNode json, @Nullable Path file) {

        static Answer of(JsonNode json) {
            return new Answer(json, null);
        }

        static Answer empty() {
            return of(AmcCall.JSON.createObjectNode());
        }
    }

    private static final Duration LINK_LIVES = Duration.ofMinutes(10);

    private final World world;
    private final AmcSchema schema;
    private final Credentials credentials;
    private final Workflows workflows;
    private final Executions executions;
    private final Schedules schedules;
    private final InstantSource clock;
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
            InstantSource clock,
            AmcSimulator.Settings settings,
            Supplier<URI> base) {
        this.world = world;
        this.schema = schema;
        this.credentials = credentials;
        this.workflows = workflows;
        this.executions = executions;
        this.schedules = schedules;
        this.clock = clock;
        this.awsAccountId = settings.awsAccountId();
        this.region = settings.region();
        this.base = base;
    }

    Answer answer(AmcCall call) throws AmcError {
        List<String> path = call.path();
        String first = path.isEmpty() ? "" : path.getFirst();
        if (path.equals(List.of("auth", "o2", "token")) && call.method().equals("POST")) {
            return Answer.of(credentials.exchange(call));
        }
        if (first.equals("downloads") && path.size() == 3 && call.method().equals("GET")) {
            return download(call);
        }
        if (!first.equals("amc")) {
            throw noOperation(call);
        }
        credentials.require(call);
        List<String> rest = path.subList(1, path.size());
        if (rest.equals(List.of("accounts")) && call.method().equals("GET")) {
            return Answer.of(accounts(call));
        }
        Account account = account(call);
        if (rest.size() >= 1 && rest.getFirst().equals("instances")) {
            return instances(call, account, rest.subList(1, rest.size()));
        }
        if (rest.size() >= 3 && rest.getFirst().equals("reporting")) {
            Instance instance = instance(account, rest.get(1));
            executions.prepare(instance);
            String resource = rest.get(2);
            List<String> ids = rest.subList(3, rest.size());
            return switch (resource) {
                case "workflows" -> workflows(call, instance, ids);
                case "workflowExecutions" -> executions(call, instance, ids);
                case "schedules" -> schedules(call, instance, ids);
                case "dataSources" -> dataSources(call, ids);
                default -> throw noOperation(call);
            };
        }
        throw noOperation(call);
    }

    private static AmcError noOperation(AmcCall call) {
        return AmcError.of(
                404,
                "The AMC simulator has no operation %s /%s"
                        .formatted(call.method(), String.join("/", call.path())));
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

    private Answer instances(AmcCall call, Account account, List<String> ids) throws AmcError {
        if (!call.method().equals("GET")) {
            throw noOperation(call);
        }
        if (ids.isEmpty()) {
            List<ObjectNode> all = account.instances().stream().map(this::shown).toList();
            return Answer.of(AmcCall.list("instances", all, call.page()));
        }
        Instance instance = instance(account, ids.getFirst());
        if (ids.size() == 1) {
            return Answer.of(AmcCall.JSON.createObjectNode().set("instance", shown(instance)));
        }
        if (ids.size() == 2 && ids.get(1).equals("advertisers")) {
            return Answer.of(advertisers(call, instance));
        }
        throw noOperation(call);
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
        json.putArray("optionalDatasets");
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

    private Answer workflows(AmcCall call, Instance instance, List<String> ids) throws AmcError {
        if (ids.isEmpty()) {
            return switch (call.method()) {
                case "GET" ->
                        Answer.of(
                                AmcCall.list(
                                        "workflows", workflows.list(instance.id()), call.page()));
                case "POST" -> {
                    workflows.create(instance.id(), call.json());
                    yield Answer.empty();
                }
                default -> throw noOperation(call);
            };
        }
        String id = only(call, ids);
        return switch (call.method()) {
            case "GET" -> Answer.of(workflows.get(instance.id(), id));
            case "PUT" -> {
                workflows.replace(instance.id(), id, call.json());
                yield Answer.empty();
            }
            case "DELETE" -> {
                schedules.requireUnscheduled(instance, id);
                workflows.delete(instance.id(), id);
                yield Answer.empty();
            }
            default -> throw noOperation(call);
        };
    }

    private Answer executions(AmcCall call, Instance instance, List<String> ids) throws AmcError {
        if (ids.isEmpty()) {
            return Answer.of(
                    switch (call.method()) {
                        case "GET" -> executions.list(instance, call);
                        case "POST" -> executions.create(instance, call.json());
                        default -> throw noOperation(call);
                    });
        }
        String id = ids.getFirst();
        if (ids.size() == 2 && ids.get(1).equals("downloadUrls") && call.method().equals("GET")) {
            return Answer.of(downloadUrls(instance, id));
        }
        only(call, ids);
        return Answer.of(
                switch (call.method()) {
                    case "GET" -> executions.get(instance, id);
                    case "PUT" -> executions.cancel(instance, id, call.json());
                    default -> throw noOperation(call);
                });
    }

    private Answer schedules(AmcCall call, Instance instance, List<String> ids) throws AmcError {
        if (ids.isEmpty()) {
            return switch (call.method()) {
                case "GET" ->
                        Answer.of(AmcCall.list("schedules", schedules.list(instance), call.page()));
                case "POST" -> {
                    ObjectNode schedule = call.json();
                    String id = schedule.path("scheduleId").asText("");
                    if (id.isBlank()) {
                        throw AmcError.badRequest("scheduleId is required.");
                    }
                    schedules.put(instance, id, schedule, true);
                    yield Answer.of(schedule);
                }
                default -> throw noOperation(call);
            };
        }
        String id = only(call, ids);
        return switch (call.method()) {
            case "GET" -> Answer.of(schedules.get(instance, id));
            case "PUT" -> {
                ObjectNode schedule = call.json();
                schedules.put(instance, id, schedule, false);
                yield Answer.of(schedule);
            }
            case "DELETE" -> {
                schedules.delete(instance, id);
                yield Answer.empty();
            }
            default -> throw noOperation(call);
        };
    }

    private static String only(AmcCall call, List<String> ids) throws AmcError {
        if (ids.size() != 1) {
            throw noOperation(call);
        }
        return ids.getFirst();
    }

    private Answer dataSources(AmcCall call, List<String> ids) throws AmcError {
        if (!call.method().equals("GET")) {
            throw noOperation(call);
        }
        if (ids.isEmpty()) {
            List<ObjectNode> all = schema.tables().stream().map(AmcApi::shown).toList();
            return Answer.of(AmcCall.list("dataSources", all, call.page()));
        }
        AmcSchema.Table table = schema.table(only(call, ids));
        if (table == null) {
            throw AmcError.badRequest("Data source with ID " + ids.getFirst() + " does not exist.");
        }
        return Answer.of(shown(table));
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
        Path file = executions.file(call.path().get(1));
        if (!Files.exists(file)) {
            throw AmcError.of(404, "NoSuchKey");
        }
        return new Answer(null, file);
    }
}
