package io.amcinsights.lake;

import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.ColumnType;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The view {@code <dataset>_latest}: of the deliveries that answer the same question, those of one
 * tenant with the same window and parameters, only the newest. A delivery whose window is not known
 * stands for itself.
 */
final class LatestView {

    private static final String SUFFIX = "_latest";

    /** A view as Trino and Athena keep it in the catalogue. Source: Trino, Hive connector. */
    private record Definition(
            String originalSql, String catalog, String schema, List<Typed> columns) {}

    private record Typed(String name, String type) {}

    private LatestView() {}

    /** Whether a name is that of such a view. */
    static boolean isNamedSo(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * Trino reads no view without an owner, nor one with a description.
     *
     * @param columns of the dataset's table, its partition keys at the end
     */
    static TableInput of(String database, String dataset, List<Column> columns) {
        return TableInput.builder()
                .name(dataset + SUFFIX)
                .owner("amc-insights")
                .tableType("VIRTUAL_VIEW")
                .parameters(Map.of("presto_view", "true", "comment", "Presto View"))
                .storageDescriptor(s -> s.columns(columns).location("").serdeInfo(serde -> {}))
                .viewOriginalText(
                        "/* Presto View: %s */".formatted(encoded(database, dataset, columns)))
                .viewExpandedText("/* Presto View */")
                .build();
    }

    private static String encoded(String database, String dataset, List<Column> columns) {
        Definition definition =
                new Definition(
                        sql(database, dataset, columns),
                        "awsdatacatalog",
                        database,
                        columns.stream().map(c -> new Typed(c.name(), type(c))).toList());
        return Base64.getEncoder()
                .encodeToString(Json.write(definition).getBytes(StandardCharsets.UTF_8));
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

    /** Hive's word for a type in Trino's. */
    private static String type(Column column) {
        return ColumnType.parse(column.type()).sql("timestamp(3)");
    }
}
