package io.amcinsights.desktop.places;

import io.amcinsights.contract.Run;

/** Hands the run of a query that is not saved to the editor, with what came of it. */
public record OpenTrial(Run run) {}
