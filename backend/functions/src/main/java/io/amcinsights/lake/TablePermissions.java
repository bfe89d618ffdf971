package io.amcinsights.lake;

import io.amcinsights.contract.Access;
import io.amcinsights.contract.Access.Mode;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.store.Sha256;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsFailureEntry;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.ColumnWildcard;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationOptInsInfo;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.lakeformation.model.TableResource;
import software.amazon.awssdk.services.lakeformation.model.TableWithColumnsResource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What Lake Formation lets people read in our database.
 *
 * <p>Who may read all tenants has SELECT on all tables, those to come included. Who may read some
 * has, on each table with a column {@code tenant}, SELECT through a data cells filter of his own
 * (one filter with all his tenants, for a principal may use 100 filters of a table and there may be
 * more tenants), and SELECT on the views: a view reads its tables as the one who asks, and cannot
 * have a filter itself. Source: AWS Lake Formation Developer Guide, "Data filtering limitations";
 * Amazon Athena User Guide, "Considerations and limitations for querying data registered with Lake
 * Formation".
 */
final class TablePermissions {

    /**
     * A table of the catalogue.
     *
     * @param filterable it tells the tenant of each row
     */
    record Table(String name, boolean view, boolean filterable) {}

    /**
     * One permission of somebody.
     *
     * @param on what, in the words that are kept of it: {@code database}, {@code table NAME} with
     *     an asterisk for all, {@code rows NAME FILTER}, {@code opt-in database}, {@code opt-in
     *     table *}
     */
    record Held(String principal, String on, String permission) {
        String key() {
            return permission + " " + on;
        }
    }

    /** Everybody whom IAM lets read: how Lake Formation calls that it stands aside. */
    static final String IAM = "IAM_ALLOWED_PRINCIPALS";

    /** Source: Lake Formation Developer Guide, "PartiQL support in row filter expressions". */
    static final int LONGEST_EXPRESSION = 2047;

    private static final String DATABASE = "database";
    private static final String ALL_TABLES = "table *";
    private static final String OPT_IN = "OPT_IN";

    /** How Lake Formation calls all tables where it does not use its wildcard. */
    private static final String ALL_TABLES_NAME = "ALL_TABLES";

    /** Source: API reference, BatchGrantPermissions. */
    private static final int BATCH = 20;

    private final LakeFormationClient client;
    private final String account;
    private final String database;
    private final boolean hybrid;

    /**
     * @param account that the catalogue belongs to
     */
    TablePermissions(LakeFormationClient client, String account, String database, Mode mode) {
        this.client = client;
        this.account = account;
        this.database = database;
        this.hybrid = mode == Mode.HYBRID;
    }

    /** The words of all permissions that a grant comes to. */
    Set<String> wanted(GrantState grant, Collection<Table> tables) {
        Set<String> wanted = new LinkedHashSet<>();
        if (grant.removed()) {
            return wanted;
        }
        wanted.add("DESCRIBE " + DATABASE);
        if (grant.all()) {
            wanted.add("SELECT " + ALL_TABLES);
            wanted.add("DESCRIBE " + ALL_TABLES);
        } else {
            String filter = filter(grant.principal());
            for (Table table : tables) {
                if (table.view()) {
                    wanted.add("SELECT table " + table.name());
                    wanted.add("DESCRIBE table " + table.name());
                } else if (table.filterable()) {
                    wanted.add("SELECT rows %s %s".formatted(table.name(), filter));
                    wanted.add("DESCRIBE table " + table.name());
                }
            }
        }
        if (hybrid) {
            wanted.add(OPT_IN + " " + DATABASE);
            wanted.add(OPT_IN + " " + ALL_TABLES);
        }
        return wanted;
    }

    /** Which rows a grant of some tenants shows. */
    static String expression(List<String> tenants) {
        return tenants.stream()
                .map(t -> "'" + t.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "tenant IN (", ")"));
    }

    private static String filter(String principal) {
        return "amc-insights-" + Sha256.hex(principal).substring(0, 16);
    }

    /** All permissions on our database, of whomever. */
    Set<Held> held() {
        Set<Held> held = new HashSet<>();
        client.listPermissionsPaginator(r -> r.catalogId(account)).stream()
                .flatMap(page -> page.principalResourcePermissions().stream())
                .forEach(p -> add(held, p));
        if (hybrid) {
            client.listLakeFormationOptInsPaginator(r -> {}).stream()
                    .flatMap(page -> page.lakeFormationOptInsInfoList().stream())
                    .forEach(o -> add(held, o));
        }
        return held;
    }

    private void add(Set<Held> held, PrincipalResourcePermissions permissions) {
        String on = words(permissions.resource());
        if (on != null) {
            String principal = permissions.principal().dataLakePrincipalIdentifier();
            permissions
                    .permissionsAsStrings()
                    .forEach(permission -> held.add(new Held(principal, on, permission)));
        }
    }

    private void add(Set<Held> held, LakeFormationOptInsInfo optIn) {
        String on = words(optIn.resource());
        if (on != null) {
            held.add(new Held(optIn.principal().dataLakePrincipalIdentifier(), on, OPT_IN));
        }
    }

    /** What a resource is called here; null where it is none of our database. */
    private @Nullable String words(Resource resource) {
        if (resource.database() != null && database.equals(resource.database().name())) {
            return DATABASE;
        }
        TableResource table = resource.table();
        if (table != null && database.equals(table.databaseName())) {
            return table.tableWildcard() != null || ALL_TABLES_NAME.equals(table.name())
                    ? ALL_TABLES
                    : "table " + table.name();
        }
        // What SELECT on a table is told as.
        TableWithColumnsResource columns = resource.tableWithColumns();
        if (columns != null && database.equals(columns.databaseName())) {
            if (columns.columnWildcard() == null
                    || !columns.columnWildcard().excludedColumnNames().isEmpty()) {
                return "columns " + columns.name();
            }
            return ALL_TABLES_NAME.equals(columns.name()) ? ALL_TABLES : "table " + columns.name();
        }
        if (resource.dataCellsFilter() != null
                && database.equals(resource.dataCellsFilter().databaseName())) {
            return "rows %s %s"
                    .formatted(
                            resource.dataCellsFilter().tableName(),
                            resource.dataCellsFilter().name());
        }
        return null;
    }

    /**
     * Gives a principal what its grant comes to and takes back what it does not; first what makes
     * it read less.
     *
     * @param given what was ours to take back until now
     * @param held what it has now
     */
    void enforce(GrantState grant, Set<String> given, Set<String> held, List<Table> tables) {
        Set<String> wanted = wanted(grant, tables);
        take(
                grant.principal(),
                given.stream().filter(held::contains).filter(g -> !wanted.contains(g)).toList());
        filters(grant, tables, given);
        give(grant.principal(), wanted.stream().filter(w -> !held.contains(w)).toList());
    }

    /** Whether IAM has a say is one more permission, of all whom IAM lets in. */
    void letIamDecide(Collection<Table> tables, Set<Held> held) {
        Set<String> now = new TreeSet<>();
        held.stream().filter(h -> h.principal().equals(IAM)).forEach(h -> now.add(h.key()));
        if (!hybrid) {
            take(IAM, List.copyOf(now));
            return;
        }
        List<String> missing = new ArrayList<>();
        missing.add("ALL " + DATABASE);
        tables.forEach(t -> missing.add("ALL table " + t.name()));
        missing.removeAll(now);
        give(IAM, missing);
    }

    private void filters(GrantState grant, List<Table> tables, Set<String> given) {
        String name = filter(grant.principal());
        boolean some = !grant.removed() && !grant.all();
        for (Table table : tables) {
            boolean used = given.contains("SELECT rows %s %s".formatted(table.name(), name));
            if (!table.filterable() || table.view() || !(some || used)) {
                continue;
            }
            DataCellsFilter found = find(table.name(), name);
            if (!some) {
                if (found != null) {
                    client.deleteDataCellsFilter(
                            r ->
                                    r.tableCatalogId(account)
                                            .databaseName(database)
                                            .tableName(table.name())
                                            .name(name));
                }
                continue;
            }
            String expression = expression(grant.tenants());
            DataCellsFilter right =
                    DataCellsFilter.builder()
                            .tableCatalogId(account)
                            .databaseName(database)
                            .tableName(table.name())
                            .name(name)
                            .rowFilter(f -> f.filterExpression(expression))
                            .columnWildcard(ColumnWildcard.builder().build())
                            .build();
            if (found == null) {
                client.createDataCellsFilter(r -> r.tableData(right));
            } else if (!expression.equals(found.rowFilter().filterExpression())) {
                client.updateDataCellsFilter(r -> r.tableData(right));
            }
        }
    }

    private @Nullable DataCellsFilter find(String table, String name) {
        return client
                .listDataCellsFilterPaginator(
                        r -> r.table(t -> t.catalogId(account).databaseName(database).name(table)))
                .stream()
                .flatMap(page -> page.dataCellsFilters().stream())
                .filter(f -> name.equals(f.name()))
                .findFirst()
                .orElse(null);
    }

    private void give(String principal, List<String> keys) {
        for (List<BatchPermissionsRequestEntry> batch : batches(principal, keys)) {
            refuse(
                    principal,
                    client.batchGrantPermissions(r -> r.catalogId(account).entries(batch))
                            .failures());
        }
        for (String key : optIns(keys)) {
            client.createLakeFormationOptIn(
                    r ->
                            r.principal(p -> p.dataLakePrincipalIdentifier(principal))
                                    .resource(resource(key)));
        }
    }

    private void take(String principal, List<String> keys) {
        for (String key : optIns(keys)) {
            client.deleteLakeFormationOptIn(
                    r ->
                            r.principal(p -> p.dataLakePrincipalIdentifier(principal))
                                    .resource(resource(key)));
        }
        for (List<BatchPermissionsRequestEntry> batch : batches(principal, keys)) {
            refuse(
                    principal,
                    client.batchRevokePermissions(r -> r.catalogId(account).entries(batch))
                            .failures());
        }
    }

    private static List<String> optIns(List<String> keys) {
        return keys.stream().filter(k -> k.startsWith(OPT_IN)).map(k -> on(k)).toList();
    }

    private static String on(String key) {
        return key.substring(key.indexOf(' ') + 1);
    }

    /** One entry for each resource, in batches. */
    private List<List<BatchPermissionsRequestEntry>> batches(String principal, List<String> keys) {
        Map<String, List<Permission>> byResource = new LinkedHashMap<>();
        keys.stream()
                .filter(k -> !k.startsWith(OPT_IN))
                .forEach(
                        k ->
                                byResource
                                        .computeIfAbsent(on(k), r -> new ArrayList<>())
                                        .add(Permission.fromValue(k.substring(0, k.indexOf(' ')))));
        List<BatchPermissionsRequestEntry> entries = new ArrayList<>();
        byResource.forEach(
                (on, permissions) ->
                        entries.add(
                                BatchPermissionsRequestEntry.builder()
                                        .id("e" + entries.size())
                                        .principal(p -> p.dataLakePrincipalIdentifier(principal))
                                        .resource(resource(on))
                                        .permissions(permissions)
                                        .build()));
        List<List<BatchPermissionsRequestEntry>> batches = new ArrayList<>();
        for (int i = 0; i < entries.size(); i += BATCH) {
            batches.add(entries.subList(i, Math.min(i + BATCH, entries.size())));
        }
        return batches;
    }

    private Resource resource(String on) {
        String[] words = on.split(" ", -1);
        return switch (words[0]) {
            case DATABASE ->
                    Resource.builder().database(d -> d.catalogId(account).name(database)).build();
            case "table" ->
                    Resource.builder()
                            .table(
                                    t -> {
                                        t.catalogId(account).databaseName(database);
                                        if (words[1].equals("*")) {
                                            t.tableWildcard(w -> {});
                                        } else {
                                            t.name(words[1]);
                                        }
                                    })
                            .build();
            case "rows" ->
                    Resource.builder()
                            .dataCellsFilter(
                                    f ->
                                            f.tableCatalogId(account)
                                                    .databaseName(database)
                                                    .tableName(words[1])
                                                    .name(words[2]))
                            .build();
            default -> throw new IllegalArgumentException(on);
        };
    }

    private static void refuse(String principal, List<BatchPermissionsFailureEntry> failures) {
        for (BatchPermissionsFailureEntry failure : failures) {
            String code = String.valueOf(failure.error().errorCode());
            String message = String.valueOf(failure.error().errorMessage());
            if (code.startsWith("InvalidInput") && message.contains("rincipal")) {
                throw Failure.invalid(
                                "principal",
                                "Lake Formation does not know “%s”.".formatted(principal))
                        .next("Enter the ARN with its whole path, as IAM shows it.")
                        .with("reason", message)
                        .exception();
            }
            if (!code.startsWith("EntityNotFound")) {
                throw refused(message);
            }
        }
    }

    static FailureException refused(String message) {
        return Failure.of(ErrorCode.INTERNAL, "Lake Formation refused: " + message)
                .next(
                        "It is tried again every hour. The role of the function lake must be"
                                + " allowed to grant on the database, as the template does it.")
                .exception();
    }

    /** What others have given, by principal and resource. */
    List<Access.Foreign> foreign(Set<Held> held, Predicate<Held> ours) {
        Map<String, Map<String, Set<String>>> found = new TreeMap<>();
        held.stream()
                .filter(h -> !h.principal().equals(IAM))
                .filter(h -> !ours.test(h))
                .forEach(
                        h ->
                                found.computeIfAbsent(h.principal(), p -> new TreeMap<>())
                                        .computeIfAbsent(inWords(h.on()), o -> new TreeSet<>())
                                        .add(h.permission()));
        List<Access.Foreign> foreign = new ArrayList<>();
        found.forEach(
                (principal, on) ->
                        on.forEach(
                                (what, permissions) ->
                                        foreign.add(
                                                new Access.Foreign(
                                                        principal,
                                                        what,
                                                        List.copyOf(permissions)))));
        return foreign;
    }

    private static String inWords(String on) {
        String[] words = on.split(" ", -1);
        return switch (words[0]) {
            case DATABASE -> "the database";
            case "table" -> words[1].equals("*") ? "all tables" : "the table " + words[1];
            case "rows" -> "rows of %s (filter %s)".formatted(words[1], words[2]);
            default -> "columns of " + words[1];
        };
    }
}
