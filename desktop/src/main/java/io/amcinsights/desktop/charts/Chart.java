package io.amcinsights.desktop.charts;

/** A chart, ready to be drawn. */
public record Chart(ChartSpec spec, Plot plot, Caption caption) {}
