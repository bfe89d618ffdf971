package io.amcinsights.desktop.places;

/** Asks the screen to begin with the query library. */
public record OpenLibrary() {}
