package io.amcinsights.desktop.places;

/** Asks the screen to begin a schedule of a workflow. */
public record NewSchedule(String tenantId, String workflowId) {}
