package io.amcinsights.lake;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The view {@code <dataset>_latest}: of the deliveries that answer the same question, those of one
 * tenant with the same window and parameters, only the newest. A delivery whose window is not known
 * stands for itself.
 */
final class LatestView {

    private static final String SUFFIX = "_latest";

    private LatestView() {}

    /** Whether a name is that of such a view. */
    static boolean isNamedSo(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * @param columns of the dataset's table, its partition keys at the end
     */
    static TableInput of(String database, String dataset, List<Column> columns) {
        return PrestoView.of(database, nameOf(dataset), sql(database, dataset, columns), columns);
    }

    static String nameOf(String dataset) {
        return dataset + SUFFIX;
    }

    private static String sql(String database, String dataset, List<Column> columns) {
        return """
        SELECT %s
        FROM (
          SELECT *, rank() OVER (
            PARTITION BY tenant, parameters, window_start, window_end,
              CASE WHEN window_start IS NULL THEN delivery_id END
            ORDER BY delivered_at DESC, delivery_id DESC) AS "newest first"
          FROM "%s"."%s")
        WHERE "newest first" = 1
        """
                .formatted(
                        columns.stream()
                                .map(c -> '"' + c.name() + '"')
                                .collect(Collectors.joining(", ")),
                        database,
                        dataset);
    }
}
