package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How one delivery becomes Parquet. Who carries it out reads and writes the lake's bucket and needs
 * to know nothing else.
 *
 * @param source key of the delivered file's copy
 * @param target key of the Parquet file to write; nobody reads it there yet
 * @param rows in the file, without the header
 * @param format of the delivered file
 * @param dialect see {@link SourceRows#dialect()}
 * @param columns of the file, in its order
 * @param converted columns in units of the currency, calculated from those of the file
 * @param dataset the table that the delivery is loaded into
 * @param generation counts how often the dataset's types have widened
 * @param datasetColumns all columns of the dataset
 * @param filtered what becomes of rows whose values AMC has hidden; null where no column tells
 * @param moves what the dataset consists of in types that are too narrow
 * @param rules that the rows are held to
 * @param transformation what the customer makes of the rows; null where they are the dataset's as
 *     they are
 */
public record TransformPlan(
        String deliveryId,
        String source,
        String target,
        long rows,
        SourceFormat format,
        @Nullable Dialect dialect,
        List<Column> columns,
        List<Column> converted,
        Provenance provenance,
        String dataset,
        long generation,
        List<Column> datasetColumns,
        @Nullable Filtered filtered,
        List<Move> moves,
        List<PlannedRule> rules,
        @Nullable CustomSql transformation) {

    /** A plan that was made before there were rules has none. */
    public TransformPlan {
        rules = rules == null ? List.of() : List.copyOf(rules);
    }

    /**
     * The same plan for rows that a transformation has made.
     *
     * @param made columns of the rows, of the dataset
     * @param madeRows how many they are
     */
    public TransformPlan of(List<Column> made, long madeRows) {
        return new TransformPlan(
                deliveryId,
                source,
                target,
                madeRows,
                format,
                dialect,
                made,
                List.of(),
                provenance,
                dataset,
                generation,
                datasetColumns,
                filtered != null && made.stream().anyMatch(c -> c.name().equals(filtered.flag()))
                        ? filtered
                        : null,
                moves,
                rules,
                null);
    }

    /**
     * A customer's transformation.
     *
     * @param version of it
     * @param sql one SELECT of DuckDB, over {@code input} and the lookups
     * @param input columns of {@code input}; those that the file lacks are NULL
     * @param lookups the other datasets that it reads
     */
    public record CustomSql(int version, String sql, List<Column> input, List<Lookup> lookups) {

        /** The table that stands for the delivered rows. */
        public static final String INPUT = "input";
    }

    /**
     * Another dataset, of the same tenant.
     *
     * @param keys of its files
     */
    public record Lookup(String dataset, List<Column> columns, List<String> keys) {}

    /**
     * Rows whose values AMC has hidden.
     *
     * @param flag column of the file that is true for them
     * @param kept they are rows of the dataset as all others
     * @param separate where they go instead; null unless they are kept apart
     */
    public record Filtered(String flag, boolean kept, @Nullable Separate separate) {}

    /**
     * The dataset of rows whose values AMC has hidden. Its columns are those of the dataset.
     *
     * @param target key of the Parquet file to write, unless there are no such rows
     * @param generation counts how often its types have widened
     */
    public record Separate(String dataset, String target, long generation, List<Move> moves) {}

    /**
     * The files of a tenant and month, to be written anew in the dataset's types of today.
     *
     * @param revision of what they were when this was planned
     */
    public record Move(String tenantId, String month, long revision, List<Stale> files) {}

    /**
     * A file whose types are too narrow.
     *
     * @param newKey where it is to be written anew; the same key always holds the same then
     */
    public record Stale(String name, String key, String newKey) {}

    /**
     * What every row tells of where it comes from.
     *
     * @param runId null where the file was not asked for by us
     * @param parameters JSON object of the run's parameters, by name; null where it had none
     * @param windowStart null where AMC does not tell
     * @param month {@code yyyy-MM} of the file
     */
    public record Provenance(
            String tenantId,
            String month,
            @Nullable String runId,
            @Nullable String parameters,
            @Nullable Instant windowStart,
            @Nullable Instant windowEnd,
            Instant deliveredAt) {}

    /** Where the outcome is left by whoever cannot return it: a key beside the plan's. */
    public static String outcomeKey(String planKey) {
        return planKey.substring(0, planKey.lastIndexOf('/') + 1) + "outcome.json";
    }

    /**
     * What came of it.
     *
     * @param rows in the dataset's file
     * @param bytes of the dataset's file
     * @param separateBytes of the file of rows that are kept apart; 0 where there is none
     * @param made columns that the plan's transformation has made; null where it has none
     */
    public record Outcome(
            long rows, long bytes, long separateBytes, Counts counts, @Nullable List<Column> made) {

        /** Of a plan without a transformation. */
        public Outcome(long rows, long bytes, long separateBytes, Counts counts) {
            this(rows, bytes, separateBytes, counts, null);
        }

        public Outcome of(List<Column> columns) {
            return new Outcome(rows, bytes, separateBytes, counts, columns);
        }
    }

    /**
     * What the rows of the delivered file are like, counted over all of them.
     *
     * @param filtered whose values AMC has hidden; null where no column tells
     * @param duplicates rows that are exact copies of an earlier one; null where the file is too
     *     large to compare them
     * @param nulls how many rows are NULL, by column, for all columns of the file
     * @param broken what breaks each of the plan's rules, in their order
     */
    public record Counts(
            long rows,
            @Nullable Long filtered,
            @Nullable Long duplicates,
            Map<String, Long> nulls,
            List<PlannedRule.Broken> broken) {

        /** Where the plan has no rules, they may be left out. */
        public Counts {
            broken = broken == null ? List.of() : List.copyOf(broken);
        }

        /**
         * Copies are looked for in files of so many rows, as to compare the rows of larger ones is
         * dear.
         */
        public static final long MOST_COMPARED = 1_000_000;
    }
}
