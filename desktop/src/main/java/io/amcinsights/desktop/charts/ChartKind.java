package io.amcinsights.desktop.charts;

/** The kinds of charts, in the order in which they are offered. */
public enum ChartKind {
    LINE,
    BAR,
    STACKED_BAR,
    SCATTER,
    /** Large figures, one for each measure. */
    NUMBER
}
