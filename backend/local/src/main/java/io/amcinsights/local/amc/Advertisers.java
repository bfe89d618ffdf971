package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Advertiser;
import io.amcinsights.local.amc.world.World.Campaign;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which advertisers feed an instance, and the requests to change that. A change shows in the list
 * when it is completed; events that are made already stay as they are. Source: Amazon Ads, AMC
 * Administration API reference.
 */
final class Advertisers {

    private static final Set<String> DSP = Set.of("display", "stv", "olv", "audio");
    private static final int MOST_CHANGES = 10;
    private static final Duration PENDING = Duration.ofSeconds(1);
    private static final Duration UPDATING = Duration.ofSeconds(3);

    private record Update(int id, Instant created, ObjectNode body) {}

    private final Database database;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;

    Advertisers(Database database, InstantSource clock, Supplier<Behaviour> behaviour) {
        this.database = database;
        this.clock = clock;
        this.behaviour = behaviour;
        database.define(
                "CREATE TABLE IF NOT EXISTS amc_advertiser_update (instance TEXT NOT NULL, id"
                    + " INTEGER NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY"
                    + " (instance, id))");
    }

    /** What kinds of advertising an advertiser does, as the API names them. */
    static List<String> types(Advertiser advertiser) {
        boolean dsp =
                advertiser.campaigns().stream().map(Campaign::channel).anyMatch(DSP::contains);
        boolean sponsored =
                advertiser.campaigns().stream()
                        .map(Campaign::channel)
                        .anyMatch(c -> !DSP.contains(c));
        List<String> types = new ArrayList<>();
        if (dsp) {
            types.add("DISPLAY");
        }
        if (sponsored) {
            types.add("SPONSORED_ADS");
        }
        return types;
    }

    ObjectNode list(AmcCall call, Account account, Instance instance) throws AmcError {
        String wanted = call.query().get("type");
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode one : feeding(account, instance)) {
            if (wanted == null || one.path("type").asText().equals(wanted)) {
                all.add(one);
            }
        }
        return AmcCall.list("advertisers", all, call.page()).put("totalCount", all.size());
    }

    private List<ObjectNode> feeding(Account account, Instance instance) {
        List<ObjectNode> all = new ArrayList<>();
        instance.advertisers().forEach(a -> all.addAll(shown(account, a)));
        List<ObjectNode> known = known(account);
        for (Update update : updates(instance)) {
            if (!status(update).equals("COMPLETED")) {
                continue;
            }
            for (JsonNode removed : update.body().path("advertisersToRemove")) {
                all.removeIf(a -> isSame(a, removed));
            }
            for (JsonNode added : update.body().path("advertisersToAdd")) {
                if (all.stream().noneMatch(a -> isSame(a, added))) {
                    known.stream().filter(a -> isSame(a, added)).findFirst().ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private static boolean isSame(JsonNode advertiser, JsonNode named) {
        return advertiser.path("id").asText().equals(named.path("id").asText())
                && advertiser.path("type").asText().equals(named.path("type").asText());
    }

    private static List<ObjectNode> known(Account account) {
        return account.instances().stream()
                .flatMap(i -> i.advertisers().stream())
                .distinct()
                .flatMap(a -> shown(account, a).stream())
                .toList();
    }

    /** One entry for each kind, as sponsored ads know an advertiser by another id. */
    private static List<ObjectNode> shown(Account account, Advertiser advertiser) {
        List<ObjectNode> entries = new ArrayList<>();
        for (String type : types(advertiser)) {
            boolean display = type.equals("DISPLAY");
            ObjectNode one = AmcCall.JSON.createObjectNode().put("name", advertiser.name());
            one.put("id", (display ? "" : "ENTITY") + advertiser.id());
            one.put("marketplaceId", display ? null : account.marketplaceId()).put("type", type);
            var configured = one.putArray("configuredAdvertiserTypes");
            if (display) {
                configured.add("DISPLAY");
            } else {
                configured.add("SPONSORED_BRANDS").add("SPONSORED_PRODUCTS");
            }
            entries.add(one);
        }
        return entries;
    }

    ObjectNode change(Account account, Instance instance, ObjectNode request) throws AmcError {
        List<Update> before = updates(instance);
        if (!before.isEmpty()) {
            String status = status(before.getLast());
            if (status.equals("PENDING") || status.equals("UPDATING")) {
                throw AmcError.badRequest(
                        "Update %d of the advertisers is not completed; only one can be open."
                                .formatted(before.getLast().id()));
            }
        }
        ObjectNode body = AmcCall.JSON.createObjectNode();
        boolean accepted = true;
        List<ObjectNode> known = known(account);
        for (String field : List.of("advertisersToAdd", "advertisersToRemove")) {
            var list = body.putArray(field);
            if (request.path(field).size() > MOST_CHANGES) {
                throw AmcError.badRequest(field + " has more than 10 advertisers.");
            }
            for (JsonNode one : request.path(field)) {
                list.add(one);
                accepted &= known.stream().anyMatch(a -> isSame(a, one));
            }
        }
        if (body.path("advertisersToAdd").isEmpty() && body.path("advertisersToRemove").isEmpty()) {
            throw AmcError.badRequest("Give advertisersToAdd or advertisersToRemove.");
        }
        body.put("accepted", accepted);
        Update update = new Update(before.size(), clock.instant(), body);
        database.write(
                c ->
                        Sql.update(
                                c,
                                "INSERT INTO amc_advertiser_update VALUES (?, ?, ?, ?)",
                                instance.id(),
                                update.id(),
                                update.created().toEpochMilli(),
                                body.toString()));
        return wrapped(update);
    }

    ObjectNode listUpdates(AmcCall call, Instance instance) throws AmcError {
        List<ObjectNode> all = updates(instance).stream().map(this::shown).toList();
        return AmcCall.list("advertiserUpdates", all, call.page());
    }

    ObjectNode getUpdate(Instance instance, String id) throws AmcError {
        for (Update update : updates(instance)) {
            if (String.valueOf(update.id()).equals(id)) {
                return wrapped(update);
            }
        }
        throw AmcError.of(404, "Advertiser update " + id + " does not exist.");
    }

    private ObjectNode wrapped(Update update) {
        return AmcCall.JSON.createObjectNode().set("advertiserUpdate", shown(update));
    }

    private ObjectNode shown(Update update) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("updateId", update.id()).put("status", status(update));
        json.set("advertisersToAdd", update.body().path("advertisersToAdd"));
        json.set("advertisersToRemove", update.body().path("advertisersToRemove"));
        return json;
    }

    private String status(Update update) {
        Duration age = Duration.between(update.created(), clock.instant());
        if (!age.isNegative() && age.compareTo(behaviour.get().scaled(PENDING)) < 0) {
            return "PENDING";
        }
        if (!update.body().path("accepted").asBoolean()) {
            return "REJECTED";
        }
        boolean open = !age.isNegative() && age.compareTo(behaviour.get().scaled(UPDATING)) < 0;
        return open ? "UPDATING" : "COMPLETED";
    }

    private List<Update> updates(Instance instance) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT id, created, body FROM amc_advertiser_update WHERE instance"
                                        + " = ? ORDER BY id",
                                r ->
                                        new Update(
                                                r.getInt(1),
                                                Instant.ofEpochMilli(r.getLong(2)),
                                                Workflows.parsed(r.getString(3))),
                                instance.id()));
    }
}
