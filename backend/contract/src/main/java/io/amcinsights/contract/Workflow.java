package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A saved AMC SQL query of one tenant.
 *
 * @param workflowId letters, digits, dots, hyphens and underscores; AMC's id of it too
 * @param templateId the template that it was made from
 * @param version counts changes; 0 for one not saved yet
 */
public record Workflow(
        String tenantId,
        String workflowId,
        String title,
        String description,
        String sql,
        List<Parameter> parameters,
        @Nullable String templateId,
        Instant updatedAt,
        long version) {}
