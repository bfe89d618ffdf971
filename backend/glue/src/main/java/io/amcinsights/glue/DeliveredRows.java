package io.amcinsights.glue;

import io.amcinsights.lake.plan.PlannedRows;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.Values;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Reads the file of a plan in one task, row by row, so that its size needs no memory. */
final class DeliveredRows implements FlatMapFunction<Iterator<String>, Row> {

    private static final long serialVersionUID = 1;

    private final String lake;
    private final SerializableConfiguration configuration;

    DeliveredRows(String lake, SerializableConfiguration configuration) {
        this.lake = lake;
        this.configuration = configuration;
    }

    @Override
    public Iterator<Row> call(Iterator<String> planKeys) throws IOException {
        LakeFolder folder = new LakeFolder(lake, configuration.value());
        TransformPlan plan = folder.plan(planKeys.next());
        InputStream in = folder.open(plan.source());
        TaskContext.get()
                .addTaskCompletionListener(
                        task -> {
                            try {
                                in.close();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        return new Rows(new PlannedRows(plan, in));
    }

    /** As Spark takes them: a row in a row is one of its rows. */
    private static @Nullable Object[] sparks(@Nullable Object[] values) {
        return Arrays.stream(values).map(DeliveredRows::sparks).toArray();
    }

    private static @Nullable Object sparks(@Nullable Object value) {
        if (value instanceof Values.Fields row) {
            return RowFactory.create(sparks(row.values().toArray()));
        }
        return value instanceof Object[] array ? sparks(array) : value;
    }

    private static final class Rows implements Iterator<Row> {

        private final PlannedRows rows;
        private @Nullable Object @Nullable [] next;

        Rows(PlannedRows rows) throws IOException {
            this.rows = rows;
            this.next = rows.next();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Row next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Row row = RowFactory.create(sparks(next));
            try {
                next = rows.next();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return row;
        }
    }
}
