package io.amcinsights.desktop.places;

/** Hands a dataset over to the screen, to be shown with its rules. */
public record ShowDataset(String name) {}
