package io.amcinsights.desktop.places;

import org.jspecify.annotations.Nullable;

/**
 * Hands SQL over to the screen, in an editor of its own.
 *
 * @param title of the editor
 * @param run whether to run it at once
 */
public record OpenQuery(String title, String sql, boolean run) {

    private static final int PREVIEW = 1_000;

    /**
     * The newest rows of one tenant in a dataset.
     *
     * @param tenantId null for all tenants
     */
    public static OpenQuery ofDataset(String dataset, @Nullable String tenantId) {
        String where = tenantId == null ? "" : "WHERE tenant = '%s'\n".formatted(quoted(tenantId));
        return new OpenQuery(
                dataset,
                "SELECT *\nFROM \"%s\"\n%sLIMIT %d"
                        .formatted(dataset.replace("\"", "\"\""), where, PREVIEW),
                true);
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }
}
