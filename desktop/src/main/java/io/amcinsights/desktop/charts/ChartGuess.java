package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds a chart worth looking at first. */
public final class ChartGuess {

    private static final int MAX_SERIES = 8;

    private ChartGuess() {}

    /**
     * A time gives lines, a category bars, two amounts a scatter, one row large figures.
     *
     * @param sample some rows of the result, from its beginning
     * @return empty where no column can be drawn
     */
    public static Optional<ChartSpec> of(List<Column> columns, List<Row> sample) {
        List<Column> measures = columns.stream().filter(Roles::measure).toList();
        if (measures.isEmpty()) {
            return countOfRows(columns, sample);
        }
        Column measure = measures.getFirst();
        Aggregate aggregate = Roles.ratio(measure) ? Aggregate.AVERAGE : Aggregate.SUM;
        Column time = first(columns, Roles::time);
        Column category = category(columns, sample);
        if (sample.size() == 1 || (time == null && category == null && measures.size() == 1)) {
            return Optional.of(spec(ChartKind.NUMBER, null, names(measures, 6), null, aggregate));
        }
        if (time != null) {
            return Optional.of(
                    spec(
                            ChartKind.LINE,
                            time.name(),
                            List.of(measure.name()),
                            series(columns, sample, time.name()),
                            aggregate));
        }
        if (category != null) {
            String series =
                    unique(columns, sample, category)
                            ? null
                            : series(columns, sample, category.name());
            return Optional.of(
                    spec(
                            ChartKind.BAR,
                            category.name(),
                            List.of(measure.name()),
                            series,
                            aggregate));
        }
        return Optional.of(
                spec(
                        ChartKind.SCATTER,
                        measure.name(),
                        List.of(measures.get(1).name()),
                        null,
                        aggregate));
    }

    private static Optional<ChartSpec> countOfRows(List<Column> columns, List<Row> sample) {
        Column category = category(columns, sample);
        return category == null
                ? Optional.empty()
                : Optional.of(
                        spec(
                                ChartKind.BAR,
                                category.name(),
                                List.of(category.name()),
                                null,
                                Aggregate.COUNT));
    }

    private static ChartSpec spec(
            ChartKind kind,
            @Nullable String x,
            List<String> measures,
            @Nullable String series,
            Aggregate aggregate) {
        return new ChartSpec(kind, x, measures, series, aggregate, ChartSpec.DEFAULT_TOP);
    }

    /** The first category that differs between rows; one with few values before one with many. */
    private static @Nullable Column category(List<Column> columns, List<Row> sample) {
        Column many = null;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!Roles.category(column)) {
                continue;
            }
            int values = distinct(sample, i);
            if (values > 1 && values <= 60) {
                return column;
            }
            if (values > 1 && many == null) {
                many = column;
            }
        }
        return many;
    }

    private static @Nullable String series(List<Column> columns, List<Row> sample, String x) {
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (Roles.category(column) && !column.name().equals(x)) {
                int values = distinct(sample, i);
                if (values > 1 && values <= MAX_SERIES) {
                    return column.name();
                }
            }
        }
        return null;
    }

    private static boolean unique(List<Column> columns, List<Row> sample, Column column) {
        return distinct(sample, columns.indexOf(column)) == sample.size();
    }

    private static int distinct(List<Row> sample, int column) {
        Set<@Nullable String> values = new HashSet<>();
        for (Row row : sample) {
            values.add(row.cell(column));
        }
        return values.size();
    }

    private static @Nullable Column first(List<Column> columns, Predicate<Column> role) {
        return columns.stream().filter(role).findFirst().orElse(null);
    }

    private static List<String> names(List<Column> columns, int limit) {
        return columns.stream().limit(limit).map(Column::name).toList();
    }
}
