package io.amcinsights.lake.plan;

/**
 * How a CSV file is written, as any reader of CSV can be told.
 *
 * @param escape what stands before a quote inside of quotes
 * @param lineEnd {@code \n} or {@code \r\n}
 * @param longestRow no row has more bytes
 */
public record Dialect(char escape, String lineEnd, long longestRow) {}
