package io.amcinsights.desktop.charts;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What is drawn. */
public sealed interface Plot {

    /** Large figures. */
    record Numbers(List<Figure> figures) implements Plot {}

    /**
     * Values by category: bars, or a line over steps.
     *
     * @param labels of the categories, in the order of drawing
     * @param hidden index of the category whose name privacy rules hide; -1 for none
     */
    record Categories(
            AxisText x, AxisText y, List<String> labels, int hidden, List<CategorySeries> series)
            implements Plot {}

    /**
     * Values over a number or a time.
     *
     * @param time whether x counts milliseconds since 1970, in UTC
     */
    record Points(AxisText x, AxisText y, boolean time, List<PointSeries> series) implements Plot {}

    /** There is nothing to draw. */
    record Nothing(Reason reason) implements Plot {}

    /** Why there is nothing to draw. */
    enum Reason {
        NO_ROWS,
        /** The columns asked for have no value in any row. */
        NO_VALUES,
        /** Privacy rules hide every row. */
        ALL_HIDDEN,
        /** The choice of columns does not make a chart. */
        NO_COLUMNS
    }

    /**
     * @param unit such as {@code %} or {@code EUR}; empty where there is none
     */
    record AxisText(String title, String unit) {}

    /**
     * @param value null where no row has one
     */
    record Figure(String name, String unit, @Nullable Double value) {}

    /**
     * @param values one for each category; null where there is none
     */
    record CategorySeries(String name, List<@Nullable Double> values) {}

    /** Points in the order of x for lines, of the rows for a scatter. */
    record PointSeries(String name, List<Point> points) {}

    /**
     * @param label names the point; empty where x and y say all
     */
    record Point(double x, double y, String label) {}
}
