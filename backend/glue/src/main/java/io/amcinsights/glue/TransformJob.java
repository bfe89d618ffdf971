package io.amcinsights.glue;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;

import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.PlannedRows;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Outcome;
import io.amcinsights.lake.plan.TransformPlan.Separate;
import io.amcinsights.lake.plan.TransformPlan.Stale;
import io.amcinsights.lake.plan.Values;

import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Carries out a plan with Spark: the delivered file becomes Parquet, stale files are renewed, and
 * the outcome is left beside the plan.
 */
public final class TransformJob {

    private static final String TEXT_OF_DOUBLE = "text_of_double";

    private final SparkSession spark;
    private final String lake;
    private final String planKey;
    private final LakeFolder folder;
    private final Path work;

    private TransformJob(SparkSession spark, String lake, String planKey) {
        this.spark = spark;
        this.lake = lake;
        this.planKey = planKey;
        this.folder = new LakeFolder(lake, spark.sparkContext().hadoopConfiguration());
        this.work = new Path(folder.path(planKey).getParent(), "spark-" + UUID.randomUUID());
    }

    /**
     * Runs the job.
     *
     * @param arguments {@code --lake}, the URI of the lake's bucket, and {@code --plan}, the key of
     *     the plan in it; others, which Glue adds, mean nothing here
     * @throws AmcCsv.MalformedException the file is not the one that the plan was made for
     */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().appName("transform").getOrCreate();
        settings(spark);
        new TransformJob(spark, argument(arguments, "--lake"), argument(arguments, "--plan")).run();
    }

    private static String argument(String[] arguments, String name) {
        for (int i = 0; i < arguments.length - 1; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        throw new IllegalArgumentException("The job lacks its argument " + name + ".");
    }

    private static void settings(SparkSession spark) {
        RuntimeConfig settings = spark.conf();
        settings.set("spark.sql.ansi.enabled", true); // what does not fit fails
        settings.set("spark.sql.session.timeZone", "UTC");
        settings.set("spark.sql.datetime.java8API.enabled", true);
        settings.set("spark.sql.parquet.compression.codec", "zstd");
        settings.set("spark.sql.parquet.inferTimestampNTZ.enabled", true);
        settings.set("spark.sql.parquet.writeLegacyFormat", false);
        settings.set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED"); // as others do
        settings.set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
        spark.sparkContext()
                .hadoopConfiguration()
                .setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
        spark.udf()
                .register(
                        TEXT_OF_DOUBLE,
                        (UDF1<Double, @Nullable String>)
                                value -> value == null ? null : Values.text(value),
                        DataTypes.StringType);
    }

    private void run() throws Exception {
        TransformPlan plan = folder.plan(planKey);
        try {
            Outcome outcome = load(plan);
            for (Move move : moves(plan)) {
                for (Stale stale : move.files()) {
                    renew(plan, stale);
                }
            }
            folder.write(outcome, TransformPlan.outcomeKey(planKey));
        } catch (Exception e) {
            throw reason(e);
        } finally {
            folder.delete(work);
        }
    }

    private static List<Move> moves(TransformPlan plan) {
        List<Move> moves = new ArrayList<>(plan.moves());
        if (plan.filtered() != null && plan.filtered().separate() != null) {
            moves.addAll(plan.filtered().separate().moves());
        }
        return moves;
    }

    private Outcome load(TransformPlan plan) throws IOException {
        RowCounts counting = RowCounts.of(plan);
        spark.sparkContext().register(counting);
        Path all = write(delivered(plan, counting), "all");
        if (counting.rows() != plan.rows()) {
            throw new AmcCsv.MalformedException(
                    "The file has %d rows where %d were counted before."
                            .formatted(counting.rows(), plan.rows()));
        }
        Dataset<Row> input = spark.read().schema(schema(plan)).parquet(all.toString());
        Counts counts = counting.in(plan, duplicates(plan, input));
        Filtered filtered = plan.filtered();
        if (filtered == null || filtered.kept() || counts.filtered() == null) {
            return new Outcome(counts.rows(), folder.place(all, plan.target()), 0, counts);
        }
        Column hidden = isFiltered(filtered.flag());
        long bytes = folder.place(write(input.filter(not(hidden)), "shown"), plan.target());
        Separate separate = filtered.separate();
        long separateBytes =
                separate == null || counts.filtered() == 0
                        ? 0
                        : folder.place(write(input.filter(hidden), "hidden"), separate.target());
        return new Outcome(counts.rows() - counts.filtered(), bytes, separateBytes, counts);
    }

    private Dataset<Row> delivered(TransformPlan plan, RowCounts counting) {
        DeliveredRows rows =
                new DeliveredRows(
                        lake,
                        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
                        counting);
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(List.of(planKey), 1)
                        .mapPartitions(rows),
                schema(plan));
    }

    private static @Nullable Long duplicates(TransformPlan plan, Dataset<Row> input) {
        if (plan.rows() > Counts.MOST_COMPARED) {
            return null;
        }
        Column[] columns =
                plan.columns().stream().map(column -> col(column.name())).toArray(Column[]::new);
        return plan.rows() - input.select(columns).distinct().count();
    }

    /** Whatever the flag's type is. */
    private static Column isFiltered(String flag) {
        return coalesce(lower(col(flag).cast(DataTypes.StringType)), lit("")).equalTo("true");
    }

    /** Writes a file anew, its columns in the types that the dataset has by now, if need be. */
    private void renew(TransformPlan plan, Stale stale) throws IOException {
        if (folder.has(stale.newKey())) {
            return;
        }
        Map<String, ColumnType> types =
                plan.datasetColumns().stream()
                        .collect(
                                Collectors.toMap(
                                        io.amcinsights.lake.plan.Column::name,
                                        io.amcinsights.lake.plan.Column::type));
        Dataset<Row> old = spark.read().parquet(folder.path(stale.key()).toString());
        List<Column> columns = new ArrayList<>();
        for (StructField field : old.schema().fields()) {
            ColumnType type = types.get(field.name());
            columns.add(type == null ? col(field.name()) : cast(field, type));
        }
        Dataset<Row> renewed = old.select(columns.toArray(Column[]::new));
        folder.place(write(renewed, "renewed-" + UUID.randomUUID()), stale.newKey());
    }

    private static Column cast(StructField field, ColumnType type) {
        Column column = col(field.name());
        DataType wider = type(type);
        boolean nested =
                field.dataType() instanceof ArrayType || field.dataType() instanceof StructType;
        if (nested && wider.equals(DataTypes.StringType)) {
            // Spark would write them in words of its own
            throw new UnsupportedOperationException(
                    "The column %s becomes a text, which only the function transform can write of"
                                    .formatted(field.name())
                            + " arrays and rows. Load a smaller delivery first.");
        }
        boolean written =
                field.dataType().equals(DataTypes.DoubleType) && wider.equals(DataTypes.StringType);
        return (written ? callUDF(TEXT_OF_DOUBLE, column) : column.cast(wider)).as(field.name());
    }

    private Path write(Dataset<Row> rows, String name) {
        Path written = new Path(work, name);
        rows.coalesce(1).write().parquet(written.toString());
        return written;
    }

    private static StructType schema(TransformPlan plan) {
        List<StructField> fields = new ArrayList<>();
        PlannedRows.columns(plan)
                .forEach(
                        (name, type) ->
                                fields.add(DataTypes.createStructField(name, type(type), true)));
        return DataTypes.createStructType(fields);
    }

    /** What Spark writes alike to what DuckDB writes: times are UTC, and do not say so. */
    private static DataType type(ColumnType type) {
        return switch (type.kind()) {
            case UNKNOWN, VARCHAR -> DataTypes.StringType;
            case BOOLEAN -> DataTypes.BooleanType;
            case BIGINT -> DataTypes.LongType;
            case DECIMAL -> DataTypes.createDecimalType(ColumnType.DIGITS, type.scale());
            case DOUBLE -> DataTypes.DoubleType;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampNTZType;
            case ARRAY -> DataTypes.createArrayType(type(type.element()));
            case ROW ->
                    DataTypes.createStructType(
                            type.fields().stream()
                                    .map(
                                            f ->
                                                    DataTypes.createStructField(
                                                            f.name(), type(f.type()), true))
                                    .toList());
        };
    }

    /**
     * What is wrong with the file, where that is why Spark has failed, and else what Spark says.
     */
    private static Exception reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AmcCsv.MalformedException malformed) {
                return malformed;
            }
        }
        return failure;
    }
}
