package io.amcinsights.desktop.places;

/** Hands a workflow over to the screen, to be opened in the editor. */
public record OpenWorkflow(String tenantId, String workflowId) {}
