package io.amcinsights.sql.amc;

import static io.amcinsights.sql.amc.Scope.key;

import io.amcinsights.sql.Problem;
import io.amcinsights.sql.Problem.Severity;
import io.amcinsights.sql.amc.Scope.Column;
import io.amcinsights.sql.amc.Scope.Relation;
import io.amcinsights.sql.amc.Scope.Source;
import io.amcinsights.sql.amc.Scope.Trait;

import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Resolves the names of a query, follows privacy classes through it, and notes what is wrong. */
final class Checker {

    private static final Set<String> CURRENCIES =
            Set.of("currency_iso_code", "currency_name", "purchase_currency", "currency_code");

    /** Source: Amazon Ads, data source pages: costs are in millicents or microcents. */
    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("impression_cost", "millicents: divide by 100000"),
                    Map.entry("total_cost", "millicents: divide by 100000"),
                    Map.entry("click_cost", "millicents: divide by 100000"),
                    Map.entry("supply_cost", "microcents: divide by 100000000"),
                    Map.entry("platform_fee", "microcents: divide by 100000000"),
                    Map.entry("audience_fee", "microcents: divide by 100000000"),
                    Map.entry("bid_price", "microcents: divide by 100000000"),
                    Map.entry("third_party_fees", "microcents: divide by 100000000"),
                    Map.entry("managed_service_fee", "microcents: divide by 100000000"),
                    Map.entry("ocm_fee", "microcents: divide by 100000000"),
                    Map.entry("spend", "microcents: divide by 100000000"));

    private final AmcSchema schema;
    private final Set<String> declared;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> parameters = new LinkedHashSet<>();
    private final Set<String> tables = new LinkedHashSet<>();
    private final Map<AmcSchema.Table, List<Column>> columns = new HashMap<>();
    private final ParameterTypes types = new ParameterTypes();

    private boolean aggregated;
    private boolean currencyUsed;
    private @Nullable SqlParserPos money;

    private Checker(AmcSchema schema, Set<String> declared) {
        this.schema = schema;
        this.declared = declared;
    }

    static AmcQuery check(
            SqlNode tree, AmcSchema schema, Set<String> declared, boolean aggregationControls) {
        Checker checker = new Checker(schema, declared);
        SqlNode query = tree;
        if (query instanceof SqlOrderBy order && order.fetch == null && order.offset == null) {
            checker.error(
                    order.orderList.getParserPosition(),
                    "ORDER BY at the end of a query is not supported by AMC: results come unsorted."
                            + " Remove it.");
            query = order.query;
        }
        Relation result = checker.query(query, Map.of(), null);
        if (aggregationControls) {
            checker.controls(tree, result);
        }
        checker.whole(tree);
        checker.problems.sort(
                Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        List<AmcQuery.Output> outputs = result.columns().stream().map(Checker::output).toList();
        List<AmcQuery.Parameter> parameters =
                checker.parameters.stream().map(checker.types::of).toList();
        return new AmcQuery(
                tree, List.copyOf(checker.problems), outputs, parameters, checker.tables);
    }

    private static AmcQuery.Output output(Column column) {
        Trait trait = column.trait();
        List<AmcQuery.Origin> because =
                trait.origins().stream().filter(o -> o.threshold() == trait.threshold()).toList();
        return new AmcQuery.Output(
                column.name(), trait.type(), trait.threshold(), trait.metric(), because);
    }

    /** What keeps single people's events inside AMC. */
    private void controls(SqlNode tree, Relation result) {
        if (!aggregated && problems.stream().noneMatch(p -> p.severity() == Severity.ERROR)) {
            error(
                    start(tree),
                    "The query has no aggregation. AMC returns only aggregated rows: add GROUP BY,"
                            + " or a function such as COUNT or SUM.");
        }
        List<String> strict = new ArrayList<>();
        for (Column column : result.columns()) {
            String cost = column.trait().cost();
            if (cost != null) {
                warn(column.pos(), "%s is in %s.".formatted(cost, UNITS.get(cost)));
            }
            Threshold threshold = column.trait().threshold();
            if (!threshold.canBeSelected()) {
                error(
                        column.pos(),
                        ("\"%s\" is made of a column with aggregation threshold %s and cannot be in"
                                        + " the result. Count it, or leave it out.")
                                .formatted(column.name(), threshold));
            } else if (threshold.users() >= Threshold.MEDIUM.users()) {
                strict.add(column.name());
                if (strict.size() == 1) {
                    warn(
                            column.pos(),
                            ("\"%s\" has aggregation threshold %s: rows with fewer than %d users"
                                            + " will be hidden.")
                                    .formatted(column.name(), threshold, threshold.users()));
                }
            }
        }
    }

    /** Rules about the query as a whole. */
    private void whole(SqlNode tree) {
        for (String name : declared) {
            if (!parameters.contains(name)) {
                warn(start(tree), "The parameter \"%s\" is declared but not used.".formatted(name));
            }
        }
        if (money != null && !currencyUsed) {
            warn(
                    money,
                    "Amounts of several currencies may be added up here. Group by"
                            + " currency_iso_code (or purchase_currency).");
        }
    }

    private Relation query(SqlNode node, Map<String, Relation> ctes, @Nullable Scope parent) {
        return switch (node) {
            case SqlWith with -> {
                Map<String, Relation> visible = new HashMap<>(ctes);
                for (SqlNode entry : with.withList) {
                    SqlWithItem item = (SqlWithItem) entry;
                    Relation relation = query(item.query, visible, parent);
                    visible.put(key(item.name.getSimple()), renamed(relation, item.columnList));
                }
                yield query(with.body, visible, parent);
            }
            case SqlOrderBy order -> {
                if (order.fetch != null || order.offset != null) {
                    error(
                            Objects.requireNonNullElse(order.fetch, order).getParserPosition(),
                            "LIMIT is not supported by AMC. To keep the top rows, number them with"
                                    + " ROW_NUMBER() in a sub-query and filter on the number.");
                }
                yield query(order.query, ctes, parent);
            }
            case SqlSelect select -> select(select, ctes, parent);
            case SqlBasicCall call when call.getOperator() instanceof SqlSetOperator ->
                    setOperation(call, ctes, parent);
            case SqlBasicCall call when call.getKind() == SqlKind.VALUES -> values(call);
            default -> {
                error(
                        start(node),
                        "Only queries can be run on AMC: the statement must begin with SELECT or"
                                + " WITH.");
                yield Relation.UNKNOWN;
            }
        };
    }

    private Relation setOperation(
            SqlBasicCall call, Map<String, Relation> ctes, @Nullable Scope parent) {
        if (call.getKind() != SqlKind.UNION) {
            error(
                    call.getParserPosition(),
                    "%s is not supported by AMC: only UNION and UNION ALL are."
                            .formatted(call.getOperator().getName()));
        }
        Relation left = query(call.operand(0), ctes, parent);
        Relation right = query(call.operand(1), ctes, parent);
        if (left.open() || right.open()) {
            return Relation.UNKNOWN;
        }
        if (left.columns().size() != right.columns().size()) {
            error(
                    start(call.operand(1)),
                    "Both sides of a UNION need the same number of columns: here are %d and %d."
                            .formatted(left.columns().size(), right.columns().size()));
            return Relation.UNKNOWN;
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < left.columns().size(); i++) {
            Column column = left.columns().get(i);
            Trait other = right.columns().get(i).trait();
            AmcType common = AmcType.common(column.trait().type(), other.type());
            if (common == null) {
                error(
                        start(call.operand(1)),
                        "Both sides of a UNION need the same types: column %d, \"%s\", is %s here and %s there."
                                .formatted(
                                        i + 1, column.name(), column.trait().type(), other.type()));
                common = AmcType.UNKNOWN;
            }
            boolean fixed = column.trait().fixed() || other.fixed();
            Trait trait = column.trait().with(other).as(common).fixed(fixed);
            columns.add(new Column(column.name(), trait, column.pos()));
        }
        return new Relation(columns, false);
    }

    private Relation values(SqlBasicCall call) {
        List<Column> columns = new ArrayList<>();
        for (SqlNode row : call.getOperandList()) {
            List<SqlNode> cells =
                    row instanceof SqlCall values ? values.getOperandList() : List.of(row);
            for (int i = 0; i < cells.size(); i++) {
                Trait cell = expression(cells.get(i), new Scope(null));
                SqlParserPos pos = cells.get(i).getParserPosition();
                if (i == columns.size()) {
                    columns.add(new Column("EXPR$" + i, cell.fixed(true), pos));
                } else {
                    Column above = columns.get(i);
                    AmcType type = Types.common(List.of(above.trait().type(), cell.type()));
                    Trait free = Trait.free(type).fixed(true);
                    columns.set(i, new Column(above.name(), free, above.pos()));
                }
            }
        }
        return new Relation(columns, false);
    }

    private Relation select(SqlSelect select, Map<String, Relation> ctes, @Nullable Scope parent) {
        Scope scope = new Scope(parent);
        if (select.getFrom() != null) {
            from(select.getFrom(), null, ctes, scope);
        }
        visit(select.getWhere(), scope, ctes);
        if (select.getQualify() != null) {
            error(
                    select.getQualify().getParserPosition(),
                    "QUALIFY is not supported by AMC: filter in an outer query.");
        }
        SqlNodeList group = select.getGroup();
        boolean grouped = group != null;
        aggregated |= grouped || select.isDistinct();

        List<Column> columns = new ArrayList<>();
        boolean open = false;
        boolean aggregates = grouped || select.getHaving() != null;
        for (SqlNode item : select.getSelectList()) {
            if (item instanceof SqlIdentifier id && id.isStar()) {
                error(
                        item.getParserPosition(),
                        "SELECT * is not supported by AMC: name the columns that you need.");
                open = true;
                continue;
            }
            SqlNode value = SqlUtil.stripAs(item);
            aggregates |= containsAggregate(value);
            Trait trait = expression(value, scope, ctes);
            String name = name(item, columns.size());
            columns.add(new Column(name, trait, item.getParserPosition()));
            scope.aliases.put(key(name), trait);
        }
        if (group != null) {
            for (SqlNode item : group) {
                Trait trait = groupKey(item, columns, scope, ctes);
                compared(item.getParserPosition(), List.of(trait));
            }
        }
        if (select.getHaving() != null) {
            ranksInHaving(select.getHaving(), select);
            expression(select.getHaving(), scope, ctes);
        }
        if (aggregates) {
            Grouping.check(
                    select,
                    columns.stream().map(Column::name).toList(),
                    id ->
                            error(
                                    id.getParserPosition(),
                                    ("\"%s\" must be in GROUP BY or inside a function such as SUM"
                                                    + " or MAX.")
                                            .formatted(id)));
        }
        return new Relation(columns, open);
    }

    /** HAVING is decided before the rows are ranked. */
    private void ranksInHaving(SqlNode having, SqlSelect select) {
        if (having instanceof SqlCall call) {
            call.getOperandList().stream()
                    .filter(Objects::nonNull)
                    .forEach(operand -> ranksInHaving(operand, select));
        }
        if (!(having instanceof SqlIdentifier id) || !id.isSimple()) {
            return;
        }
        for (SqlNode item : select.getSelectList()) {
            boolean ranked =
                    item.getKind() == SqlKind.AS
                            && ((SqlCall) item).operand(0).getKind() == SqlKind.OVER;
            if (ranked && name(item, 0).equalsIgnoreCase(id.getSimple())) {
                error(
                        id.getParserPosition(),
                        "\"%s\" is made by a window function, which AMC does not know in HAVING: filter in an outer query."
                                .formatted(id));
            }
        }
    }

    private Trait groupKey(
            SqlNode item, List<Column> columns, Scope scope, Map<String, Relation> ctes) {
        if (item instanceof SqlNumericLiteral place) {
            int index = place.isInteger() ? place.intValue(true) - 1 : -1;
            return index >= 0 && index < columns.size() ? columns.get(index).trait() : Trait.FREE;
        }
        Trait alias =
                item instanceof SqlIdentifier id && id.isSimple()
                        ? scope.aliases.get(key(id.getSimple()))
                        : null;
        return alias == null ? expression(item, scope, ctes) : alias;
    }

    private static String name(SqlNode item, int index) {
        if (item.getKind() == SqlKind.AS) {
            return ((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple();
        }
        if (item instanceof SqlIdentifier id) {
            return id.names.getLast();
        }
        return "EXPR$" + index;
    }

    private void from(
            SqlNode node, @Nullable String alias, Map<String, Relation> ctes, Scope scope) {
        switch (node) {
            case SqlIdentifier id -> {
                String name = alias == null ? id.names.getLast() : alias;
                scope.sources.add(new Source(name, table(id, ctes)));
            }
            case SqlJoin join -> join(join, ctes, scope);
            case SqlCall call when call.getKind() == SqlKind.AS -> {
                String name = ((SqlIdentifier) call.operand(1)).getSimple();
                from(call.operand(0), name, ctes, scope);
                if (call.operandCount() > 2) {
                    Source source = scope.sources.removeLast();
                    SqlNodeList names =
                            new SqlNodeList(
                                    call.getOperandList().subList(2, call.operandCount()),
                                    SqlParserPos.ZERO);
                    scope.sources.add(new Source(name, renamed(source.relation(), names)));
                }
            }
            case SqlCall call when call.getKind() == SqlKind.COLLECTION_TABLE ->
                    scope.sources.add(extended(call.operand(0), alias));
            case SqlCall call when call.getKind() == SqlKind.UNNEST -> {
                Trait trait = expression(call.operand(0), scope, ctes);
                String name = alias == null ? "EXPR$0" : alias;
                AmcType element = trait.type().element();
                Column column =
                        new Column(
                                name,
                                trait.as(element == null ? AmcType.UNKNOWN : element),
                                call.getParserPosition());
                scope.sources.add(new Source(name, new Relation(List.of(column), true)));
            }
            case SqlCall call when call.getKind() == SqlKind.LATERAL ->
                    from(call.operand(0), alias, ctes, scope);
            case SqlCall call when call.getKind() == SqlKind.TABLESAMPLE -> {
                error(call.getParserPosition(), "TABLESAMPLE is not supported by AMC.");
                from(call.operand(0), alias, ctes, scope);
            }
            default ->
                    scope.sources.add(
                            new Source(alias == null ? "" : alias, query(node, ctes, scope)));
        }
    }

    private void join(SqlJoin join, Map<String, Relation> ctes, Scope scope) {
        from(join.getLeft(), null, ctes, scope);
        from(join.getRight(), null, ctes, scope);
        if (join.getJoinType() == JoinType.RIGHT) {
            error(
                    join.getParserPosition(),
                    "RIGHT JOIN is not supported by AMC: swap the two sides and use LEFT JOIN.");
        }
        SqlNode condition = join.getCondition();
        if (join.getConditionType() == JoinConditionType.USING
                && condition instanceof SqlNodeList names) {
            for (SqlNode name : names) {
                String column = ((SqlIdentifier) name).getSimple();
                scope.merged.add(key(column));
                compared(
                        name.getParserPosition(),
                        scope.sources.stream()
                                .map(source -> source.relation().column(column))
                                .filter(Objects::nonNull)
                                .map(Column::trait)
                                .toList());
            }
        } else if (condition != null) {
            expression(condition, scope, ctes);
        }
    }

    private Relation table(SqlIdentifier id, Map<String, Relation> ctes) {
        if (id.isSimple()) {
            Relation cte = ctes.get(key(id.getSimple()));
            if (cte != null) {
                return cte;
            }
            AmcSchema.Table table = schema.table(id.getSimple());
            if (table != null) {
                return table(table, id.getParserPosition());
            }
        }
        List<String> known = new ArrayList<>(ctes.keySet());
        schema.tables().forEach(t -> known.add(t.name()));
        error(
                id.getParserPosition(),
                "Object '%s' not found: AMC has no such table.%s"
                        .formatted(id, Suggestion.of(id.names.getLast(), known)));
        return Relation.UNKNOWN;
    }

    private Relation table(AmcSchema.Table table, SqlParserPos pos) {
        if (table.paid()) {
            warn(
                    pos,
                    "%s is a paid data source: the query fails where the instance is not subscribed."
                            .formatted(table.name()));
        }
        tables.add(table.name());
        return new Relation(columns.computeIfAbsent(table, t -> columns(t, pos)), false);
    }

    private static List<Column> columns(AmcSchema.Table table, SqlParserPos pos) {
        List<Column> columns = new ArrayList<>();
        for (AmcSchema.Column column : table.columns()) {
            var origin = new AmcQuery.Origin(table.name(), column.name(), column.threshold());
            Trait trait =
                    new Trait(
                            column.type(),
                            column.threshold(),
                            column.metric(),
                            Set.of(origin),
                            false,
                            column.metric() && UNITS.containsKey(column.name())
                                    ? column.name()
                                    : null);
            columns.add(new Column(column.name(), trait, pos));
        }
        return columns;
    }

    private Source extended(SqlNode node, @Nullable String alias) {
        if (!(node instanceof SqlCall call)
                || !call.getOperator().getName().equalsIgnoreCase("EXTEND_TIME_WINDOW")) {
            error(
                    node.getParserPosition(),
                    "TABLE(…) is only known with EXTEND_TIME_WINDOW('table', 'P28D', 'P0D').");
            return new Source(alias == null ? "" : alias, Relation.UNKNOWN);
        }
        List<String> arguments = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            if (SqlUtil.isLiteral(operand)) {
                arguments.add(String.valueOf(((SqlLiteral) operand).toValue()));
            }
        }
        if (arguments.size() != 3 || call.operandCount() != 3) {
            error(
                    call.getParserPosition(),
                    "EXTEND_TIME_WINDOW needs three texts: the table, how far back and how far"
                        + " ahead, such as EXTEND_TIME_WINDOW('dsp_impressions', 'P28D', 'P0D').");
            return new Source(alias == null ? "" : alias, Relation.UNKNOWN);
        }
        for (int i = 1; i < 3; i++) {
            try {
                AmcDuration.parse(arguments.get(i));
            } catch (DateTimeException e) {
                error(
                        call.operand(i).getParserPosition(),
                        ("\"%s\" is not a duration: write days as P28D, months as P1M, hours as"
                                        + " PT12H.")
                                .formatted(arguments.get(i)));
            }
        }
        String name = arguments.getFirst();
        AmcSchema.Table table = schema.table(name);
        SqlParserPos pos = call.operand(0).getParserPosition();
        if (table == null) {
            List<String> known = schema.tables().stream().map(AmcSchema.Table::name).toList();
            error(
                    pos,
                    "Object '%s' not found: AMC has no such table.%s"
                            .formatted(name, Suggestion.of(name, known)));
            return new Source(alias == null ? name : alias, Relation.UNKNOWN);
        }
        return new Source(alias == null ? name : alias, table(table, pos));
    }

    private static Relation renamed(Relation relation, @Nullable SqlNodeList names) {
        if (names == null || relation.open()) {
            return relation;
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = relation.columns().get(i);
            String name =
                    i < names.size() ? ((SqlIdentifier) names.get(i)).getSimple() : column.name();
            columns.add(new Column(name, column.trait(), column.pos()));
        }
        return new Relation(columns, false);
    }

    private void visit(@Nullable SqlNode node, Scope scope, Map<String, Relation> ctes) {
        if (node != null) {
            expression(node, scope, ctes);
        }
    }

    private Trait expression(SqlNode node, Scope scope) {
        return expression(node, scope, Map.of());
    }

    private Trait expression(SqlNode node, Scope scope, Map<String, Relation> ctes) {
        return switch (node) {
            case SqlIntervalLiteral interval -> {
                error(
                        interval.getParserPosition(),
                        "Interval data types are not enabled in AMC. Compare with"
                                + " SECONDS_BETWEEN(a, b), or widen a table with"
                                + " EXTEND_TIME_WINDOW.");
                yield Trait.FREE;
            }
            case SqlLiteral literal ->
                    Trait.free(Types.of(literal)).fixed(!SqlUtil.isNullLiteral(literal, false));
            case SqlDataTypeSpec _, SqlIntervalQualifier _, SqlDynamicParam _ -> Trait.FREE;
            case SqlIdentifier id -> column(id, scope);
            case SqlNodeList list -> {
                Trait trait = Trait.FREE;
                List<AmcType> items = new ArrayList<>();
                boolean fixed = !list.isEmpty();
                for (SqlNode item : list) {
                    if (item != null) {
                        Trait one = expression(item, scope, ctes);
                        items.add(one.type());
                        fixed &= one.fixed() || SqlUtil.isNullLiteral(item, false);
                        trait = trait.with(one);
                    }
                }
                yield trait.as(Types.common(items)).fixed(fixed);
            }
            case SqlSelect _, SqlWith _, SqlOrderBy _ -> {
                Trait trait = Trait.FREE;
                List<Column> found = query(node, ctes, scope).columns();
                for (Column column : found) {
                    trait = trait.with(column.trait());
                }
                yield found.isEmpty()
                        ? trait
                        : trait.as(found.getFirst().trait().type())
                                .fixed(found.getFirst().trait().fixed());
            }
            case SqlWindow window -> {
                window.getPartitionList().forEach(n -> expression(n, scope, ctes));
                window.getOrderList().forEach(n -> expression(n, scope, ctes));
                yield Trait.FREE;
            }
            case SqlCall call when call.getOperator() instanceof SqlSetOperator ->
                    expression(call.operand(0), scope, ctes)
                            .with(expression(call.operand(1), scope, ctes));
            case SqlCall call -> call(call, scope, ctes);
            default -> Trait.FREE;
        };
    }

    private Trait call(SqlCall call, Scope scope, Map<String, Relation> ctes) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        switch (name) {
            case "CUSTOM_PARAMETER" -> {
                return parameter(call);
            }
            case "BUILT_IN_PARAMETER" -> {
                builtIn(call);
                return Trait.free(AmcType.named("TIMESTAMP"));
            }
            case "OVER" -> {
                Trait trait = expression(call.operand(0), scope, ctes);
                if (call.operand(1) instanceof SqlWindow window) {
                    countOver(call, window);
                    expression(window, scope, ctes);
                }
                return trait.fixed(false);
            }
            default -> {}
        }
        doubtful(call, name);
        if (call.getOperator() instanceof SqlUnresolvedFunction
                && AmcFunctions.named(name) == null) {
            List<String> known =
                    AmcFunctions.all().stream().map(AmcFunctions.Function::name).toList();
            warn(
                    call.getParserPosition(),
                    "%s is not among AMC's documented functions.%s"
                            .formatted(name, Suggestion.of(name, known)));
        }
        aggregated |= AmcFunctions.isAggregate(call);
        Trait trait = Trait.FREE;
        List<AmcType> operands = new ArrayList<>();
        List<Trait> values = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            Trait one =
                    operand == null || isStar(operand)
                            ? Trait.FREE
                            : expression(operand, scope, ctes);
            operands.add(one.type());
            trait = trait.with(one);
            // What a CASE gives is decided by its results, not by its conditions.
            boolean isCondition = call instanceof SqlCase && operands.size() <= 2;
            boolean isValue =
                    operand != null
                            && !isCondition
                            && !(operand instanceof SqlDataTypeSpec)
                            && !(operand instanceof SqlIntervalQualifier)
                            && !SqlUtil.isNullLiteral(operand, false);
            if (isValue) {
                values.add(one);
            }
        }
        types.learn(call, operands);
        AmcType type = Types.of(call, operands);
        if (compares(call, name)) {
            compared(call.getParserPosition(), values);
        }
        trait = trait.fixed(!values.isEmpty() && values.stream().allMatch(Trait::fixed));
        boolean scales = call.getKind() == SqlKind.DIVIDE || call.getKind() == SqlKind.TIMES;
        if (scales || type.equals(AmcType.BOOLEAN)) {
            trait = trait.converted();
        }
        return switch (call.getKind()) {
            case IS_NULL, IS_NOT_NULL, EXISTS -> Trait.free(type);
            default -> name.equals("COUNT") ? Trait.free(type) : trait.as(type);
        };
    }

    /** What AMC is reported to refuse, though its documentation does not say so. */
    private void doubtful(SqlCall call, String name) {
        switch (name) {
            case "GETDATE" ->
                    error(
                            call.getParserPosition(),
                            "GETDATE() is not supported by AMC: write CURRENT_DATE, or CAST('today'"
                                    + " AS DATE).");
            case "NTILE" ->
                    warn(
                            call.getParserPosition(),
                            "AMC is reported to refuse NTILE: compare PERCENTILE values, or number"
                                    + " the rows with ROW_NUMBER().");
            case "COLLECT" -> {
                SqlNode value = call.operandCount() == 1 ? call.operand(0) : null;
                boolean plain =
                        value instanceof SqlIdentifier
                                || (value instanceof SqlCall row
                                        && row.getOperator().getName().equalsIgnoreCase("NAMED_ROW")
                                        && row.getOperandList().stream()
                                                .noneMatch(SqlCall.class::isInstance));
                if (!plain) {
                    warn(
                            call.getParserPosition(),
                            "AMC is reported to refuse a computed value inside COLLECT: compute it"
                                    + " in a sub-query first.");
                }
            }
            default -> {}
        }
    }

    private void countOver(SqlCall call, SqlWindow window) {
        boolean whole = window.getPartitionList().isEmpty() && window.getOrderList().isEmpty();
        boolean counts =
                call.operand(0) instanceof SqlCall function
                        && function.getOperator().getName().equalsIgnoreCase("COUNT");
        if (whole && counts) {
            warn(
                    call.getParserPosition(),
                    "AMC is reported to refuse COUNT over the whole result: count in a sub-query"
                            + " and join it.");
        }
    }

    private Trait parameter(SqlCall call) {
        if (call.operandCount() != 1 || !SqlUtil.isLiteral(call.operand(0))) {
            error(
                    call.getParserPosition(),
                    "CUSTOM_PARAMETER needs the parameter's name as a text:"
                            + " CUSTOM_PARAMETER('name').");
            return Trait.FREE;
        }
        String name = String.valueOf(((SqlLiteral) call.operand(0)).toValue());
        parameters.add(name);
        if (!declared.contains(name)) {
            error(
                    call.getParserPosition(),
                    ("The query referenced an undeclared parameter %s. Declare it among the"
                                    + " workflow's parameters.")
                            .formatted(name));
        }
        return Trait.FREE.fixed(true);
    }

    private void builtIn(SqlCall call) {
        boolean known =
                call.operandCount() == 1
                        && call.operand(0) instanceof SqlLiteral literal
                        && List.of("TIME_WINDOW_START", "TIME_WINDOW_END")
                                .contains(String.valueOf(literal.toValue()));
        if (!known) {
            error(
                    call.getParserPosition(),
                    "BUILT_IN_PARAMETER knows 'TIME_WINDOW_START' and 'TIME_WINDOW_END'.");
        }
    }

    private Trait column(SqlIdentifier id, Scope scope) {
        if (id.isSimple() && Grouping.NILADIC.contains(id.getSimple().toUpperCase(Locale.ROOT))) {
            boolean date = id.getSimple().equalsIgnoreCase("CURRENT_DATE");
            return Trait.free(AmcType.named(date ? "DATE" : "TIMESTAMP"));
        }
        for (Scope at = scope; at != null; at = at.parent) {
            Trait trait = column(id, at, scope);
            if (trait != null) {
                return trait;
            }
        }
        unknown(id, scope);
        return Trait.FREE;
    }

    /** Null if this scope does not know the name. */
    private @Nullable Trait column(SqlIdentifier id, Scope at, Scope scope) {
        String first = id.names.getFirst();
        if (id.names.size() > 1) {
            for (Source source : at.sources) {
                if (source.alias().equalsIgnoreCase(first)) {
                    Column column = source.relation().column(id.names.get(1));
                    if (column != null) {
                        return used(column, id);
                    }
                    if (source.relation().open()) {
                        return Trait.FREE;
                    }
                }
            }
        }
        List<Column> found = new ArrayList<>();
        boolean open = false;
        for (Source source : at.sources) {
            Column column = source.relation().column(first);
            if (column != null) {
                found.add(column);
            }
            open |= source.relation().open();
        }
        if (found.size() > 1 && !at.merged.contains(key(first))) {
            error(
                    id.getParserPosition(),
                    "Column '%s' is ambiguous: more than one table has it. Write the table's alias before it."
                            .formatted(first));
        }
        if (!found.isEmpty()) {
            return used(found.getFirst(), id);
        }
        Trait alias = at == scope && id.isSimple() ? at.aliases.get(key(first)) : null;
        if (alias != null) {
            return alias;
        }
        return open ? Trait.FREE : null;
    }

    private Trait used(Column column, SqlIdentifier id) {
        String name = key(column.name());
        currencyUsed |= CURRENCIES.contains(name);
        boolean amount =
                UNITS.containsKey(name)
                        || name.endsWith("product_sales")
                        || name.equals("combined_sales");
        if (amount && column.trait().metric() && money == null) {
            money = id.getParserPosition();
        }
        return column.trait();
    }

    private void unknown(SqlIdentifier id, Scope scope) {
        String last = id.names.getLast();
        List<String> known = new ArrayList<>();
        boolean tableKnown = id.isSimple();
        for (Source source : scope.sources) {
            boolean named =
                    id.names.size() > 1 && source.alias().equalsIgnoreCase(id.names.getFirst());
            tableKnown |= named;
            if (id.isSimple() || named) {
                source.relation().columns().forEach(c -> known.add(c.name()));
            }
        }
        if (!tableKnown) {
            List<String> aliases = scope.sources.stream().map(Source::alias).toList();
            error(
                    id.getParserPosition(),
                    "Table '%s' not found in this FROM.%s"
                            .formatted(
                                    id.names.getFirst(),
                                    Suggestion.of(id.names.getFirst(), aliases)));
            return;
        }
        String where =
                scope.sources.size() == 1
                        ? "in '" + scope.sources.getFirst().alias() + "'"
                        : "in any table";
        error(
                id.getParserPosition(),
                "Column '%s' not found %s.%s".formatted(last, where, Suggestion.of(last, known)));
    }

    private static boolean isStar(SqlNode node) {
        return node instanceof SqlIdentifier id && id.isStar();
    }

    private static boolean containsAggregate(@Nullable SqlNode node) {
        return switch (node) {
            case null -> false;
            case SqlSelect _ -> false;
            case SqlNodeList list -> list.stream().anyMatch(Checker::containsAggregate);
            case SqlCall call when call.getKind() == SqlKind.OVER -> {
                SqlNode function = call.operand(0);
                boolean inside =
                        function instanceof SqlCall f
                                && f.getOperandList().stream().anyMatch(Checker::containsAggregate);
                yield inside || containsAggregate(call.operand(1));
            }
            case SqlCall call ->
                    AmcFunctions.isAggregate(call)
                            || call.getOperandList().stream().anyMatch(Checker::containsAggregate);
            default -> false;
        };
    }

    /** Source: Amazon Ads, "Aggregation threshold": literals may come from anywhere. */
    private void compared(SqlParserPos pos, List<Trait> values) {
        for (Trait value : values) {
            if (values.stream().anyMatch(value::refuses)) {
                error(
                        pos,
                        ("A column with aggregation threshold %s must not be compared with a fixed"
                                        + " value: AMC refuses it.")
                                .formatted(value.threshold()));
                return;
            }
        }
    }

    private static boolean compares(SqlCall call, String name) {
        return switch (call.getKind()) {
            case EQUALS,
                    NOT_EQUALS,
                    LESS_THAN,
                    LESS_THAN_OR_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_OR_EQUAL,
                    LIKE,
                    SIMILAR,
                    IN,
                    NOT_IN,
                    BETWEEN,
                    IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM ->
                    true;
            default ->
                    switch (name) {
                        case "ARRAY_CONTAINS",
                                "CONTAINED_IN",
                                "GREATEST",
                                "LEAST",
                                "NULLIF",
                                "POSITION",
                                "CHARINDEX",
                                "INSTR",
                                "LOCATE",
                                "STRPOS",
                                "REGEXP_SUBSTR" ->
                                true;
                        default -> false;
                    };
        };
    }

    private static SqlParserPos start(SqlNode node) {
        SqlParserPos pos = node.getParserPosition();
        return new SqlParserPos(
                pos.getLineNum(), pos.getColumnNum(), pos.getLineNum(), pos.getColumnNum() + 5);
    }

    private void error(SqlParserPos pos, String message) {
        problems.add(Parser.at(pos, Severity.ERROR, message));
    }

    private void warn(SqlParserPos pos, String message) {
        problems.add(Parser.at(pos, Severity.WARNING, message));
    }
}
