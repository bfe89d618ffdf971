package io.amcinsights.lake;

import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.ColumnType;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.TableInput;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A view as Trino and Athena keep it in the catalogue. Source: Trino, Hive connector. */
final class PrestoView {

    private record Definition(
            String originalSql, String catalog, String schema, List<Typed> columns) {}

    private record Typed(String name, String type) {}

    private PrestoView() {}

    /**
     * Trino reads no view without an owner, nor one with a description.
     *
     * @param columns that the SQL has, in their order
     */
    static TableInput of(String database, String name, String sql, List<Column> columns) {
        Definition definition =
                new Definition(
                        sql,
                        "awsdatacatalog",
                        database,
                        columns.stream().map(c -> new Typed(c.name(), type(c))).toList());
        String encoded =
                Base64.getEncoder()
                        .encodeToString(Json.write(definition).getBytes(StandardCharsets.UTF_8));
        return TableInput.builder()
                .name(name)
                .owner("amc-insights")
                .tableType("VIRTUAL_VIEW")
                .parameters(Map.of("presto_view", "true", "comment", "Presto View"))
                .storageDescriptor(s -> s.columns(columns).location("").serdeInfo(serde -> {}))
                .viewOriginalText("/* Presto View: %s */".formatted(encoded))
                .viewExpandedText("/* Presto View */")
                .build();
    }

    /** Hive's word for a type in Trino's. */
    private static String type(Column column) {
        return ColumnType.parse(column.type()).sql("timestamp(3)");
    }
}
