package io.amcinsights.desktop.workflows;

/** Asks the screen to begin with the query library. */
public record OpenLibrary() {}
