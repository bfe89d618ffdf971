package io.amcinsights.local.amc.engine;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What a workflow wants of rows that too few users stand behind. Source: Amazon Ads, "Append
 * aggregation threshold columns".
 *
 * @param removesValues the values that need more users are left out and what is left is added up;
 *     else the row is left out
 * @param discriminatorColumn name of a column that tells such rows
 * @param userCountColumn name of a column with the users that were counted
 * @param reasonColumn name of a column that says why values were left out
 */
public record Privacy(
        boolean removesValues,
        @Nullable String discriminatorColumn,
        @Nullable String userCountColumn,
        @Nullable String reasonColumn) {

    /** Rows of too few users are left out, and nothing is said of it. */
    public static final Privacy DEFAULT = new Privacy(false, null, null, null);

    /** As a workflow of AMC's API has it. */
    public static Privacy of(JsonNode workflow) {
        String discriminator = text(workflow, "filteredMetricsDiscriminatorColumn");
        String behavior = text(workflow, "privacyFilteringBehavior");
        return new Privacy(
                behavior == null ? discriminator != null : behavior.equals("REMOVE_VALUES"),
                discriminator,
                text(workflow, "distinctUserCountColumn"),
                text(workflow, "filteredReasonColumn"));
    }

    private static @Nullable String text(JsonNode workflow, String name) {
        String text = workflow.path(name).asText("");
        return text.isBlank() ? null : text;
    }
}
