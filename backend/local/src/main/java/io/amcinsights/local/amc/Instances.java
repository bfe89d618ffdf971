package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Advertiser;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The instances of each account: those of the world, and what callers of the Administration API
 * made of them. Source: Amazon Ads, AMC Administration API reference.
 */
final class Instances {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9 ]{3,50}");
    private static final Pattern AWS_ACCOUNT = Pattern.compile("\\d{12}");

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** A new instance is requested, then in the making, then there. */
    private static final Duration REQUESTED = Duration.ofSeconds(1);

    private static final Duration MAKING = Duration.ofSeconds(3);

    /** How long an idempotencyToken counts. */
    private static final Duration IDEMPOTENT = Duration.ofMinutes(10);

    private static final int USERS = 20_000;
    private static final String WORLD_MADE = "2025-01-14T08:12:11.572511Z";

    /** What callers made of an instance. */
    private record Change(String id, String account, ObjectNode body, boolean deleted) {}

    private final World world;
    private final Database database;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;
    private final AmcSimulator.Settings settings;
    private final Supplier<URI> base;
    private final Set<String> withoutBucket = ConcurrentHashMap.newKeySet();

    Instances(
            World world,
            Database database,
            InstantSource clock,
            Supplier<Behaviour> behaviour,
            AmcSimulator.Settings settings,
            Supplier<URI> base) {
        this.world = world;
        this.database = database;
        this.clock = clock;
        this.behaviour = behaviour;
        this.settings = settings;
        this.base = base;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_instance (id TEXT PRIMARY KEY, account TEXT NOT"
                        + " NULL, body TEXT NOT NULL, deleted INTEGER NOT NULL)");
    }

    List<Account> accounts() {
        return world.accounts();
    }

    /** All that exist. */
    List<Instance> all() {
        return world.accounts().stream().flatMap(a -> of(a).stream()).toList();
    }

    /** Those of one account: the world's first, then the made ones. */
    List<Instance> of(Account account) {
        Map<String, Change> changes = changes();
        List<Instance> all = new ArrayList<>();
        for (Instance instance : account.instances()) {
            Change change = changes.remove(instance.id());
            if (change == null || !change.deleted()) {
                all.add(instance);
            }
        }
        for (Change change : changes.values()) {
            if (change.account().equals(account.entityId()) && !change.deleted()) {
                all.add(made(account, change));
            }
        }
        return all;
    }

    @Nullable Instance find(String id) {
        for (Instance instance : all()) {
            if (instance.id().equals(id)) {
                return instance;
            }
        }
        return null;
    }

    /**
     * @throws AmcError the account has no such instance; AMC says no more than that
     */
    Instance require(Account account, String id) throws AmcError {
        for (Instance instance : of(account)) {
            if (instance.id().equals(id)) {
                return instance;
            }
        }
        throw AmcError.of(403, "Unauthorized request");
    }

    /**
     * @throws AmcError the instance is still being made
     */
    void requireMade(Instance instance) throws AmcError {
        if (!status(change(instance)).equals("COMPLETED")) {
            throw AmcError.badRequest(
                    "Instance %s is not ready: its creation is not completed."
                            .formatted(instance.id()));
        }
    }

    /** Where results go; null where the instance has no bucket. */
    @Nullable String bucket(Instance instance) {
        if (withoutBucket.contains(instance.id())) {
            return null;
        }
        Change change = change(instance);
        if (change != null && change.body().has("s3BucketName")) {
            String name = change.body().path("s3BucketName").asText();
            return name.isEmpty() ? null : name;
        }
        return isOfWorld(instance) ? instance.bucket() : null;
    }

    /** Takes an instance's bucket away, or gives it back; forgotten at the next start. */
    void setBucketless(Instance instance, boolean bucketless) {
        if (bucketless) {
            withoutBucket.add(instance.id());
        } else {
            withoutBucket.remove(instance.id());
        }
    }

    void reset() {
        withoutBucket.clear();
    }

    ObjectNode create(Account account, ObjectNode request) throws AmcError {
        check(request, true);
        String token = request.path("idempotencyToken").asText("");
        if (token.length() > 36) {
            throw AmcError.badRequest("idempotencyToken must have 1 to 36 characters.");
        }
        Instant now = clock.instant();
        for (Change change : changes().values()) {
            ObjectNode body = change.body();
            boolean fresh =
                    body.path("created").asLong() > now.minus(IDEMPOTENT).toEpochMilli()
                            && change.account().equals(account.entityId());
            if (!token.isEmpty() && fresh && body.path("idempotencyToken").asText().equals(token)) {
                return shown(made(account, change));
            }
        }
        String id = "amc" + UUID.randomUUID().toString().replace("-", "").substring(0, 8);
        ObjectNode body = AmcCall.JSON.createObjectNode();
        for (String field :
                List.of("instanceName", "advertiserName", "awsAccountId", "s3BucketName")) {
            body.put(field, request.path(field).asText(""));
        }
        body.put("idempotencyToken", token).put("created", now.toEpochMilli());
        Change change = new Change(id, account.entityId(), body, false);
        keep(change);
        return shown(made(account, change));
    }

    ObjectNode update(Account account, Instance instance, ObjectNode request) throws AmcError {
        requireMade(instance);
        check(request, false);
        Change change = change(instance);
        ObjectNode body =
                change == null ? AmcCall.JSON.createObjectNode() : change.body().deepCopy();
        for (String field :
                List.of("instanceName", "advertiserName", "awsAccountId", "s3BucketName")) {
            if (request.hasNonNull(field)) {
                body.put(field, request.path(field).asText());
            }
        }
        if (request.hasNonNull("s3BucketName")) {
            setBucketless(instance, false);
        }
        keep(new Change(instance.id(), account.entityId(), body, false));
        return shown(require(account, instance.id()));
    }

    /** Links an AWS account and its bucket; gives the page that would create the bucket there. */
    ObjectNode link(Account account, Instance instance, ObjectNode request) throws AmcError {
        String aws = request.path("awsAccountId").asText("");
        String bucket = request.path("bucketName").asText("");
        if (aws.isEmpty() || bucket.isEmpty()) {
            throw AmcError.badRequest("awsAccountId and bucketName are required.");
        }
        ObjectNode change = AmcCall.JSON.createObjectNode();
        update(account, instance, change.put("awsAccountId", aws).put("s3BucketName", bucket));
        return AmcCall.JSON
                .createObjectNode()
                .put(
                        "cfnBucketUrl",
                        "https://console.aws.amazon.com/cloudformation/home?region=%s#/stacks/quickcreate?stackName=%s&param_BucketName=%s"
                                .formatted(settings.region(), instance.id(), bucket));
    }

    void delete(Account account, Instance instance) {
        Change change = change(instance);
        ObjectNode body = change == null ? AmcCall.JSON.createObjectNode() : change.body();
        keep(new Change(instance.id(), account.entityId(), body, true));
    }

    private static void check(ObjectNode request, boolean isNew) throws AmcError {
        for (String field : List.of("instanceName", "advertiserName")) {
            boolean needed = isNew && field.equals("instanceName");
            boolean given = request.hasNonNull(field);
            if ((needed || given) && !NAME.matcher(request.path(field).asText("")).matches()) {
                throw AmcError.badRequest(field + " must have 3 to 50 letters, digits and spaces.");
            }
        }
        String aws = request.path("awsAccountId").asText("");
        if (!aws.isEmpty() && !AWS_ACCOUNT.matcher(aws).matches()) {
            throw AmcError.badRequest("awsAccountId must have 12 digits.");
        }
        String bucket = request.path("s3BucketName").asText("");
        if (!bucket.isEmpty() && !BUCKET.matcher(bucket).matches()) {
            throw AmcError.badRequest("s3BucketName is not the name of a bucket: " + bucket);
        }
    }

    private String status(@Nullable Change change) {
        if (change == null || !change.body().has("created")) {
            return "COMPLETED";
        }
        Instant created = Instant.ofEpochMilli(change.body().path("created").asLong());
        Duration age = Duration.between(created, clock.instant());
        // One that was made before the clock was put back is there all the same.
        if (age.isNegative() || age.compareTo(behaviour.get().scaled(MAKING)) >= 0) {
            return "COMPLETED";
        }
        return age.compareTo(behaviour.get().scaled(REQUESTED)) < 0 ? "REQUESTED" : "IN_PROGRESS";
    }

    /** Source: recorded answers of the service for two of them; the others are named alike. */
    private static String label(String subscription) {
        return switch (subscription) {
            case "conversions_all" -> "CONVERSIONS_EXPOSURE_V3";
            case "amazon_retail_purchases" -> "PURCHASE_RETAIL_PROGRAM";
            default -> subscription.toUpperCase(Locale.ROOT);
        };
    }

    ObjectNode shown(Instance instance) {
        Change change = change(instance);
        ObjectNode own = change == null ? AmcCall.JSON.createObjectNode() : change.body();
        String bucket = bucket(instance);
        String aws = isOfWorld(instance) ? settings.awsAccountId() : "";
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("instanceId", instance.id());
        json.put("instanceName", own.path("instanceName").asText(instance.name()));
        json.put("instanceType", instance.type().name());
        json.put(
                "customerCanonicalName",
                own.path("advertiserName")
                        .asText(instance.advertisers().isEmpty() ? "" : instance.customer()));
        json.put("creationStatus", status(change));
        json.put(
                "creationDatetime",
                own.has("created")
                        ? Instant.ofEpochMilli(own.path("created").asLong()).toString()
                        : WORLD_MADE);
        json.put("s3BucketName", bucket == null ? "" : bucket);
        json.put("s3BucketRegion", bucket == null ? "" : settings.region());
        json.put("awsAccountId", own.path("awsAccountId").asText(aws));
        json.put("dataUploadAwsAccountId", settings.awsAccountId());
        json.put("apiEndpoint", base.get().toString());
        // Always so, and without meaning.
        json.putArray("entities").add("NA");
        json.putNull("acrCollaboration");
        ArrayNode datasets = json.putArray("optionalDatasets");
        for (String subscription : instance.subscriptions()) {
            datasets.addObject()
                    .put("label", label(subscription))
                    .put("activationTime", WORLD_MADE);
        }
        ArrayNode types = json.putArray("advertiserTypes");
        instance.advertisers().stream()
                .flatMap(a -> Advertisers.types(a).stream())
                .distinct()
                .sorted()
                .forEach(types::add);
        return json;
    }

    /** An instance that a caller made: the advertiser of that name feeds it, if there is one. */
    private static Instance made(Account account, Change change) {
        String name = change.body().path("advertiserName").asText();
        List<Advertiser> advertisers =
                account.instances().stream()
                        .flatMap(i -> i.advertisers().stream())
                        .filter(a -> a.name().equalsIgnoreCase(name))
                        .distinct()
                        .toList();
        return new Instance(
                change.id(),
                change.body().path("instanceName").asText(),
                Instance.Type.STANDARD,
                USERS,
                "",
                advertisers);
    }

    private boolean isOfWorld(Instance instance) {
        return world.instance(instance.id()) != null;
    }

    private @Nullable Change change(Instance instance) {
        return changes().get(instance.id());
    }

    private Map<String, Change> changes() {
        Map<String, Change> changes = new LinkedHashMap<>();
        database.read(
                        c ->
                                Sql.query(
                                        c,
                                        "SELECT id, account, body, deleted FROM amc_instance ORDER"
                                                + " BY rowid",
                                        r ->
                                                new Change(
                                                        r.getString(1),
                                                        r.getString(2),
                                                        Workflows.parsed(r.getString(3)),
                                                        r.getBoolean(4))))
                .forEach(change -> changes.put(change.id(), change));
        return changes;
    }

    private void keep(Change change) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT INTO amc_instance VALUES (?, ?, ?, ?) ON CONFLICT (id) DO"
                                        + " UPDATE SET body = excluded.body, deleted ="
                                        + " excluded.deleted",
                                change.id(),
                                change.account(),
                                change.body().toString(),
                                change.deleted()));
    }
}
