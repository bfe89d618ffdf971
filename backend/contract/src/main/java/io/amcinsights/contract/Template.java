package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A workflow of the query library that belongs to no tenant yet.
 *
 * @param templateId also the suggested workflow id
 * @param question what the analyst learns from it, as a question
 * @param reading how to read the result
 * @param tables the AMC tables that it reads
 * @param columns what the result's columns mean, in the result's order
 */
public record Template(
        String templateId,
        String title,
        String category,
        String question,
        String reading,
        List<String> tables,
        Window window,
        String sql,
        List<Parameter> parameters,
        List<ResultColumn> columns,
        @Nullable SuggestedChart chart) {

    /**
     * The time window that suits the question.
     *
     * @param days how many days of events are enough for AMC's thresholds and few enough to mean
     *     something
     * @param settle days from the end of the window to the day of the run: 2 until AMC's events are
     *     complete, 14 where purchases are credited to ads of the window up to 14 days later
     */
    public record Window(int days, int settle) {}

    /**
     * @param type AMC's data type, such as {@code LONG} or {@code STRING}
     * @param unit such as {@code people}, {@code %} or {@code currency} (which another column
     *     names); empty where there is none
     */
    public record ResultColumn(String name, String type, String description, String unit) {}

    /**
     * @param kind {@code bar}, {@code stacked-bar}, {@code line}, {@code scatter}, {@code heat-map}
     *     (x by series, coloured by y), {@code sankey} (x holds paths), {@code overlap} (x holds
     *     groups of people who do not overlap), {@code map} (x holds places), {@code funnel} or
     *     {@code table}
     * @param x column of the horizontal axis
     * @param y columns of the values
     * @param series column whose values part the rows into series; null where there is one
     */
    public record SuggestedChart(String kind, String x, List<String> y, @Nullable String series) {}
}
