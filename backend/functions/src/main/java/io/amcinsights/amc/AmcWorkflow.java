package io.amcinsights.amc;

import io.amcinsights.contract.Parameter;

import java.util.List;

/** A workflow to be kept by AMC. */
public record AmcWorkflow(String workflowId, String sql, List<Parameter> parameters) {}
