package io.amcinsights.glue;

import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.Filtered;

import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts rows while they are read: each column in a query of its own would take Spark minutes where
 * there are thousands. Spark counts each task once, however often it is tried.
 */
final class RowCounts extends AccumulatorV2<@Nullable Object[], long[]> {

    private static final long serialVersionUID = 1;

    private static final int ROWS = 0;
    private static final int FILTERED = 1;
    private static final int NULLS = 2;

    private final int flag;
    private final long[] counts;

    private RowCounts(int flag, long[] counts) {
        this.flag = flag;
        this.counts = counts;
    }

    static RowCounts of(TransformPlan plan) {
        List<String> names = plan.columns().stream().map(Column::name).toList();
        Filtered filtered = plan.filtered();
        return new RowCounts(
                filtered == null ? -1 : names.indexOf(filtered.flag()),
                new long[NULLS + names.size()]);
    }

    /**
     * @param row as the plan has it; whether its values are hidden is told whatever the flag's type
     */
    @Override
    public void add(@Nullable Object[] row) {
        counts[ROWS]++;
        if (flag >= 0 && "true".equalsIgnoreCase(String.valueOf(row[flag]))) {
            counts[FILTERED]++;
        }
        for (int i = NULLS; i < counts.length; i++) {
            if (row[i - NULLS] == null) {
                counts[i]++;
            }
        }
    }

    long rows() {
        return counts[ROWS];
    }

    Counts in(TransformPlan plan, @Nullable Long duplicates) {
        Map<String, Long> nulls = new LinkedHashMap<>();
        for (int i = 0; i < plan.columns().size(); i++) {
            nulls.put(plan.columns().get(i).name(), counts[NULLS + i]);
        }
        return new Counts(
                counts[ROWS],
                plan.filtered() == null ? null : counts[FILTERED],
                duplicates,
                nulls,
                List.of());
    }

    @Override
    public boolean isZero() {
        return counts[ROWS] == 0;
    }

    @Override
    public RowCounts copy() {
        return new RowCounts(flag, counts.clone());
    }

    @Override
    public RowCounts copyAndReset() {
        return new RowCounts(flag, new long[counts.length]);
    }

    @Override
    public void reset() {
        Arrays.fill(counts, 0);
    }

    @Override
    public void merge(AccumulatorV2<@Nullable Object[], long[]> other) {
        long[] more = other.value();
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more[i];
        }
    }

    @Override
    public long[] value() {
        return counts;
    }
}
