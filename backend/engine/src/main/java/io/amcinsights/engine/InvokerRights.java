package io.amcinsights.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.trino.plugin.base.security.AllowAllSystemAccessControl;
import io.trino.spi.Plugin;
import io.trino.spi.QueryId;
import io.trino.spi.connector.CatalogSchemaName;
import io.trino.spi.connector.CatalogSchemaRoutineName;
import io.trino.spi.connector.CatalogSchemaTableName;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.security.AccessDeniedException;
import io.trino.spi.security.Identity;
import io.trino.spi.security.SystemAccessControl;
import io.trino.spi.security.SystemAccessControlFactory;
import io.trino.spi.security.SystemSecurityContext;
import io.trino.spi.security.ViewExpression;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Lets a query read what the one who asks may read. The workspace says so with each query, in the
 * extra credential {@value #CREDENTIAL}: rights change with the next query, and are never looked
 * up. They hold for the whole query: a view, too, reads its tables with the rights of the one who
 * asks, as at Athena, and never with those of its owner.
 */
final class InvokerRights extends AllowAllSystemAccessControl {

    static final String NAME = "amc-insights";
    private static final String CREDENTIAL = "rights";

    /**
     * What may be read.
     *
     * @param tables by {@code schema.table}: which of their rows, as an expression; empty for all
     * @param schemas that nothing may be made or changed in
     * @param locations that no table may be put over
     */
    private record Rights(
            Map<String, String> tables, List<String> schemas, List<String> locations) {}

    /** Many more than run at a time. */
    private static final int REMEMBERED = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CATALOG = "awsdatacatalog";

    /** A table of a table's partitions, which has the partition keys as its columns. */
    private static final String PARTITIONS = "$partitions";

    /** As what the workspace runs UNLOAD. */
    private static final String UNLOAD = "unload_";

    /** Of queries; empty for those that may do everything. */
    private final Map<QueryId, Optional<Rights>> queries =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<QueryId, Optional<Rights>> eldest) {
                    return size() > REMEMBERED;
                }
            };

    static Plugin plugin() {
        return new Plugin() {
            @Override
            public Iterable<SystemAccessControlFactory> getSystemAccessControlFactories() {
                return List.of(
                        new SystemAccessControlFactory() {
                            @Override
                            public String getName() {
                                return NAME;
                            }

                            @Override
                            public SystemAccessControl create(
                                    Map<String, String> config,
                                    SystemAccessControlContext context) {
                                return new InvokerRights();
                            }
                        });
            }
        };
    }

    @Override
    public void checkCanExecuteQuery(Identity identity, QueryId queryId) {
        String text = identity.getExtraCredentials().get(CREDENTIAL);
        Optional<Rights> rights;
        try {
            rights =
                    text == null
                            ? Optional.empty()
                            : Optional.of(JSON.readValue(text, Rights.class));
        } catch (JsonProcessingException e) {
            throw new AccessDeniedException("The rights cannot be read: " + e.getOriginalMessage());
        }
        synchronized (queries) {
            queries.put(queryId, rights);
        }
    }

    /** Null where everything is allowed. */
    private @Nullable Rights of(SystemSecurityContext context) {
        synchronized (queries) {
            Optional<Rights> known = queries.get(context.getQueryId());
            if (known == null) {
                throw new AccessDeniedException("Nobody has said what this query may read");
            }
            return known.orElse(null);
        }
    }

    private static boolean isOwn(String schema) {
        return schema.equals("information_schema");
    }

    private static String key(SchemaTableName table) {
        String name = table.getTableName();
        int hidden = name.indexOf('$');
        return table.getSchemaName() + "." + (hidden > 0 ? name.substring(0, hidden) : name);
    }

    private static boolean reads(Rights rights, SchemaTableName table) {
        return isOwn(table.getSchemaName()) || rights.tables().containsKey(key(table));
    }

    private void checkRead(SystemSecurityContext context, CatalogSchemaTableName table) {
        Rights rights = of(context);
        if (rights != null
                && (!table.getCatalogName().equals(CATALOG)
                        || !reads(rights, table.getSchemaTableName()))) {
            throw new AccessDeniedException(
                    "Insufficient Lake Formation permission(s) on "
                            + table.getSchemaTableName().getTableName());
        }
    }

    private void checkChange(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table.getSchemaTableName().getSchemaName());
    }

    private void checkChange(SystemSecurityContext context, String schema) {
        Rights rights = of(context);
        if (rights != null && rights.schemas().contains(schema)) {
            throw new AccessDeniedException(
                    "Insufficient Lake Formation permission(s) to change anything in " + schema);
        }
    }

    // What is seen

    @Override
    public boolean canAccessCatalog(SystemSecurityContext context, String catalogName) {
        return of(context) == null || catalogName.equals(CATALOG);
    }

    @Override
    public Set<SchemaTableName> filterTables(
            SystemSecurityContext context, String catalogName, Set<SchemaTableName> tableNames) {
        Rights rights = of(context);
        return rights == null ? tableNames : filtered(tableNames, table -> reads(rights, table));
    }

    private static <T> Set<T> filtered(Set<T> all, Predicate<T> wanted) {
        return all.stream().filter(wanted).collect(Collectors.toSet());
    }

    @Override
    public Set<String> filterColumns(
            SystemSecurityContext context, CatalogSchemaTableName table, Set<String> columns) {
        Rights rights = of(context);
        return rights == null || reads(rights, table.getSchemaTableName()) ? columns : Set.of();
    }

    @Override
    public Map<SchemaTableName, Set<String>> filterColumns(
            SystemSecurityContext context,
            String catalogName,
            Map<SchemaTableName, Set<String>> tableColumns) {
        Rights rights = of(context);
        return rights == null
                ? tableColumns
                : tableColumns.entrySet().stream()
                        .filter(e -> reads(rights, e.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void checkCanShowColumns(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkRead(context, table);
    }

    @Override
    public void checkCanShowCreateTable(
            SystemSecurityContext context, CatalogSchemaTableName table) {
        checkRead(context, table);
    }

    // What is read

    @Override
    public void checkCanSelectFromColumns(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            Optional<String> branch,
            Set<String> columns) {
        checkRead(context, table);
    }

    /** Trino asks this of the tables of a view whose owner is another. */
    @Override
    public void checkCanCreateViewWithSelectFromColumns(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            Optional<String> branch,
            Set<String> columns) {
        checkRead(context, table);
    }

    @Override
    public List<ViewExpression> getRowFilters(
            SystemSecurityContext context, CatalogSchemaTableName table) {
        Rights rights = of(context);
        SchemaTableName name = table.getSchemaTableName();
        String hidden = name.getTableName();
        if (rights == null
                || isOwn(name.getSchemaName())
                || (hidden.contains("$") && !hidden.endsWith(PARTITIONS))) {
            return List.of();
        }
        String rows = rights.tables().get(key(name));
        if (rows == null) {
            throw new AccessDeniedException(
                    "Insufficient Lake Formation permission(s) on " + name.getTableName());
        }
        return rows.isEmpty()
                ? List.of()
                : List.of(
                        ViewExpression.builder()
                                .catalog(CATALOG)
                                .schema(name.getSchemaName())
                                .expression(rows)
                                .build());
    }

    // What is changed

    @Override
    public void checkCanCreateTable(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            Map<String, Object> properties) {
        Rights rights = of(context);
        if (rights == null) {
            return;
        }
        if (!table.getSchemaTableName().getTableName().startsWith(UNLOAD)) {
            checkChange(context, table);
        }
        String location = String.valueOf(properties.get("external_location")) + "/";
        if (rights.locations().stream().anyMatch(location::startsWith)) {
            throw new AccessDeniedException(
                    "Insufficient Lake Formation permission(s): no access to the location "
                            + location);
        }
    }

    @Override
    public void checkCanCreateSchema(
            SystemSecurityContext context,
            CatalogSchemaName schema,
            Map<String, Object> properties) {
        Rights rights = of(context);
        String location = String.valueOf(properties.get("location")) + "/";
        if (rights != null && rights.locations().stream().anyMatch(location::startsWith)) {
            throw new AccessDeniedException("The location belongs to the lake: " + location);
        }
    }

    @Override
    public void checkCanDropSchema(SystemSecurityContext context, CatalogSchemaName schema) {
        checkChange(context, schema.getSchemaName());
    }

    @Override
    public void checkCanRenameSchema(
            SystemSecurityContext context, CatalogSchemaName schema, String newSchemaName) {
        checkChange(context, schema.getSchemaName());
    }

    @Override
    public void checkCanDropTable(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanRenameTable(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            CatalogSchemaTableName newTable) {
        checkChange(context, table);
        checkChange(context, newTable);
    }

    @Override
    public void checkCanSetTableProperties(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            Map<String, Optional<Object>> properties) {
        checkChange(context, table);
    }

    @Override
    public void checkCanSetTableComment(
            SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanSetColumnComment(
            SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanAddColumn(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanAlterColumn(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanDropColumn(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanRenameColumn(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanInsertIntoTable(
            SystemSecurityContext context, CatalogSchemaTableName table, Optional<String> branch) {
        checkChange(context, table);
    }

    @Override
    public void checkCanDeleteFromTable(
            SystemSecurityContext context, CatalogSchemaTableName table, Optional<String> branch) {
        checkChange(context, table);
    }

    @Override
    public void checkCanTruncateTable(SystemSecurityContext context, CatalogSchemaTableName table) {
        checkChange(context, table);
    }

    @Override
    public void checkCanUpdateTableColumns(
            SystemSecurityContext context,
            CatalogSchemaTableName table,
            Optional<String> branch,
            Set<String> updatedColumnNames) {
        checkChange(context, table);
    }

    @Override
    public void checkCanCreateView(SystemSecurityContext context, CatalogSchemaTableName view) {
        checkChange(context, view);
    }

    @Override
    public void checkCanRenameView(
            SystemSecurityContext context,
            CatalogSchemaTableName view,
            CatalogSchemaTableName newView) {
        checkChange(context, view);
        checkChange(context, newView);
    }

    @Override
    public void checkCanSetViewComment(SystemSecurityContext context, CatalogSchemaTableName view) {
        checkChange(context, view);
    }

    @Override
    public void checkCanRefreshView(SystemSecurityContext context, CatalogSchemaTableName view) {
        checkChange(context, view);
    }

    @Override
    public void checkCanDropView(SystemSecurityContext context, CatalogSchemaTableName view) {
        checkChange(context, view);
    }

    /** What is called by name changes partitions without asking for more. */
    @Override
    public void checkCanExecuteProcedure(
            SystemSecurityContext context, CatalogSchemaRoutineName procedure) {
        if (of(context) != null) {
            throw new AccessDeniedException("Not allowed to call " + procedure.getRoutineName());
        }
    }

    @Override
    public void checkCanExecuteTableProcedure(
            SystemSecurityContext context, CatalogSchemaTableName table, String procedure) {
        checkChange(context, table);
    }
}
