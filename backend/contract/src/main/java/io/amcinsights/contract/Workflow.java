package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        long version) {

    private static final int LONGEST_TITLE = 120;

    /** Who saves one need not say when: that is set here. */
    @SuppressWarnings("NullAway") // Jackson gives null for what a request lacks
    public Workflow {
        updatedAt = updatedAt == null ? Instant.EPOCH : updatedAt;
    }

    /** What is wrong, by field, in words; empty when the workflow may be sent. */
    public Map<String, String> problems() {
        Map<String, String> problems = new LinkedHashMap<>();
        if (!workflowId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,119}")) {
            problems.put(
                    "workflowId",
                    "A workflow id begins with a letter or digit and has only letters, digits,"
                            + " dots, hyphens and underscores, at most 120.");
        } else if (workflowId.startsWith("analytics-") || workflowId.startsWith("transient_")) {
            problems.put(
                    "workflowId", "AMC itself names unsaved queries so; choose another beginning.");
        }
        if (title.isBlank() || title.length() > LONGEST_TITLE) {
            problems.put("title", "Give the workflow a title of at most 120 characters.");
        }
        if (sql.isBlank()) {
            problems.put("sql", "Write the AMC SQL that the workflow runs.");
        }
        return problems;
    }
}
