package io.amcinsights.local.amc.library;

import static java.util.Objects.requireNonNull;

import io.amcinsights.lake.plan.AmcCsv;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A result of AMC, read for questions about its numbers. */
public record ResultTable(List<String> columns, List<Row> rows) {

    /** Reads a result file. */
    public static ResultTable read(Path csv) throws IOException {
        try (InputStream in = Files.newInputStream(csv)) {
            AmcCsv file = new AmcCsv(in);
            List<Row> rows = new ArrayList<>();
            for (var values = file.next(); values != null; values = file.next()) {
                Map<String, @Nullable String> row = new LinkedHashMap<>();
                for (int i = 0; i < values.size(); i++) {
                    row.put(file.header().get(i), values.get(i));
                }
                rows.add(new Row(row));
            }
            return new ResultTable(file.header(), rows);
        }
    }

    /** A row; an unknown column is an error, so that no property holds by a misspelling. */
    public record Row(Map<String, @Nullable String> values) {

        public @Nullable String nullable(String column) {
            if (!values.containsKey(column)) {
                throw new IllegalArgumentException(
                        "The result has no column " + column + ": " + values.keySet());
            }
            return values.get(column);
        }

        public String text(String column) {
            return requireNonNull(nullable(column), () -> column + " is NULL in " + values);
        }

        public double number(String column) {
            return Double.parseDouble(text(column));
        }

        public long count(String column) {
            return Long.parseLong(text(column));
        }

        /** The first over the second; 0 where the second is 0. */
        public double ratio(String of, String to) {
            double all = number(to);
            return all == 0 ? 0 : number(of) / all;
        }
    }

    /** The total of a column; what is NULL counts nothing. */
    public double sum(String column) {
        return rows.stream()
                .filter(row -> row.nullable(column) != null)
                .mapToDouble(row -> row.number(column))
                .sum();
    }

    public ResultTable where(Predicate<Row> condition) {
        return new ResultTable(columns, rows.stream().filter(condition).toList());
    }

    public ResultTable where(String column, String value) {
        return where(row -> value.equals(row.nullable(column)));
    }

    /** The rows of each value of a column, in the order of their appearance. */
    public Map<String, ResultTable> by(String column) {
        return rows.stream()
                .collect(
                        Collectors.groupingBy(
                                row -> String.valueOf(row.nullable(column)),
                                LinkedHashMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        some -> new ResultTable(columns, some))));
    }

    /** The rows ordered by a column of numbers. */
    public ResultTable sortedBy(String column) {
        return new ResultTable(
                columns,
                rows.stream()
                        .sorted((a, b) -> Double.compare(a.number(column), b.number(column)))
                        .toList());
    }

    /** The only row that meets a condition. */
    public Row only(Predicate<Row> condition) {
        List<Row> found = where(condition).rows();
        if (found.size() != 1) {
            throw new AssertionError("One row expected: " + found);
        }
        return found.getFirst();
    }

    public double[] numbers(String column) {
        return rows.stream().mapToDouble(row -> row.number(column)).toArray();
    }
}
