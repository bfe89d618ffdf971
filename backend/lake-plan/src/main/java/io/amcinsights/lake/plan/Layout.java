package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which columns a dataset has, and how a file's columns fit into them. */
public final class Layout {

    /** What every row tells of where it comes from, behind the columns of the file. */
    public static final Map<String, ColumnType> PROVENANCE = provenance();

    /** What the rows are parted by. */
    public static final List<String> PARTITIONS = List.of("tenant", "month");

    /** What our own columns say, by name. */
    public static final Map<String, String> DESCRIPTIONS =
            Map.of(
                    "delivery_id", "Delivery that the row came with",
                    "run_id", "Run that the row answers; empty for one made in AMC's console",
                    "parameters", "Parameters of the run as JSON; empty where it had none",
                    "window_start", "Begin of the period that the run read, UTC",
                    "window_end", "End of the period that the run read, UTC",
                    "delivered_at", "When AMC delivered the row, UTC",
                    "tenant", "AMC instance that the row is of",
                    "month", "Month of the delivery, yyyy-MM");

    private static final String IN_CURRENCY = "_in_currency";

    private Layout() {}

    private static Map<String, ColumnType> provenance() {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        columns.put("delivery_id", ColumnType.VARCHAR);
        columns.put("run_id", ColumnType.VARCHAR);
        columns.put("parameters", ColumnType.VARCHAR);
        columns.put("window_start", ColumnType.TIMESTAMP);
        columns.put("window_end", ColumnType.TIMESTAMP);
        columns.put("delivered_at", ColumnType.TIMESTAMP);
        return Collections.unmodifiableMap(columns);
    }

    /**
     * The dataset's columns once the file is in it: types widened, new columns at the end.
     *
     * @param header of the file
     * @param types of its columns
     */
    public static List<Column> merge(
            List<Column> dataset, List<String> header, List<ColumnType> types) {
        List<Column> merged = new ArrayList<>(dataset);
        Map<String, Deque<Integer>> bySource = new HashMap<>();
        Set<String> taken = new HashSet<>(PROVENANCE.keySet());
        taken.addAll(PARTITIONS);
        for (int i = 0; i < dataset.size(); i++) {
            if (dataset.get(i).money() == null) {
                bySource.computeIfAbsent(dataset.get(i).source(), s -> new ArrayDeque<>()).add(i);
            }
            taken.add(dataset.get(i).name());
        }
        Names names = new Names(taken);
        for (int i = 0; i < header.size(); i++) {
            String source = header.get(i);
            Deque<Integer> known = bySource.getOrDefault(source, new ArrayDeque<>());
            if (known.isEmpty()) {
                String name = names.allot(source);
                merged.add(new Column(name, source, types.get(i).named(name)));
            } else {
                int at = known.removeFirst();
                Column column = merged.get(at);
                ColumnType wider = column.type().widen(types.get(i).named(column.name()));
                merged.set(at, column.as(wider));
            }
        }
        return List.copyOf(merged);
    }

    /**
     * The dataset's columns with a twin in units of the currency for each column of money. Rows of
     * files that were written before a twin came to be have NULL in it.
     *
     * @param dataset what {@link #merge} told
     * @param units by the columns of the file, in its order; null for those that are no money
     */
    public static List<Column> withMoney(
            List<Column> dataset, List<String> header, List<@Nullable MoneyUnit> units) {
        Map<String, Column> byName = new LinkedHashMap<>();
        dataset.forEach(c -> byName.put(c.name(), c));
        Set<String> taken = new HashSet<>(byName.keySet());
        taken.addAll(PROVENANCE.keySet());
        taken.addAll(PARTITIONS);
        Names names = new Names(taken);
        List<Column> ofFile = ofFile(dataset, header);
        for (int i = 0; i < ofFile.size(); i++) {
            MoneyUnit unit = units.get(i);
            Column column = ofFile.get(i);
            if (unit == null || twin(dataset, column, unit).isPresent()) {
                continue;
            }
            Column twin =
                    new Column(
                            names.allot(column.name() + IN_CURRENCY),
                            column.source(),
                            unit.converted(column.type()),
                            new Column.Money(column.name(), unit));
            byName.put(twin.name(), twin);
        }
        byName.replaceAll((name, column) -> asWideAsItsSource(column, byName));
        return List.copyOf(byName.values());
    }

    private static Column asWideAsItsSource(Column column, Map<String, Column> byName) {
        Column.Money money = column.money();
        if (money == null) {
            return column;
        }
        ColumnType source = Objects.requireNonNull(byName.get(money.column())).type();
        return column.as(column.type().widen(money.unit().converted(source)));
    }

    private static Optional<Column> twin(List<Column> dataset, Column of, MoneyUnit unit) {
        Column.Money money = new Column.Money(of.name(), unit);
        return dataset.stream().filter(c -> money.equals(c.money())).findFirst();
    }

    /**
     * The twins that the file fills.
     *
     * @param dataset what {@link #withMoney} told
     */
    public static List<Column> converted(
            List<Column> dataset, List<String> header, List<@Nullable MoneyUnit> units) {
        List<Column> ofFile = ofFile(dataset, header);
        List<Column> converted = new ArrayList<>();
        for (int i = 0; i < ofFile.size(); i++) {
            MoneyUnit unit = units.get(i);
            if (unit != null) {
                converted.add(twin(dataset, ofFile.get(i), unit).orElseThrow());
            }
        }
        return List.copyOf(converted);
    }

    /** What a column of money holds, in words and with the unit; empty for the others. */
    public static Optional<String> description(Column column, List<Column> dataset) {
        Column.Money money = column.money();
        if (money != null) {
            return Optional.of(
                    "%s in units of the currency, exactly; AMC counts it in %s"
                            .formatted(money.column(), money.unit().words()));
        }
        return dataset.stream()
                .map(Column::money)
                .filter(m -> m != null && m.column().equals(column.name()))
                .map(m -> "AMC's column %s, in %s".formatted(column.source(), m.unit().words()))
                .findFirst();
    }

    /** The dataset's columns that AMC delivers. */
    public static List<Column> delivered(List<Column> dataset) {
        return dataset.stream().filter(c -> c.money() == null).toList();
    }

    /** The dataset's columns that the file fills, in the file's order. */
    public static List<Column> ofFile(List<Column> dataset, List<String> header) {
        List<Column> left = new ArrayList<>(delivered(dataset));
        List<Column> columns = new ArrayList<>();
        for (String source : header) {
            Column column =
                    left.stream().filter(c -> c.source().equals(source)).findFirst().orElseThrow();
            left.remove(column);
            columns.add(column);
        }
        return List.copyOf(columns);
    }

    /**
     * The dataset's columns once rows are in it that a transformation has made. Its columns are the
     * dataset's by their names.
     *
     * @param made their names are plain ones
     */
    public static List<Column> withMade(List<Column> dataset, List<Column> made) {
        Map<String, Column> byName = new LinkedHashMap<>();
        dataset.forEach(c -> byName.put(c.name(), c));
        made.forEach(
                c ->
                        byName.merge(
                                c.name(),
                                c.as(c.type().named(c.name())),
                                (known, one) -> known.as(known.type().widen(one.type()))));
        return List.copyOf(byName.values());
    }

    /** Whether files that were written for one must be written anew for the other. */
    public static boolean widens(List<Column> before, List<Column> after) {
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).type().sql().equals(after.get(i).type().sql())) {
                return true;
            }
        }
        return false;
    }
}
