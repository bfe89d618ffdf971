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
 * @param columns what the result's columns mean
 */
public record Template(
        String templateId,
        String title,
        String category,
        String question,
        String reading,
        List<String> tables,
        String sql,
        List<Parameter> parameters,
        List<ResultColumn> columns,
        @Nullable SuggestedChart chart) {

    /**
     * @param unit such as {@code users}, {@code %} or {@code USD}; empty where there is none
     */
    public record ResultColumn(String name, String description, String unit) {}

    /**
     * @param kind {@code bar}, {@code line} or {@code scatter}
     * @param x column of the horizontal axis
     * @param y columns of the series
     */
    public record SuggestedChart(String kind, String x, List<String> y) {}
}
