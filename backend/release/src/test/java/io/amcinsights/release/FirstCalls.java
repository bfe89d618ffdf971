package io.amcinsights.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.amcinsights.contract.Json;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Dialect;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Provenance;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A first call of each function, which goes all the way to AWS. */
final class FirstCalls {

    private static final Map<String, String> CALLS =
            Map.of(
                    "tenants", "{\"operation\": \"ListTenants\"}",
                    "workflows", "{\"operation\": \"ListRuns\", \"limit\": 1}",
                    "dispatcher",
                            "{\"Records\": [{\"body\": \"{\\\"runId\\\":"
                                    + " \\\"20260101T000000000-none-00000\\\"}\"}]}",
                    "run-steps",
                            "{\"step\": \"poll\", \"runId\": \"20260101T000000000-none-00000\"}",
                    "transform", "{\"step\": \"transform\", \"plan\": \"plan.json\"}",
                    "lake", "{\"operation\": \"ListDatasets\"}");

    private FirstCalls() {}

    static String of(Deployed function) {
        return Objects.requireNonNull(CALLS.get(function.name()), function.name());
    }

    /**
     * Puts a file of two rows, and the plan that {@code transform} is called with, into the lake.
     */
    static void deliver(Lambda lambda, String bucket) {
        lambda.objects().put(bucket + "plan.json", Json.write(plan()).getBytes(UTF_8));
        lambda.objects().put(bucket + "rows.csv", "a,b\n1,x\n2,y\n".getBytes(UTF_8));
    }

    private static TransformPlan plan() {
        List<Column> columns =
                List.of(
                        new Column("a", "a", ColumnType.BIGINT),
                        new Column("b", "b", ColumnType.VARCHAR));
        return new TransformPlan(
                "delivery-1",
                "rows.csv",
                "rows.parquet",
                2,
                SourceFormat.AMC_CSV,
                new Dialect('\\', "\n", 100),
                columns,
                List.of(),
                new Provenance("tenant", "2026-11", null, null, null, null, Instant.EPOCH),
                "dataset",
                0,
                columns,
                null,
                List.of(),
                List.of(),
                null);
    }
}
