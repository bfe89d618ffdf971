package io.amcinsights.local.amc.engine;

import static io.amcinsights.local.amc.engine.Expressions.name;

import io.amcinsights.local.amc.engine.Expressions.UserCounts;
import io.amcinsights.sql.amc.AmcDuration;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;
import io.amcinsights.sql.amc.Threshold;

import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites AMC SQL as DuckDB SQL in which every row knows its users.
 *
 * <p>Each use of a data source is a path. A relation carries, behind the columns that the query
 * sees, one hidden column a path: the user of the row while rows are single events, the list of
 * users once rows are groups. AMC's thresholds are compared with the number of these users, so that
 * a hundred of them say as much as all.
 */
final class Translator {

    /**
     * A query that DuckDB understands.
     *
     * @param columns visible columns, in order; one hidden column a path follows them
     * @param summed of each visible column: whether it is made by adding up
     */
    record Translation(String sql, List<String> columns, List<Boolean> summed, List<Path> paths) {

        /** Name of the hidden column with the users of a path. */
        static String users(int path) {
            return "__users" + path;
        }
    }

    /**
     * One use of a data source in the query.
     *
     * @param list its hidden column holds a list of users rather than one
     */
    record Path(String source, boolean list) {}

    /**
     * A hidden column.
     *
     * @param list holds a list of users rather than one
     */
    private record Users(String column, String source, boolean list) {}

    /**
     * A visible column.
     *
     * @param determines hidden columns that have one value at most for each value of this one
     * @param summed made by adding up, so that two rows may be added up again
     * @param isUser has one value for each user of these hidden columns, and none where they have
     *     none
     */
    private record Column(String name, Set<String> determines, boolean summed, boolean isUser) {

        Column(String name) {
            this(name, Set.of(), false, false);
        }

        Column named(String other) {
            return new Column(other, determines, summed, isUser);
        }
    }

    private record Relation(String sql, List<Column> columns, List<Users> users) {}

    /** A relation in FROM, under the name by which expressions call it. */
    private record Source(String alias, List<Column> columns, List<Users> users) {

        String path(Users hidden) {
            return name(alias) + "." + name(hidden.column());
        }
    }

    /** What stands in FROM. */
    private static final class From {
        final StringBuilder sql = new StringBuilder();
        final List<Source> sources = new ArrayList<>();

        /** Hidden columns (as alias.column) whose users are the same where both are known. */
        final List<Set<String>> same = new ArrayList<>();

        void equate(Set<String> a, Set<String> b) {
            if (a.isEmpty() || b.isEmpty()) {
                return;
            }
            Set<String> all = new HashSet<>(a);
            all.addAll(b);
            same.removeIf(
                    group -> {
                        boolean touches = group.stream().anyMatch(all::contains);
                        if (touches) {
                            all.addAll(group);
                        }
                        return touches;
                    });
            same.add(all);
        }

        Set<String> closure(Set<String> columns) {
            Set<String> all = new HashSet<>(columns);
            for (Set<String> group : same) {
                if (group.stream().anyMatch(columns::contains)) {
                    all.addAll(group);
                }
            }
            return all;
        }
    }

    private static final String USER_ID = "user_id";

    /** No row ever needs more users: of more, these stand for all. */
    private static final int MOST_USERS = Threshold.HIGH.users();

    private static final AmcDuration NOTHING = AmcDuration.parse("P0D");

    private final AmcSchema schema;
    private final Query query;
    private final Expressions expressions;
    private int hidden;
    private int unnamed;

    private Translator(AmcSchema schema, Query query, Instant now) {
        this.schema = schema;
        this.query = query;
        this.expressions = new Expressions(query, now);
    }

    /**
     * Translates a query that was checked.
     *
     * @param now what CURRENT_DATE means
     */
    static Translation translate(SqlNode tree, AmcSchema schema, Query query, Instant now)
            throws QueryException {
        Translator translator = new Translator(schema, query, now);
        return whole(translator.query(tree, Map.of()));
    }

    private static Translation whole(Relation relation) {
        List<String> items = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        relation.columns().forEach(column -> items.add(name(column.name())));
        for (Users users : relation.users()) {
            items.add(name(users.column()) + " AS " + Translation.users(paths.size()));
            paths.add(new Path(users.source(), users.list()));
        }
        return new Translation(
                "SELECT " + String.join(", ", items) + " FROM (" + relation.sql() + ")",
                relation.columns().stream().map(Column::name).toList(),
                relation.columns().stream().map(Column::summed).toList(),
                paths);
    }

    private Relation query(SqlNode node, Map<String, Relation> ctes) throws QueryException {
        return switch (node) {
            case SqlWith with -> with(with, ctes);
            case SqlSelect select -> select(select, ctes);
            // The order of a sub-query means nothing; LIMIT was refused by the check.
            case SqlOrderBy order -> query(order.query, ctes);
            case SqlBasicCall call when call.getOperator() instanceof SqlSetOperator ->
                    union(call, ctes);
            case SqlBasicCall call when call.getKind() == SqlKind.VALUES -> values(call);
            default -> throw new QueryException("SQL query was invalid");
        };
    }

    private Relation with(SqlWith with, Map<String, Relation> ctes) throws QueryException {
        Map<String, Relation> visible = new HashMap<>(ctes);
        List<String> parts = new ArrayList<>();
        for (SqlNode entry : with.withList) {
            SqlWithItem item = (SqlWithItem) entry;
            Relation relation = query(item.query, visible);
            List<Column> columns = renamed(relation.columns(), item.columnList);
            String table = name("cte_" + item.name.getSimple());
            parts.add(
                    table + columnList(columns, relation.users()) + " AS (" + relation.sql() + ")");
            visible.put(
                    key(item.name.getSimple()),
                    new Relation("SELECT * FROM " + table, columns, relation.users()));
        }
        Relation body = query(with.body, visible);
        return new Relation(
                "WITH " + String.join(", ", parts) + " " + body.sql(),
                body.columns(),
                body.users());
    }

    private static String columnList(List<Column> columns, List<Users> users) {
        List<String> names = new ArrayList<>();
        columns.forEach(c -> names.add(name(c.name())));
        users.forEach(u -> names.add(name(u.column())));
        return "(" + String.join(", ", names) + ")";
    }

    private static List<Column> renamed(List<Column> columns, @Nullable SqlNodeList names) {
        if (names == null) {
            return columns;
        }
        List<Column> renamed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            renamed.add(
                    i < names.size()
                            ? column.named(((SqlIdentifier) names.get(i)).getSimple())
                            : column);
        }
        return renamed;
    }

    private Relation values(SqlBasicCall call) throws QueryException {
        List<String> rows = new ArrayList<>();
        int width = 0;
        for (SqlNode row : call.getOperandList()) {
            List<String> cells = new ArrayList<>();
            for (SqlNode cell : ((SqlCall) row).getOperandList()) {
                cells.add(expression(cell, Map.of()));
            }
            width = cells.size();
            rows.add("(" + String.join(", ", cells) + ")");
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new Column("EXPR$" + i));
        }
        String sql =
                "SELECT * FROM (VALUES "
                        + String.join(", ", rows)
                        + ") AS "
                        + alias()
                        + columnList(columns, List.of());
        return new Relation(sql, columns, List.of());
    }

    private Relation union(SqlBasicCall call, Map<String, Relation> ctes) throws QueryException {
        Relation left = query(call.operand(0), ctes);
        Relation right = query(call.operand(1), ctes);
        List<Users> users = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        Map<String, String> fresh = new HashMap<>();
        for (Users u : left.users()) {
            users.add(new Users(fresh(fresh, "l." + u.column()), u.source(), u.list()));
        }
        for (Users u : right.users()) {
            users.add(new Users(fresh(fresh, "r." + u.column()), u.source(), u.list()));
        }
        for (int i = 0; i < left.columns().size(); i++) {
            Set<String> determines = new HashSet<>();
            left.columns().get(i).determines().forEach(d -> determines.add(fresh(fresh, "l." + d)));
            right.columns()
                    .get(i)
                    .determines()
                    .forEach(d -> determines.add(fresh(fresh, "r." + d)));
            Column first = left.columns().get(i);
            boolean summed = first.summed() && right.columns().get(i).summed();
            boolean isUser = first.isUser() && right.columns().get(i).isUser();
            columns.add(new Column(first.name(), determines, summed, isUser));
        }
        String sql =
                side(left, left.users(), right.users(), true)
                        + " UNION ALL "
                        + side(right, left.users(), right.users(), false);
        String all = "SELECT * FROM (" + sql + ") AS " + alias() + columnList(columns, users);
        Relation relation = new Relation(all, columns, users);
        boolean keepsDuplicates = call.getOperator().getName().endsWith("ALL");
        return keepsDuplicates ? relation : distinct(relation);
    }

    /** One side of a UNION: its own users in their places, nobody in the other side's. */
    private static String side(
            Relation relation, List<Users> left, List<Users> right, boolean isLeft) {
        List<String> items = new ArrayList<>();
        for (Column column : relation.columns()) {
            items.add(name(column.name()));
        }
        left.forEach(u -> items.add(isLeft ? name(u.column()) : nobody(u)));
        right.forEach(u -> items.add(isLeft ? nobody(u) : name(u.column())));
        return "SELECT " + String.join(", ", items) + " FROM (" + relation.sql() + ")";
    }

    private static String nobody(Users users) {
        return users.list() ? "NULL::INTEGER[]" : "NULL::INTEGER";
    }

    private String fresh(Map<String, String> names, String key) {
        return names.computeIfAbsent(key, _ -> "__u" + hidden++);
    }

    /** Rows that look alike become one row that knows the users of all of them. */
    private Relation distinct(Relation relation) {
        List<String> items = new ArrayList<>();
        Set<String> single = new HashSet<>();
        for (Column column : relation.columns()) {
            items.add(name(column.name()));
            single.addAll(column.determines());
        }
        List<Users> users = new ArrayList<>();
        for (Users u : relation.users()) {
            boolean one = !u.list() && single.contains(u.column());
            items.add(gathered(name(u.column()), u.list(), one) + " AS " + name(u.column()));
            users.add(new Users(u.column(), u.source(), !one));
        }
        String keys =
                String.join(", ", relation.columns().stream().map(c -> name(c.name())).toList());
        String sql =
                "SELECT "
                        + String.join(", ", items)
                        + " FROM ("
                        + relation.sql()
                        + ") GROUP BY "
                        + keys;
        return new Relation(sql, relation.columns(), users);
    }

    /** The users of a group, as many as decide whether they are enough. */
    private static String gathered(String column, boolean list, boolean one) {
        if (one) {
            return "any_value(" + column + ")";
        }
        String all =
                list
                        ? "list_distinct(flatten(list(%1$s) FILTER (%1$s IS NOT NULL)))"
                                .formatted(column)
                        : different(column);
        return "list_slice(" + all + ", 1, " + MOST_USERS + ")";
    }

    private static String different(String column) {
        return "list(DISTINCT %1$s) FILTER (%1$s IS NOT NULL)".formatted(column);
    }

    private Relation select(SqlSelect select, Map<String, Relation> ctes) throws QueryException {
        From from = new From();
        if (select.getFrom() != null) {
            from(select.getFrom(), null, ctes, from);
        }
        boolean groups =
                select.getGroup() != null
                        || select.getHaving() != null
                        || select.getSelectList().stream().anyMatch(Translator::containsAggregate);

        List<Set<String>> determined = new ArrayList<>();
        for (SqlNode item : select.getSelectList()) {
            determined.add(determines(SqlUtil.stripAs(item), from));
        }
        Set<String> single = new HashSet<>();
        List<String> keys = new ArrayList<>();
        if (select.getGroup() != null) {
            for (SqlNode key : select.getGroup()) {
                keys.add(groupKey(key, select, determined, from, single, ctes));
            }
        }
        Set<String> one = from.closure(single);
        UserCounts counts = id -> groups ? counted(id, from, one) : null;

        List<String> items = new ArrayList<>();
        List<Column> visible = new ArrayList<>();
        for (SqlNode item : select.getSelectList()) {
            SqlNode value = SqlUtil.stripAs(item);
            String name = outputName(item, items.size());
            items.add(expression(value, ctes, counts) + " AS " + name(name));
            boolean summed = groups ? containsAggregate(value) : isSummed(value, from);
            visible.add(new Column(name, Set.of(), summed, isUser(value, from)));
        }

        List<Users> users = new ArrayList<>();
        Map<String, String> fresh = new HashMap<>();
        for (Source source : from.sources) {
            for (Users u : source.users()) {
                String path = source.path(u);
                boolean isOne = !u.list() && (!groups || one.contains(path));
                String column = fresh(fresh, path);
                String sql = groups ? gathered(path, u.list(), isOne) : path;
                items.add(sql + " AS " + name(column));
                users.add(new Users(column, u.source(), u.list() || !isOne));
            }
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < visible.size(); i++) {
            Set<String> determines = new LinkedHashSet<>();
            for (String path : determined.get(i)) {
                String column = fresh.get(path);
                if (column != null && (!groups || one.contains(path))) {
                    determines.add(column);
                }
            }
            Column column = visible.get(i);
            boolean isUser = column.isUser() && determines.size() == determined.get(i).size();
            columns.add(new Column(column.name(), determines, column.summed(), isUser));
        }

        StringBuilder sql = new StringBuilder("SELECT ").append(String.join(", ", items));
        if (select.getFrom() != null) {
            sql.append(" FROM ").append(from.sql);
        }
        if (select.getWhere() != null) {
            sql.append(" WHERE ").append(expression(select.getWhere(), ctes));
        }
        if (!keys.isEmpty()) {
            sql.append(" GROUP BY ").append(String.join(", ", keys));
        }
        if (select.getHaving() != null) {
            sql.append(" HAVING ").append(expression(select.getHaving(), ctes, counts));
        }
        Relation relation = new Relation(sql.toString(), columns, users);
        return select.isDistinct() ? distinct(relation) : relation;
    }

    private String groupKey(
            SqlNode key,
            SqlSelect select,
            List<Set<String>> determined,
            From from,
            Set<String> single,
            Map<String, Relation> ctes)
            throws QueryException {
        switch (key.getKind()) {
            case ROLLUP, CUBE, GROUPING_SETS ->
                    throw new QueryException(
                            key.getKind() + " is not supported by the AMC simulator.");
            default -> {}
        }
        for (int i = 0; i < determined.size(); i++) {
            boolean ordinal =
                    key instanceof SqlLiteral literal
                            && String.valueOf(i + 1).equals(literal.toValue());
            SqlNode item = select.getSelectList().get(i);
            boolean alias =
                    key instanceof SqlIdentifier id
                            && id.isSimple()
                            && !containsAggregate(item)
                            && id.getSimple().equalsIgnoreCase(outputName(item, i));
            if (ordinal || alias) {
                single.addAll(determined.get(i));
                // By its place, so that an alias wins over a column of the same name.
                return String.valueOf(i + 1);
            }
        }
        if (key instanceof SqlLiteral) {
            throw new QueryException(
                    "GROUP BY %s: the query has only %d columns."
                            .formatted(key, determined.size()));
        }
        single.addAll(determines(key, from));
        return expression(key, ctes);
    }

    private static String outputName(SqlNode item, int index) {
        if (item.getKind() == SqlKind.AS) {
            return ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple();
        }
        return item instanceof SqlIdentifier id ? id.names.getLast() : "EXPR$" + index;
    }

    /** Hidden columns (as alias.column) that an expression fixes: those behind a user id. */
    private static Set<String> determines(SqlNode node, From from) {
        return switch (node) {
            case SqlIdentifier id -> {
                Set<String> found = new HashSet<>();
                String last = id.names.getLast();
                for (Source source : from.sources) {
                    if (id.isSimple() || id.names.getFirst().equalsIgnoreCase(source.alias())) {
                        for (Column column : source.columns()) {
                            if (column.name().equalsIgnoreCase(last)) {
                                column.determines()
                                        .forEach(
                                                d ->
                                                        found.add(
                                                                name(source.alias())
                                                                        + "."
                                                                        + name(d)));
                            }
                        }
                    }
                }
                yield found;
            }
            // Of two equated ids at most the first known one shows: it still fixes both.
            case SqlCall call when isFirstKnown(call) -> {
                Set<String> found = new HashSet<>();
                Set<String> common = null;
                for (SqlNode operand : call.getOperandList()) {
                    Set<String> one = determines(operand, from);
                    Set<String> closed = from.closure(one);
                    if (one.isEmpty() || (common != null && !common.containsAll(one))) {
                        yield Set.of();
                    }
                    common = closed;
                    found.addAll(one);
                }
                yield found;
            }
            default -> Set.of();
        };
    }

    /** The different users of a column, from the lists that are gathered of them anyway. */
    private static @Nullable String counted(SqlIdentifier id, From from, Set<String> one) {
        if (!isUser(id, from)) {
            return null;
        }
        List<String> lists = new ArrayList<>();
        for (Source source : from.sources) {
            for (Users users : source.users()) {
                String path = source.path(users);
                if (!determines(id, from).contains(path)) {
                    continue;
                }
                if (users.list() || one.contains(path)) {
                    return null;
                }
                lists.add("coalesce(" + different(path) + ", [])");
            }
        }
        return switch (lists.size()) {
            case 0 -> null;
            case 1 -> "len(" + lists.getFirst() + ")";
            default -> "len(list_distinct(flatten([" + String.join(", ", lists) + "])))";
        };
    }

    private static boolean isUser(SqlNode node, From from) {
        return switch (node) {
            case SqlIdentifier id -> {
                List<Column> named =
                        from.sources.stream()
                                .filter(
                                        source ->
                                                id.isSimple()
                                                        || source.alias()
                                                                .equalsIgnoreCase(
                                                                        id.names.getFirst()))
                                .flatMap(source -> source.columns().stream())
                                .filter(c -> c.name().equalsIgnoreCase(id.names.getLast()))
                                .toList();
                yield named.size() == 1 && named.getFirst().isUser();
            }
            // Only of equated ids, of which at most one shows.
            case SqlCall call when isFirstKnown(call) ->
                    !determines(call, from).isEmpty()
                            && call.getOperandList().stream().allMatch(o -> isUser(o, from));
            default -> false;
        };
    }

    private static boolean isSummed(SqlNode node, From from) {
        return switch (node) {
            case SqlIdentifier id ->
                    from.sources.stream()
                            .filter(
                                    source ->
                                            id.isSimple()
                                                    || source.alias()
                                                            .equalsIgnoreCase(id.names.getFirst()))
                            .flatMap(source -> source.columns().stream())
                            .anyMatch(
                                    column ->
                                            column.summed()
                                                    && column.name()
                                                            .equalsIgnoreCase(id.names.getLast()));
            case SqlNodeList list -> list.stream().anyMatch(item -> isSummed(item, from));
            case SqlCall call when Expressions.isQuery(call) -> false;
            case SqlCall call ->
                    call.getOperandList().stream()
                            .anyMatch(operand -> operand != null && isSummed(operand, from));
            default -> false;
        };
    }

    private static boolean isFirstKnown(SqlCall call) {
        return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
            case "COALESCE", "IFNULL", "NVL" -> true;
            default -> false;
        };
    }

    private void from(SqlNode node, @Nullable String alias, Map<String, Relation> ctes, From from)
            throws QueryException {
        switch (node) {
            case SqlIdentifier id -> {
                String name = id.getSimple();
                Relation cte = ctes.get(key(name));
                add(
                        cte == null ? table(name, NOTHING, NOTHING) : cte,
                        alias == null ? name : alias,
                        from);
            }
            case SqlJoin join -> join(join, ctes, from);
            case SqlCall call when call.getKind() == SqlKind.AS -> aliased(call, ctes, from);
            case SqlCall call when call.getKind() == SqlKind.COLLECTION_TABLE -> {
                SqlCall function = call.operand(0);
                String table = argument(function, 0);
                Relation relation =
                        table(
                                table,
                                AmcDuration.parse(argument(function, 1)),
                                AmcDuration.parse(argument(function, 2)));
                add(relation, alias == null ? table : alias, from);
            }
            case SqlCall call when call.getKind() == SqlKind.LATERAL ->
                    from(call.operand(0), alias, ctes, from);
            case SqlCall call when call.getKind() == SqlKind.UNNEST ->
                    unnest(call, alias == null ? alias() : alias, List.of(), ctes, from);
            default -> add(query(node, ctes), alias == null ? "__t" + unnamed++ : alias, from);
        }
    }

    private static String argument(SqlCall call, int index) {
        return String.valueOf(((SqlLiteral) call.operand(index)).toValue());
    }

    private static void add(Relation relation, String alias, From from) {
        from.sql.append("(").append(relation.sql()).append(") AS ").append(name(alias));
        from.sources.add(new Source(alias, relation.columns(), relation.users()));
    }

    private void aliased(SqlCall call, Map<String, Relation> ctes, From from)
            throws QueryException {
        String alias = ((SqlIdentifier) call.operand(1)).getSimple();
        List<String> names = new ArrayList<>();
        for (int i = 2; i < call.operandCount(); i++) {
            names.add(((SqlIdentifier) call.operand(i)).getSimple());
        }
        SqlNode inner = call.operand(0);
        SqlNode bare = inner.getKind() == SqlKind.LATERAL ? ((SqlCall) inner).operand(0) : inner;
        if (bare.getKind() == SqlKind.UNNEST) {
            unnest((SqlCall) bare, alias, names, ctes, from);
            return;
        }
        from(inner, alias, ctes, from);
        if (names.isEmpty()) {
            return;
        }
        Source source = from.sources.removeLast();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < source.columns().size(); i++) {
            Column column = source.columns().get(i);
            columns.add(i < names.size() ? column.named(names.get(i)) : column);
        }
        from.sql.append(columnList(columns, source.users()));
        from.sources.add(new Source(alias, columns, source.users()));
    }

    private void unnest(
            SqlCall call, String alias, List<String> names, Map<String, Relation> ctes, From from)
            throws QueryException {
        String column = names.isEmpty() ? alias : names.getFirst();
        from.sql
                .append("unnest(")
                .append(expression(call.operand(0), ctes))
                .append(") AS ")
                .append(name(alias))
                .append("(")
                .append(name(column))
                .append(")");
        from.sources.add(new Source(alias, List.of(new Column(column)), List.of()));
    }

    private void join(SqlJoin join, Map<String, Relation> ctes, From from) throws QueryException {
        from(join.getLeft(), null, ctes, from);
        from.sql.append(
                switch (join.getJoinType()) {
                    case INNER -> " JOIN ";
                    case LEFT -> " LEFT JOIN ";
                    case FULL -> " FULL OUTER JOIN ";
                    case CROSS -> " CROSS JOIN ";
                    case COMMA -> ", ";
                    default ->
                            throw new QueryException(
                                    join.getJoinType() + " JOIN is not supported by AMC.");
                });
        from(join.getRight(), null, ctes, from);
        SqlNode condition = join.getCondition();
        if (join.getConditionType() == JoinConditionType.USING
                && condition instanceof SqlNodeList list) {
            List<String> names = new ArrayList<>();
            for (SqlNode item : list) {
                SqlIdentifier id = (SqlIdentifier) item;
                names.add(name(id.getSimple()));
                Set<String> all = determines(id, from);
                from.equate(all, all);
            }
            from.sql.append(" USING (").append(String.join(", ", names)).append(")");
        } else if (condition != null) {
            from.sql.append(" ON ").append(expression(condition, ctes));
            equalities(condition, from);
        }
    }

    private static void equalities(SqlNode condition, From from) {
        if (condition instanceof SqlCall call && call.getKind() == SqlKind.AND) {
            call.getOperandList().forEach(operand -> equalities(operand, from));
        } else if (condition instanceof SqlCall call && call.getKind() == SqlKind.EQUALS) {
            from.equate(determines(call.operand(0), from), determines(call.operand(1), from));
        }
    }

    private Relation table(String tableName, AmcDuration before, AmcDuration after)
            throws QueryException {
        AmcSchema.Table table = schema.table(tableName);
        if (table == null) {
            throw new QueryException("Object '" + tableName + "' not found");
        }
        String column = "__u" + hidden++;
        StringBuilder sql = new StringBuilder("SELECT *, user_no AS ").append(name(column));
        sql.append(" FROM amc.").append(name(table.name()));
        if (table.timeColumn() != null) {
            sql.append(" WHERE ").append(table.timeColumn()).append(" >= ");
            sql.append(Expressions.timestamp(before.before(query.start())));
            sql.append(" AND ").append(table.timeColumn()).append(" < ");
            sql.append(Expressions.timestamp(after.after(query.end())));
        }
        List<Column> columns = new ArrayList<>();
        for (AmcSchema.Column c : table.columns()) {
            columns.add(
                    new Column(
                            c.name(),
                            c.name().equals(USER_ID) ? Set.of(column) : Set.of(),
                            c.metric(),
                            c.name().equals(USER_ID)));
        }
        return new Relation(
                sql.toString(), columns, List.of(new Users(column, table.name(), false)));
    }

    private String expression(SqlNode node, Map<String, Relation> ctes) throws QueryException {
        return expression(node, ctes, _ -> null);
    }

    private String expression(SqlNode node, Map<String, Relation> ctes, UserCounts counts)
            throws QueryException {
        return expressions.translate(
                node,
                inner -> {
                    Relation relation = query(inner, ctes);
                    List<String> names =
                            relation.columns().stream().map(c -> name(c.name())).toList();
                    return "SELECT " + String.join(", ", names) + " FROM (" + relation.sql() + ")";
                },
                counts);
    }

    private static boolean containsAggregate(@Nullable SqlNode node) {
        return switch (node) {
            case null -> false;
            case SqlNodeList list -> list.stream().anyMatch(Translator::containsAggregate);
            case SqlCall call when Expressions.isQuery(call) -> false;
            case SqlCall call when call.getKind() == SqlKind.OVER -> {
                SqlCall function = call.operand(0);
                yield function.getOperandList().stream().anyMatch(Translator::containsAggregate)
                        || containsAggregate(call.operand(1));
            }
            case SqlCall call ->
                    call.getOperator().isAggregator()
                            || AmcSql.isAggregate(call.getOperator().getName())
                            || call.getOperandList().stream()
                                    .anyMatch(Translator::containsAggregate);
            default -> false;
        };
    }

    private String alias() {
        return "__t" + unnamed++;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
