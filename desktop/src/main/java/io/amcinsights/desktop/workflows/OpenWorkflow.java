package io.amcinsights.desktop.workflows;

/** Hands a workflow over to the screen, to be opened in the editor. */
public record OpenWorkflow(String tenantId, String workflowId) {}
