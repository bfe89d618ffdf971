package io.amcinsights.desktop.places;

/** Hands a run over to the screen, to be shown by itself. */
public record ShowRun(String runId) {}
