package io.amcinsights.local.athena;

import io.amcinsights.local.athena.Plan.Leaves;
import io.amcinsights.local.athena.Plan.OnCatalogue;
import io.amcinsights.local.athena.Plan.OnEngine;
import io.amcinsights.local.athena.Query.StatementType;
import io.amcinsights.local.athena.Tokens.TableName;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Caller;
import io.amcinsights.sql.athena.AthenaSql;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides how a statement is done. Most of it is Trino's as it stands; the statements that Athena
 * has of its own or from Hive are done in the catalogue or put into Trino's words. Source: "SQL
 * reference for Athena".
 */
final class Planner {

    /**
     * Where a statement stands.
     *
     * @param database of names that have none
     * @param folder for what has no other place, with a slash at its end
     */
    record Context(String queryId, String workGroup, @Nullable String database, String folder) {}

    private final Catalogue catalogue;
    private final SavedQueries saved;

    Planner(Catalogue catalogue, SavedQueries saved) {
        this.catalogue = catalogue;
        this.saved = saved;
    }

    /**
     * @throws QueryFailure for a statement that Athena does not have, or this workspace does not
     */
    Plan plan(String given, Context context) throws QueryFailure {
        String sql = withoutSemicolon(given);
        Tokens tokens = new Tokens(sql, context.database());
        Token first = tokens.peek(0);
        if (first == null) {
            throw QueryFailure.user("The statement is empty.");
        }
        HiveDdl hive = new HiveDdl(catalogue, tokens);
        return switch (first.text().toUpperCase(Locale.ROOT)) {
            case "SELECT", "WITH", "VALUES", "TABLE", "(" ->
                    engine(StatementType.DML, "SELECT", Leaves.TABLE, sql);
            case "INSERT", "UPDATE", "DELETE", "MERGE" ->
                    engine(
                            StatementType.DML,
                            first.text().toUpperCase(Locale.ROOT),
                            Leaves.NOTHING,
                            sql);
            case "EXPLAIN" -> engine(StatementType.UTILITY, "EXPLAIN", Leaves.TEXT, sql);
            case "UNLOAD" -> unload(sql, tokens, context);
            case "CREATE" -> create(sql, tokens, hive, context);
            case "DROP" -> hive.drop();
            case "ALTER" -> hive.alter();
            case "MSCK" -> repair(tokens);
            case "SHOW" -> show(sql, tokens, hive);
            case "DESCRIBE", "DESC" -> hive.describe();
            case "PREPARE" -> prepare(sql, tokens, context);
            case "EXECUTE" -> execute(sql, tokens, context);
            case "DEALLOCATE" -> deallocate(tokens, context);
            case "OPTIMIZE", "VACUUM" ->
                    throw QueryFailure.user(
                            "%s is for Iceberg tables, which the local workspace does not have. Run it on AWS."
                                    .formatted(first.text().toUpperCase(Locale.ROOT)));
            default -> throw unknown(sql);
        };
    }

    private static OnEngine engine(
            StatementType type, String substatement, Leaves leaves, String sql) {
        return new OnEngine(type, substatement, leaves, sql, Map.of(), null, null);
    }

    private static QueryFailure unknown(String sql) {
        return AthenaSql.check(sql).stream()
                .findFirst()
                .map(
                        problem ->
                                QueryFailure.user(
                                        "line %d:%d: %s"
                                                .formatted(
                                                        problem.line(),
                                                        problem.column(),
                                                        problem.message())))
                .orElseGet(() -> QueryFailure.user("Queries of this type are not supported"));
    }

    /** Athena takes one at the end, Trino none; places stay where they are. */
    private static String withoutSemicolon(String sql) {
        List<Token> tokens = Token.of(sql);
        if (tokens.isEmpty() || !tokens.getLast().isSign(';')) {
            return sql;
        }
        return sql.substring(0, tokens.getLast().start()).stripTrailing();
    }

    private Plan create(String sql, Tokens tokens, HiveDdl hive, Context context)
            throws QueryFailure {
        tokens.expect("CREATE");
        if (tokens.accept("OR", "REPLACE", "VIEW") || tokens.accept("VIEW")) {
            return engine(StatementType.DDL, "CREATE_VIEW", Leaves.TEXT, sql);
        }
        if (tokens.accept("DATABASE") || tokens.accept("SCHEMA")) {
            return hive.createDatabase();
        }
        if (tokens.accept("EXTERNAL", "TABLE")) {
            return hive.createTable();
        }
        tokens.expect("TABLE");
        Integer as = queryOf(tokens);
        if (as == null) {
            throw QueryFailure.user(
                    "A table is made by CREATE EXTERNAL TABLE or by CREATE TABLE ... AS SELECT."
                            + " The local workspace has no Iceberg tables.");
        }
        return createAs(sql, tokens, as, context);
    }

    /** Where the query of a CREATE TABLE AS begins; null if there is none. */
    private static @Nullable Integer queryOf(Tokens tokens) throws QueryFailure {
        int begin = tokens.position();
        Integer found = null;
        while (!tokens.isAtEnd() && found == null) {
            Token token = tokens.peek(0);
            if (token != null && token.isSign('(')) {
                tokens.skipBrackets();
            } else if (tokens.accept("AS")) {
                found = tokens.offsetBefore();
            } else {
                tokens.next();
            }
        }
        tokens.goTo(begin);
        return found;
    }

    private Plan createAs(String sql, Tokens tokens, int query, Context context)
            throws QueryFailure {
        tokens.accept("IF", "NOT", "EXISTS");
        tokens.tableName();
        String head = sql.substring(0, tokens.offsetBefore());
        String comment = "";
        if (tokens.accept("COMMENT")) {
            comment = " COMMENT '" + tokens.text().replace("'", "''") + "'";
        }
        TableProperties properties =
                TableProperties.of(sql, tokens, tokens.accept("WITH"), "write_compression");
        tokens.expect("AS");
        if (!properties.has("external_location")) {
            properties.put(
                    "external_location",
                    "'%stables/%s/'".formatted(context.folder(), context.queryId()));
        }
        return new OnEngine(
                StatementType.DDL,
                "CREATE_TABLE_AS_SELECT",
                Leaves.NOTHING,
                head + comment + properties.trino() + " AS" + sql.substring(query),
                properties.session(),
                null,
                null);
    }

    /** As a table that is taken out of the catalogue when its files are there. */
    private Plan unload(String sql, Tokens tokens, Context context) throws QueryFailure {
        tokens.expect("UNLOAD");
        int begin = tokens.offset();
        tokens.skipBrackets();
        String query = sql.substring(begin + 1, tokens.offsetBefore() - 1);
        tokens.expect("TO");
        String location = tokens.text();
        TableProperties properties =
                TableProperties.of(sql, tokens, tokens.accept("WITH"), "compression");
        tokens.expectEnd();
        if (!properties.has("format")) {
            throw QueryFailure.user("UNLOAD needs a format, as in WITH (format = 'PARQUET')");
        }
        if (context.database() == null) {
            throw QueryFailure.user("UNLOAD needs a database in the query's context");
        }
        properties.put(
                "external_location", "'" + WorkGroup.folder(location).replace("'", "''") + "'");
        String database = context.database().toLowerCase(Locale.ROOT);
        String table = "unload_" + context.queryId().replace('-', '_');
        return new OnEngine(
                StatementType.DML,
                "UNLOAD",
                Leaves.NOTHING,
                "CREATE TABLE \"%s\".\"%s\"%s AS %s"
                        .formatted(
                                database.replace("\"", "\"\""), table, properties.trino(), query),
                properties.session(),
                null,
                () ->
                        Caller.<Plan.Text, AwsError>as(
                                Caller.WORKSPACE,
                                () -> {
                                    catalogue.dropTable(database, table);
                                    return Plan.Text.NONE;
                                }));
    }

    private static Plan repair(Tokens tokens) throws QueryFailure {
        tokens.expect("MSCK");
        tokens.expect("REPAIR", "TABLE");
        TableName table = tokens.tableName();
        tokens.expectEnd();
        return engine(
                StatementType.DDL,
                "MSCK_REPAIR_TABLE",
                Leaves.TEXT,
                "CALL system.sync_partition_metadata('%s', '%s', 'ADD')"
                        .formatted(
                                table.database().replace("'", "''"),
                                table.name().replace("'", "''")));
    }

    private static Plan show(String sql, Tokens tokens, HiveDdl hive) throws QueryFailure {
        tokens.expect("SHOW");
        if (tokens.accept("CREATE", "VIEW")) {
            return engine(StatementType.UTILITY, "SHOW_CREATE_VIEW", Leaves.TEXT, sql);
        }
        return hive.show();
    }

    private Plan prepare(String sql, Tokens tokens, Context context) throws QueryFailure {
        tokens.expect("PREPARE");
        String name = tokens.next().text();
        tokens.expect("FROM");
        String statement = sql.substring(tokens.offset());
        return new OnCatalogue(
                StatementType.DDL,
                "PREPARE",
                () -> {
                    saved.putPrepared(context.workGroup(), name, statement);
                    return Plan.Text.NONE;
                });
    }

    private Plan deallocate(Tokens tokens, Context context) throws QueryFailure {
        tokens.expect("DEALLOCATE");
        tokens.expect("PREPARE");
        String name = tokens.next().text();
        tokens.expectEnd();
        return new OnCatalogue(
                StatementType.DDL,
                "DEALLOCATE",
                () -> {
                    saved.deletePrepared(context.workGroup(), name);
                    return Plan.Text.NONE;
                });
    }

    private Plan execute(String sql, Tokens tokens, Context context) throws QueryFailure {
        tokens.expect("EXECUTE");
        if (tokens.accept("IMMEDIATE")) {
            // Trino would run more, as SHOW STATS, which tells of rows that may not be read.
            if (!(plan(tokens.text(), context) instanceof OnEngine meant)
                    || meant.type() == StatementType.UTILITY) {
                throw QueryFailure.user(
                        "EXECUTE IMMEDIATE runs queries and INSERT, CREATE TABLE AS or UNLOAD");
            }
            return engine(StatementType.DML, "SELECT", Leaves.TABLE, sql);
        }
        String name = tokens.next().text();
        String statement = saved.prepared(context.workGroup(), name);
        if (statement == null) {
            throw QueryFailure.user(
                    "PreparedStatement %s was not found in workGroup %s"
                            .formatted(name, context.workGroup()));
        }
        Plan meant = plan(statement, context);
        if (!(meant instanceof OnEngine onEngine)) {
            throw QueryFailure.user("EXECUTE runs queries and INSERT, CREATE TABLE AS or UNLOAD");
        }
        return new OnEngine(
                onEngine.type(),
                onEngine.substatement(),
                onEngine.leaves(),
                "EXECUTE athena" + sql.substring(tokens.offsetBefore()),
                onEngine.session(),
                onEngine.sql(),
                onEngine.after());
    }

    /** The same with values for its question marks, in their order. */
    static OnEngine with(OnEngine plan, List<String> parameters) {
        if (parameters.isEmpty()) {
            return plan;
        }
        boolean execute = plan.statement() != null;
        return new OnEngine(
                plan.type(),
                plan.substatement(),
                plan.leaves(),
                (execute ? plan.sql() : "EXECUTE athena")
                        + " USING "
                        + String.join(", ", parameters),
                plan.session(),
                execute ? plan.statement() : plan.sql(),
                plan.after());
    }
}
