package io.amcinsights.lake;

import io.amcinsights.lake.DatasetState.Emptied;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The view {@code <dataset>_latest}: of the deliveries that answer the same question, those of one
 * tenant with the same window and parameters, only the newest; none where the newest has no rows. A
 * delivery whose window is not known stands for itself.
 */
final class LatestView {

    private static final String SUFFIX = "_latest";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private LatestView() {}

    /** Whether a name is that of such a view. */
    static boolean isNamedSo(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * @param columns of the dataset's table, its partition keys at the end
     */
    static TableInput of(String database, DatasetState dataset, List<Column> columns) {
        return PrestoView.of(
                database, nameOf(dataset.name()), sql(database, dataset, columns), columns);
    }

    static String nameOf(String dataset) {
        return dataset + SUFFIX;
    }

    private static String sql(String database, DatasetState dataset, List<Column> columns) {
        return """
        SELECT %s
        FROM (
          SELECT *, rank() OVER (
            PARTITION BY tenant, parameters, window_start, window_end,
              CASE WHEN window_start IS NULL THEN delivery_id END
            ORDER BY delivered_at DESC, delivery_id DESC) AS "newest first"
          FROM "%s"."%s")
        WHERE "newest first" = 1%s
        """
                .formatted(
                        columns.stream()
                                .map(c -> '"' + c.name() + '"')
                                .collect(Collectors.joining(", ")),
                        database,
                        dataset.name(),
                        dataset.emptied().stream()
                                .map(LatestView::unless)
                                .collect(Collectors.joining()));
    }

    /** The newest answer to a question may be that there are no rows. */
    private static String unless(Emptied emptied) {
        return ("\n  AND NOT (tenant = %s AND parameters IS NOT DISTINCT FROM %s"
                        + " AND window_start = %s AND window_end = %s AND delivered_at < %s)")
                .formatted(
                        text(emptied.tenantId()),
                        emptied.parameters() == null
                                ? "CAST(NULL AS varchar)"
                                : text(emptied.parameters()),
                        time(emptied.windowStart()),
                        time(emptied.windowEnd()),
                        time(emptied.deliveredAt()));
    }

    private static String time(Instant instant) {
        return "TIMESTAMP '%s'".formatted(TIME.format(instant));
    }

    private static String text(String value) {
        return "'%s'".formatted(value.replace("'", "''"));
    }
}
