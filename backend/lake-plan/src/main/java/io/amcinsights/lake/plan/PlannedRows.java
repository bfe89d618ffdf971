package io.amcinsights.lake.plan;

import io.amcinsights.lake.plan.TransformPlan.Provenance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rows that a plan makes of a delivered file, read one by one: whole files are too large. */
public final class PlannedRows {

    private final TransformPlan plan;
    private final SourceRows file;
    private final Map<String, Integer> places = new HashMap<>();
    private final @Nullable Object[] provenance;

    /**
     * Begins to read.
     *
     * @param in the delivered file; the caller closes it
     */
    public PlannedRows(TransformPlan plan, InputStream in) throws IOException {
        this.plan = plan;
        this.file = plan.format().rows(in);
        for (int i = 0; i < plan.columns().size(); i++) {
            places.put(plan.columns().get(i).name(), i);
        }
        this.provenance = provenance(plan);
    }

    /** What is written: the columns of the file, those in units of the currency, the provenance. */
    public static Map<String, ColumnType> columns(TransformPlan plan) {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        plan.columns().forEach(column -> columns.put(column.name(), column.type()));
        plan.converted().forEach(column -> columns.put(column.name(), column.type()));
        columns.putAll(Layout.PROVENANCE);
        return Collections.unmodifiableMap(columns);
    }

    /**
     * The next row, a value for each of {@link #columns}; of which class {@link Values#of} tells.
     *
     * @return null behind the last row
     * @throws AmcCsv.MalformedException the file is not the one that the plan was made for
     */
    public @Nullable Object @Nullable [] next() throws IOException {
        List<@Nullable Nested> values = file.nextValues();
        if (values == null) {
            return null;
        }
        int columns = plan.columns().size();
        if (values.size() > columns) {
            throw new AmcCsv.MalformedException(
                    "The file has %d columns where the plan has %d."
                            .formatted(values.size(), columns));
        }
        int width = columns + plan.converted().size();
        @Nullable Object[] row = Arrays.copyOf(new Object[0], width + provenance.length);
        for (int i = 0; i < values.size(); i++) {
            row[i] = value(values.get(i), plan.columns().get(i));
        }
        for (int i = 0; i < plan.converted().size(); i++) {
            Column twin = plan.converted().get(i);
            Column.Money money = Objects.requireNonNull(twin.money());
            int place = Objects.requireNonNull(places.get(money.column()));
            String amount = place < values.size() ? Nested.text(values.get(place)) : null;
            row[columns + i] = money.unit().inCurrency(amount, twin.type());
        }
        System.arraycopy(provenance, 0, row, width, provenance.length);
        return row;
    }

    private @Nullable Object value(@Nullable Nested value, Column column)
            throws AmcCsv.MalformedException {
        try {
            return Values.of(value, column.type());
        } catch (IllegalArgumentException e) {
            throw new AmcCsv.MalformedException(
                    "Row %d has “%s” in the column “%s”, which is of the type %s."
                            .formatted(
                                    file.rows(),
                                    Nested.text(value),
                                    column.name(),
                                    column.type().sql()));
        }
    }

    private static @Nullable Object[] provenance(TransformPlan plan) {
        Provenance of = plan.provenance();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("delivery_id", plan.deliveryId());
        values.put("run_id", of.runId());
        values.put("parameters", of.parameters());
        values.put("window_start", time(of.windowStart()));
        values.put("window_end", time(of.windowEnd()));
        values.put("delivered_at", time(of.deliveredAt()));
        return Layout.PROVENANCE.keySet().stream().map(values::get).toArray();
    }

    private static @Nullable LocalDateTime time(@Nullable Instant instant) {
        return instant == null ? null : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
