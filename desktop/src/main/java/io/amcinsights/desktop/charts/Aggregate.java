package io.amcinsights.desktop.charts;

/** How the rows of one point become one value. */
public enum Aggregate {
    SUM,
    AVERAGE,
    LEAST,
    GREATEST,
    /** How many rows have a value. */
    COUNT
}
