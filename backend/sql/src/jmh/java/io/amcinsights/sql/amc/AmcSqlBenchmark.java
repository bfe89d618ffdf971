package io.amcinsights.sql.amc;

import io.amcinsights.sql.Completion;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What an editor asks while someone types, on a query of 200 lines, against the limit of 20 ms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AmcSqlBenchmark {

    private static final double LIMIT_MILLIS = 20;
    private static final int LINES = 200;

    private final String sql = sql();
    private final int caret = sql.lastIndexOf("campaign");

    /** Check, types, privacy and parameters. */
    @Benchmark
    public AmcQuery analyze() {
        return AmcSql.analyze(sql, AmcSchema.standard(), Set.of("campaigns"));
    }

    /** Candidates at a caret near the end. */
    @Benchmark
    public List<Completion> complete() {
        return AmcSql.complete(sql, caret, AmcSchema.standard());
    }

    /** Many WITH tables that read each other, as path and overlap queries have. */
    private static String sql() {
        StringBuilder text = new StringBuilder();
        int lines = 0;
        for (int part = 0; lines < LINES - 10; part++) {
            text.append(part == 0 ? "WITH " : ",\n")
                    .append(
                            """
                            part%1$d AS (
                              SELECT
                                i.user_id AS user_id,
                                i.campaign AS campaign,
                                i.iso_state_province_code AS state,
                                IF(i.device_type = 'TV', 'Streaming TV', 'Display') AS channel,
                                SUM(i.impressions) AS impressions,
                                SUM(i.total_cost) / 100000 AS cost,
                                MIN(i.impression_dt_utc) AS first_seen,
                                ROW_NUMBER() OVER (PARTITION BY i.user_id ORDER BY MIN(i.impression_dt_utc)) AS place
                              FROM %2$s
                              WHERE (ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), 'ALL')
                                OR ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), i.campaign))
                                AND i.line_item SIMILAR TO '(?i)(OTT|STV|streaming)'
                              GROUP BY i.user_id, i.campaign, i.iso_state_province_code, channel
                            )\
                            """
                                    .formatted(
                                            part,
                                            part % 2 == 0
                                                    ? "dsp_impressions i"
                                                    : "TABLE(EXTEND_TIME_WINDOW('dsp_impressions',"
                                                            + " 'P28D', 'P0D')) i"));
            lines += 14;
        }
        text.append(
                """

                SELECT
                  p.channel AS channel,
                  p.state AS state,
                  COUNT(DISTINCT p.user_id) AS reach,
                  SUM(p.impressions) AS impressions,
                  SUM(q.cost) AS cost
                FROM part0 p
                LEFT JOIN part1 q ON p.user_id = q.user_id AND p.campaign = q.campaign
                GROUP BY p.channel, p.state
                """);
        return text.toString();
    }

    /** Runs the benchmarks and prints each against the limit. */
    public static void main(String[] args) throws RunnerException {
        var options = new OptionsBuilder().include(AmcSqlBenchmark.class.getName()).build();
        System.out.printf("%nA query of %d lines%n", sql().lines().count());
        for (RunResult result : new Runner(options).run()) {
            var times = result.getPrimaryResult().getStatistics();
            double median = times.getPercentile(50);
            System.out.printf(
                    "%-10s median %.2f ms (p99 %.2f ms), %.3f of the limit of %.0f ms%n",
                    result.getPrimaryResult().getLabel(),
                    median,
                    times.getPercentile(99),
                    median / LIMIT_MILLIS,
                    LIMIT_MILLIS);
        }
    }
}
