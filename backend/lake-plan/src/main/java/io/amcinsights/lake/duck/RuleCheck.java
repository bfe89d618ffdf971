package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.PlannedRule;
import io.amcinsights.lake.plan.PlannedRule.Broken;
import io.amcinsights.lake.plan.PlannedRule.Example;
import io.amcinsights.lake.plan.TransformPlan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts, with DuckDB, the rows of a delivery that break the rules of its dataset. */
final class RuleCheck {

    /** Digits that are compared of what is written as text. */
    private static final int FRACTION = 10;

    /** No column is called so, as none has a blank. */
    private static final String ROW = "\"row number\"";

    private static final int LONGEST_EXAMPLE = 200;

    private final TransformPlan plan;
    private final Connection duck;
    private final Map<String, ColumnType> types = new HashMap<>();
    private final String rows;

    /**
     * @param parquet all rows of the delivery, in its order
     */
    RuleCheck(TransformPlan plan, Path parquet, Connection duck) {
        this.plan = plan;
        this.duck = duck;
        Stream.concat(plan.columns().stream(), plan.converted().stream())
                .forEach((Column c) -> types.put(c.name(), c.type()));
        TransformPlan.Filtered filtered = plan.filtered();
        this.rows =
                "(SELECT * FROM (SELECT *, row_number() OVER () AS %s FROM read_parquet(%s))%s)"
                        .formatted(
                                ROW,
                                DuckSql.text(parquet.toString()),
                                filtered == null || filtered.kept()
                                        ? ""
                                        : " WHERE NOT " + DuckSql.isFiltered(filtered.flag()));
    }

    List<Broken> run() throws SQLException {
        List<Broken> broken = new ArrayList<>();
        for (PlannedRule rule : plan.rules()) {
            broken.add(
                    switch (rule.kind()) {
                        case NOT_NULL -> where(rule, isNull(rule));
                        case UNIQUE -> repeated(rule);
                        case RANGE -> where(rule, outside(rule));
                    });
        }
        return broken;
    }

    private Broken where(PlannedRule rule, String condition) throws SQLException {
        return new Broken(
                count("SELECT count(*) FROM %s WHERE %s".formatted(rows, condition)),
                examples(
                        "SELECT %s, %s FROM %s WHERE %s ORDER BY 1 LIMIT %d"
                                .formatted(
                                        ROW,
                                        shown(rule),
                                        rows,
                                        condition,
                                        PlannedRule.MOST_EXAMPLES)));
    }

    private Broken repeated(PlannedRule rule) throws SQLException {
        if (!types.keySet().containsAll(rule.columns())) {
            return new Broken(0, List.of());
        }
        String names =
                rule.columns().stream().map(DuckSql::quoted).collect(Collectors.joining(", "));
        String groups =
                "FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1"
                        .formatted(
                                rows,
                                rule.columns().stream()
                                        .map(c -> DuckSql.quoted(c) + " IS NOT NULL")
                                        .collect(Collectors.joining(" AND ")),
                                names);
        return new Broken(
                count(
                        "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n %s)"
                                .formatted(groups)),
                examples(
                        "SELECT max(%1$s), %2$s %3$s ORDER BY min(%1$s) LIMIT %4$d"
                                .formatted(ROW, shown(rule), groups, PlannedRule.MOST_EXAMPLES)));
    }

    private String isNull(PlannedRule rule) {
        String column = rule.columns().get(0);
        return types.containsKey(column) ? DuckSql.quoted(column) + " IS NULL" : "true";
    }

    private String shown(PlannedRule rule) {
        return rule.columns().stream()
                .map(
                        c ->
                                types.containsKey(c)
                                        ? "coalesce(CAST(%s AS VARCHAR), 'NULL')"
                                                .formatted(DuckSql.quoted(c))
                                        : "'NULL'")
                .collect(
                        Collectors.joining(
                                " || ', ' || ", "left(", ", %d)".formatted(LONGEST_EXAMPLE)));
    }

    /** A condition for the values that are too small or too large. */
    private String outside(PlannedRule rule) {
        String name = rule.columns().get(0);
        ColumnType type = types.get(name);
        if (type == null) {
            return "false";
        }
        String column = DuckSql.quoted(name);
        String text = "TRY_CAST(CAST(%s AS VARCHAR) AS %s)";
        Stream<String> conditions =
                switch (type.kind()) {
                    case BIGINT -> numbers(rule, column, 0);
                    case DECIMAL -> numbers(rule, column, type.scale());
                    case DOUBLE -> doubles(rule, column);
                    case DATE, TIMESTAMP -> days(rule, column);
                    case UNKNOWN, BOOLEAN, VARCHAR, ARRAY, ROW -> {
                        String value =
                                text.formatted(column, rule.isOfDates() ? "TIMESTAMP" : "DOUBLE");
                        String exact = text.formatted(column, "DECIMAL(38,%d)".formatted(FRACTION));
                        Stream<String> outside =
                                rule.isOfDates()
                                        ? days(rule, value)
                                        : Stream.of(
                                                "CASE WHEN %s IS NULL THEN %s ELSE %s END"
                                                        .formatted(
                                                                exact,
                                                                any(doubles(rule, value)),
                                                                any(
                                                                        numbers(
                                                                                rule, exact,
                                                                                FRACTION))));
                        yield Stream.concat(
                                Stream.of(
                                        "(%s IS NOT NULL AND %s IS NULL)".formatted(column, value)),
                                outside);
                    }
                };
        return any(conditions);
    }

    private static String any(Stream<String> conditions) {
        return conditions.collect(Collectors.joining(" OR ", "(false OR ", ")"));
    }

    private static Stream<String> days(PlannedRule rule, String value) {
        LocalDate from = rule.from();
        LocalDate to = rule.to();
        return Stream.of(
                        from == null ? "" : "%s < DATE '%s'".formatted(value, from),
                        to == null ? "" : "%s >= DATE '%s'".formatted(value, to.plusDays(1)))
                .filter(condition -> !condition.isEmpty());
    }

    private static Stream<String> doubles(PlannedRule rule, String value) {
        return Stream.of(
                        rule.min() == null
                                ? ""
                                : "%s < CAST('%s' AS DOUBLE)".formatted(value, rule.min()),
                        rule.max() == null
                                ? ""
                                : "%s > CAST('%s' AS DOUBLE)".formatted(value, rule.max()))
                .filter(condition -> !condition.isEmpty());
    }

    private static Stream<String> numbers(PlannedRule rule, String value, int scale) {
        return Stream.of(
                        bound(value, "<", rule.least(scale), scale),
                        bound(value, ">", rule.greatest(scale), scale))
                .filter(condition -> !condition.isEmpty());
    }

    /** A bound beyond all values of the type is kept by all of them, or by none. */
    private static String bound(
            String value, String operator, @Nullable BigDecimal bound, int scale) {
        if (bound == null) {
            return "";
        }
        if (PlannedRule.fits(bound)) {
            return "%s %s CAST('%s' AS DECIMAL(38,%d))"
                    .formatted(value, operator, bound.toPlainString(), scale);
        }
        return (bound.signum() > 0) == operator.equals("<") ? value + " IS NOT NULL" : "";
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet counted = statement.executeQuery(sql)) {
            counted.next();
            return counted.getLong(1);
        }
    }

    private List<Example> examples(String sql) throws SQLException {
        List<Example> examples = new ArrayList<>();
        try (Statement statement = duck.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                examples.add(new Example(found.getLong(1), found.getString(2)));
            }
        }
        return examples;
    }
}
