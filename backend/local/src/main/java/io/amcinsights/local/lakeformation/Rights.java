package io.amcinsights.local.lakeformation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.lakeformation.Permissions.Filter;
import io.amcinsights.local.lakeformation.Permissions.Granted;
import io.amcinsights.local.lakeformation.Permissions.OptIn;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the role that asks may read, as Lake Formation decides it. Where it has no say the role may
 * read all: nothing is registered; or the location is registered in hybrid access mode and the role
 * has not opted in. The workspace's own parts read all.
 */
public final class Rights implements Catalogue.Guard {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A registered location.
     *
     * @param prefix of the objects' addresses, {@code s3://BUCKET/}
     * @param databases whose tables lie there
     */
    private record Location(String prefix, boolean hybrid, Set<String> databases) {}

    private final Permissions permissions;
    private final Catalogue catalogue;
    private final List<Location> locations = new CopyOnWriteArrayList<>();

    public Rights(Permissions permissions, Catalogue catalogue) {
        this.permissions = permissions;
        this.catalogue = catalogue;
    }

    /**
     * Registers a bucket.
     *
     * @param databases whose tables lie there
     */
    public void register(String bucket, boolean hybrid, Set<String> databases) {
        locations.add(new Location("s3://" + bucket + "/", hybrid, Set.copyOf(databases)));
    }

    /** Whether Lake Formation decides for the role that asks at a location. */
    private static boolean decides(Location location, String principal, List<OptIn> optIns) {
        return !location.hybrid()
                || optIns.stream()
                        .anyMatch(
                                o ->
                                        o.principal().equals(principal)
                                                && location.databases()
                                                        .contains(o.resource().split("/", -1)[1]));
    }

    /** The locations that Lake Formation guards from the role that asks. */
    private List<Location> guarded() {
        String principal = Caller.principal();
        if (principal == null || locations.isEmpty()) {
            return List.of();
        }
        List<OptIn> optIns = permissions.optIns();
        return locations.stream().filter(l -> decides(l, principal, optIns)).toList();
    }

    /** Whether the role that asks may read the objects of a bucket. */
    public boolean mayRead(String bucket) {
        return guarded().stream().noneMatch(l -> l.prefix().equals("s3://" + bucket + "/"));
    }

    /**
     * What the engine is told with a query; null where the role that asks may do everything. Tables
     * that somebody has put over the lake's files elsewhere are not among those that may be read.
     */
    public @Nullable String ofQuery() {
        List<Location> guarded = guarded();
        if (guarded.isEmpty()) {
            return null;
        }
        ObjectNode rights = JSON.createObjectNode();
        ObjectNode tables = rights.putObject("tables");
        for (ObjectNode database : all(() -> catalogue.databases("", Integer.MAX_VALUE))) {
            String name = database.path("Name").asText();
            for (ObjectNode table : all(() -> catalogue.tables(name, "", Integer.MAX_VALUE))) {
                String rows = rows(guarded, name, table);
                if (rows != null) {
                    tables.put(name + "." + table.path("Name").asText(), rows);
                }
            }
        }
        ArrayNode schemas = rights.putArray("schemas");
        ArrayNode places = rights.putArray("locations");
        for (Location location : guarded) {
            location.databases().forEach(schemas::add);
            places.add(location.prefix());
        }
        return rights.toString();
    }

    private static List<ObjectNode> all(ScopedValue.CallableOp<List<ObjectNode>, AwsError> list) {
        try {
            return Caller.as(Caller.WORKSPACE, list);
        } catch (AwsError e) {
            throw new IllegalStateException("The workspace itself may see everything", e);
        }
    }

    /** Which rows of a table may be read: an expression, empty for all; null for none. */
    private @Nullable String rows(List<Location> guarded, String database, ObjectNode table) {
        if (guarded.stream().noneMatch(l -> l.databases().contains(database))) {
            return liesAnywhereIn(guarded, table) ? null : "";
        }
        String principal = String.valueOf(Caller.principal());
        String name = table.path("Name").asText();
        Set<String> expressions = new TreeSet<>();
        for (Granted granted : permissions.all()) {
            if (!granted.principal().equals(principal)
                    || !Set.of("SELECT", "ALL").contains(granted.permission())) {
                continue;
            }
            String[] on = granted.resource().split("/", -1);
            if (on[0].equals("table")
                    && on[1].equals(database)
                    && (on[2].equals("*") || on[2].equals(name))) {
                return "";
            }
            if (on[0].equals("rows") && on[1].equals(database) && on[2].equals(name)) {
                Filter filter = permissions.filter(database, name, on[3]);
                if (filter != null) {
                    expressions.add("(" + LakeFormationService.expression(filter) + ")");
                }
            }
        }
        return expressions.isEmpty() ? null : String.join(" OR ", expressions);
    }

    private boolean liesAnywhereIn(List<Location> guarded, ObjectNode table) {
        if (liesIn(guarded, table)) {
            return true;
        }
        return !table.path("PartitionKeys").isEmpty()
                && all(() ->
                                        catalogue.partitions(
                                                table,
                                                "",
                                                1,
                                                (values, partition) -> liesIn(guarded, partition)))
                                .size()
                        > 0;
    }

    private static boolean liesIn(List<Location> guarded, JsonNode stored) {
        String place = stored.at("/StorageDescriptor/Location").asText() + "/";
        // the same place has other names
        String plain = place.replaceFirst("^s3[an]:", "s3:");
        return guarded.stream().anyMatch(l -> plain.startsWith(l.prefix()));
    }

    @Override
    public boolean isOpen() {
        return guarded().isEmpty();
    }

    @Override
    public boolean sees(String database) {
        List<Location> guarded = guarded();
        if (guarded.stream().noneMatch(l -> l.databases().contains(database))) {
            return true;
        }
        String principal = String.valueOf(Caller.principal());
        return permissions.all().stream()
                .anyMatch(
                        g ->
                                g.principal().equals(principal)
                                        && g.resource().split("/", -1)[1].equals(database));
    }

    @Override
    public boolean sees(String database, ObjectNode table) {
        List<Location> guarded = guarded();
        return guarded.isEmpty() || rows(guarded, database, table) != null;
    }

    @Override
    public boolean seesAllRows(String database, ObjectNode table) {
        List<Location> guarded = guarded();
        return guarded.isEmpty() || "".equals(rows(guarded, database, table));
    }

    @Override
    public void checkChange(String database, JsonNode stored) throws AwsError {
        List<Location> guarded = guarded();
        if (guarded.stream().anyMatch(l -> l.databases().contains(database))
                || liesIn(guarded, stored)) {
            throw new AwsError(
                    400,
                    "AccessDeniedException",
                    "Insufficient Lake Formation permission(s) to change " + database);
        }
    }
}
