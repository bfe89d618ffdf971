package io.amcinsights.glue;

import io.amcinsights.lake.duck.CustomSqlException;
import io.amcinsights.lake.duck.DuckRows;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.PlannedRows;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Outcome;

import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.duckdb.DuckDBDriver;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Carries out a plan for a large file: Spark reads it, which the function has no room for; DuckDB
 * makes the dataset's rows of it, as the function does. The outcome is left beside the plan.
 */
public final class TransformJob {

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
    }

    private void run() throws Exception {
        TransformPlan plan = folder.plan(planKey);
        java.nio.file.Path local = Files.createTempDirectory("transform");
        try (Connection duck = duck(local)) {
            java.nio.file.Path rows = local.resolve("delivery.parquet");
            folder.downloadOnly(write(delivered(plan), "all"), rows);
            DuckRows loading = new DuckRows(duck, folder);
            long read = loading.count(rows);
            if (read != plan.rows()) {
                throw new AmcCsv.MalformedException(
                        "The file has %d rows where %d were counted before."
                                .formatted(read, plan.rows()));
            }
            Outcome outcome = loading.load(plan, rows);
            loading.renew(plan, local);
            folder.write(outcome, TransformPlan.outcomeKey(planKey));
        } catch (Exception e) {
            throw reason(e);
        } finally {
            folder.delete(work);
            try (Stream<java.nio.file.Path> files = Files.walk(local)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static Connection duck(java.nio.file.Path local) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("memory_limit", "3GB");
        settings.setProperty("TimeZone", "UTC");
        settings.setProperty("temp_directory", local.resolve("spill").toString());
        // asked for itself: Spark has class loaders of its own, in which it would not be found
        return new DuckDBDriver().connect("jdbc:duckdb:", settings);
    }

    private Dataset<Row> delivered(TransformPlan plan) {
        DeliveredRows rows =
                new DeliveredRows(
                        lake,
                        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(List.of(planKey), 1)
                        .mapPartitions(rows),
                schema(plan));
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
            if (cause instanceof CustomSqlException unusable) {
                return unusable;
            }
        }
        return failure;
    }
}
