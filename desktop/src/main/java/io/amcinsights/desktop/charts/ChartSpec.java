package io.amcinsights.desktop.charts;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What to draw.
 *
 * @param x name of the column of the horizontal axis (of the categories, for bars); null for {@link
 *     ChartKind#NUMBER}
 * @param measures names of the columns that are drawn
 * @param series name of the column that splits the first measure into series; null for one series a
 *     measure
 * @param top how many categories are shown by themselves; the others are added up as “Other”
 */
public record ChartSpec(
        ChartKind kind,
        @Nullable String x,
        List<String> measures,
        @Nullable String series,
        Aggregate aggregate,
        int top) {

    public static final int DEFAULT_TOP = 20;

    public ChartSpec {
        measures = List.copyOf(measures);
    }
}
