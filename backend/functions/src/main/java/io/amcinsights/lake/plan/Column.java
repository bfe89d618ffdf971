package io.amcinsights.lake.plan;

/**
 * A column of a dataset.
 *
 * @param source the column's name in the delivered file
 */
public record Column(String name, String source, ColumnType type) {}
