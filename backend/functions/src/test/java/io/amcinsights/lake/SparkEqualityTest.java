package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.Rule;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The function and the job for large files make equal tables of the same files, by one plan. */
class SparkEqualityTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String BUCKET = "bucket-one";
    private static final String DATASET = "reach_v1";
    private static final String PEOPLE =
            """
            campaign,users,filtered
            a,10,false
            b,,true
            c,12,false
            a,10,false
            d,,true
            """;

    /** Files of one workflow in the order of their delivery; the last is the one that is tried. */
    @SuppressWarnings("ImmutableEnumChecker") // a list of the JDK may be immutable and not say so
    enum Golden {
        EVERY_TYPE(
                """
                campaign_id,Name,users,cost,share,day,seen,ntb,path,note
                00123,"He said \\"hi\\", ok",9007199254740993,1.10,0.3333333333333333,2026-11-23,2026-11-23T10:15:30.123Z,true,"[[1, OTT], [2, Display]]",""
                7,,2,99999999999999999999999999999999.25,1.0E-5,2026-11-24,,,"a\\\\b",
                ,"two
                lines",-9223372036854775808,-0.0001,NaN,1969-12-31,1969-12-31 23:59:59.999999,FALSE,"",'
                8,Grüße 😀,,,-Infinity,0001-01-01,2026-11-23 10:15,true," x ",null
                """),
        RFC_QUOTES("name,users\r\n\"say \"\"hi\"\"\",1\r\n\"\",2\r\n"),
        ODD_QUOTES("name,users\n\"a \\\"b\\\" \"\"c\"\"\",1\nit\"s,2\n\\n,3\n"),
        ONE_ROW("users\n1\n"),
        ONE_COLUMN_OF_NULLS("name\n\n\"\"\nx\n"),
        NOTHING_BUT_NULLS("name,users\n,\n,\n"),
        MONEY(
                """
                campaign,impression_cost,total_cost,supply_cost
                a,123456,1.5,9223372036854775807
                b,-1,0.000004999,0
                c,,1.0E-5,1
                d,0,12345678901234567890.12345678905,-99999999
                """),
        MONEY_THAT_IS_TEXT_BY_NOW(
                "campaign,spend\na,1\n", "campaign,spend\na,12\nb,n/a\n", "campaign,spend\nc,+5\n"),
        COPIES("a,b\n1,x\n1,x\n,\n,\n1,\n0.0,x\n-0.0,x\n"),
        WIDER_NUMBERS(
                "n,m,k\n9007199254740993,1.5,1\n-1,,2\n",
                "n,m,k\n0.12345,1e3,99999999999999999999\n"),
        TEXTS_OF_ALL(
                """
                i,d,x,t,s,b
                9007199254740993,0.0001,0.1,2026-11-23,2026-11-23T10:15:30.120Z,true
                -5,-12345678.5,1.0E-5,0001-01-01,1969-12-31 23:59:59.999999,false
                0,0.00000001,1e15,1999-12-31,2026-01-01 00:00:00,
                1,0,1e16,1999-12-31,2026-01-01T10:00,true
                1,0,-2e23,1999-12-31,2026-01-01T10:00,true
                1,0,123456789.125,1999-12-31,2026-01-01T10:00,true
                1,0,0.0001,1999-12-31,2026-01-01T10:00,true
                1,0,NaN,1999-12-31,2026-01-01T10:00,true
                1,0,-Infinity,1999-12-31,2026-01-01T10:00,true
                1,0,-0.0,1999-12-31,2026-01-01T10:00,true
                1,0,4.9E-324,1999-12-31,2026-01-01T10:00,true
                1,0,1.7976931348623157E308,1999-12-31,2026-01-01T10:00,true
                """,
                "i,d,x,t,s,b\na,a,a,a,a,a\n"),
        TIMES_OF_DAYS("day\n2026-11-23\n", "day,new\n2026-11-23 01:02:03.000001,1\n"),
        KEPT(FilteredRows.KEEP, PEOPLE),
        DROPPED(FilteredRows.DROP, PEOPLE),
        SEPARATED(FilteredRows.SEPARATE, PEOPLE),
        ALL_DROPPED(FilteredRows.DROP, "campaign,filtered\na,true\nb,TRUE\n"),
        NONE_TO_SEPARATE(FilteredRows.SEPARATE, "campaign,filtered\na,false\nb,\n"),
        SEPARATED_AND_WIDER(FilteredRows.SEPARATE, PEOPLE, "campaign,users,filtered\na,1.5,true\n"),
        THREE_THOUSAND_COLUMNS(wide()),
        HELD_TO_RULES(
                FilteredRows.DROP,
                null,
                List.of(
                        new Rule.NotNull("campaign"),
                        new Rule.Unique(List.of("campaign", "users")),
                        new Rule.Range("users", "11", "11.5")),
                PEOPLE,
                PEOPLE),
        MADE_BY_A_CUSTOMER(
                FilteredRows.SEPARATE,
                """
                SELECT campaign, filtered, sum(users) AS users, count(*) * 9007199254740993 AS n,
                    avg(users) AS "The Mean", list(users ORDER BY users) AS all_users,
                    {'first': min(users), 'text': 'it''s'} AS least
                FROM input GROUP BY campaign, filtered ORDER BY campaign -- each once
                """,
                List.of(new Rule.Range("users", null, "15")),
                PEOPLE,
                PEOPLE),
        WIDENED_BY_A_CUSTOMER(
                FilteredRows.KEEP,
                "SELECT users / 2 AS users, campaign FROM input ORDER BY campaign, users",
                List.of(),
                PEOPLE,
                PEOPLE);

        private final FilteredRows handling;
        private final @Nullable String sql;
        private final List<Rule> rules;
        private final List<String> files;

        Golden(String... files) {
            this(FilteredRows.KEEP, files);
        }

        Golden(FilteredRows handling, String... files) {
            this(handling, null, List.of(), files);
        }

        /**
         * @param sql in force, and the rules too, from the second file on
         */
        Golden(FilteredRows handling, @Nullable String sql, List<Rule> rules, String... files) {
            this.handling = handling;
            this.sql = sql;
            this.rules = rules;
            this.files = List.of(files);
        }

        private static String wide() {
            String header = String.join(",", numbered(3000, "c%d"::formatted));
            String row = String.join(",", numbered(3000, i -> i % 3 == 0 ? "" : i + ".5"));
            return header + "\n" + row + "\n" + row.replace(".5", "") + "\n";
        }

        private static List<String> numbered(
                int count, java.util.function.IntFunction<String> text) {
            return IntStream.range(0, count).mapToObj(text).toList();
        }
    }

    @TempDir static Path folder;

    private static final Map<Golden, JsonNode> OUTCOMES = new EnumMap<>(Golden.class);
    private static final Map<Path, String> PROBLEMS = new LinkedHashMap<>();

    @BeforeAll
    static void runBoth() throws Exception {
        Optional<Path> java = SparkProcess.java();
        assumeTrue(
                java.isPresent(),
                "Spark needs a Java 17, and Maven has found none here: install one, for example"
                        + " Temurin 17, to try the job for large files");
        Map<Path, String> plans = new LinkedHashMap<>();
        for (Golden golden : Golden.values()) {
            plans.put(lake(golden.name(), "spark"), runDuck(golden));
        }
        spoil(
                plans,
                "type",
                "\"users\",\"type\":\"bigint wide\"",
                "\"users\",\"type\":\"boolean\"");
        spoil(plans, "rows", "\"rows\":4", "\"rows\":5");
        List<String> problems = SparkProcess.run(java.get(), plans, folder);
        int i = 0;
        for (Path lake : plans.keySet()) {
            PROBLEMS.put(lake, problems.get(i++));
        }
    }

    /** A plan that the file does not keep to. */
    private static void spoil(Map<Path, String> plans, String name, String from, String to)
            throws IOException {
        Path good = lake(Golden.EVERY_TYPE.name(), "spark");
        Path spoilt = lake(name, "spark");
        try (Stream<Path> files = Files.walk(good)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = spoilt.resolve(good.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        String planKey = plans.get(good);
        Path plan = spoilt.resolve(planKey);
        String text = Files.readString(plan);
        assertThat(text).contains(from);
        Files.writeString(plan, text.replace(from, to));
        plans.put(spoilt, planKey);
    }

    private static Path lake(String name, String engine) {
        return folder.resolve(name).resolve(engine);
    }

    /** Leaves the lake as Spark is to find it, and as DuckDB has left it. */
    private static String runDuck(Golden golden) throws IOException {
        try (TestInstallation installation = new TestInstallation()) {
            LakeHandler lake = new LakeHandler(installation.functions());
            TransformHandler transform = new TransformHandler(installation.functions());
            installation.tenant(TENANT, BUCKET);
            installation.amc.on(
                    "GET",
                    "/amc/reporting/amcr1aaaa1a/workflowExecutions",
                    200,
                    "{\"executions\":[]}");
            JsonNode staged = Json.mapper().createObjectNode();
            for (int i = 0; i < golden.files.size(); i++) {
                String id = claim(installation, lake, i, golden.files.get(i));
                staged = step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(id));
                if (i == 0 && golden.handling != FilteredRows.KEEP) {
                    ask(
                            lake,
                            new PutDatasetSettings(
                                    new DatasetSettings(
                                            DATASET, golden.handling, "filtered", null, 0)));
                    staged = step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(id));
                }
                if (i == golden.files.size() - 1) {
                    dump(installation, lake(golden.name(), "spark"));
                }
                JsonNode outcome = step(transform, staged.path("transform").toString());
                if (i == golden.files.size() - 1) {
                    OUTCOMES.put(golden, outcome);
                    dump(installation, lake(golden.name(), "duck"));
                }
                step(
                        lake,
                        "{'step':'publish','deliveryId':'%s','result':%s}".formatted(id, outcome));
                if (i == 0 && !golden.rules.isEmpty()) {
                    ask(lake, new PutDatasetRules(new DatasetRules(DATASET, golden.rules, 0)));
                }
                if (i == 0 && golden.sql != null) {
                    ask(lake, new PutTransformation(DATASET, golden.sql, 0));
                    ask(lake, new SwitchTransformation(DATASET, 1, 1));
                }
            }
            return staged.path("transform").path("plan").asText();
        }
    }

    private static String claim(
            TestInstallation installation, LakeHandler lake, int number, String csv) {
        String key =
                "workflow=reach.v1/schedule=adhoc/2026-11-23T10:%02d:00.123Z-reach.v1.csv"
                        .formatted(number);
        byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
        installation.s3.objects.put(BUCKET + "/" + key, bytes);
        ObjectNode input = Json.mapper().createObjectNode();
        input.put("step", "claim").put("execution", "execution-1");
        ObjectNode detail = input.putObject("event").putObject("detail");
        detail.putObject("bucket").put("name", BUCKET);
        detail.putObject("object")
                .put("key", key)
                .put("size", bytes.length)
                .put("etag", MemoryS3.etag(bytes));
        return step(lake, input.toString()).path("deliveryId").asText();
    }

    private static void dump(TestInstallation installation, Path to) throws IOException {
        for (Map.Entry<String, byte[]> object : installation.s3.objects.entrySet()) {
            if (object.getKey().startsWith("lake/")) {
                Path file = to.resolve(object.getKey().substring("lake/".length()));
                Files.createDirectories(file.getParent());
                Files.write(file, object.getValue());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTablesAreEqual(Golden golden) throws Exception {
        assertThat(PROBLEMS.get(lake(golden.name(), "spark"))).isEmpty();
        Path duck = lake(golden.name(), "duck");
        Path spark = lake(golden.name(), "spark");
        List<String> tables = files(duck).stream().filter(f -> f.endsWith(".parquet")).toList();
        assertThat(tables).isNotEmpty();
        for (String table : tables) {
            assertThat(rows("DESCRIBE FROM '%s'", spark.resolve(table)))
                    .as("columns of " + table)
                    .isEqualTo(rows("DESCRIBE FROM '%s'", duck.resolve(table)));
            assertThat(rows("FROM '%s'", spark.resolve(table)))
                    .as("rows of " + table)
                    .isEqualTo(rows("FROM '%s'", duck.resolve(table)));
            String schema =
                    """
                    SELECT name, type, type_length, scale, precision,
                        nullif(converted_type, 'INT_64'), -- which INT64 is without saying it
                        CASE WHEN type = 'INT64' THEN logical_type END
                    FROM parquet_schema('%s') OFFSET 1
                    """;
            assertThat(rows(schema, spark.resolve(table)))
                    .as("Parquet's types of " + table)
                    .isEqualTo(rows(schema, duck.resolve(table)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOutcomeIsLeftBesideThePlanAndNothingElse(Golden golden) throws Exception {
        Path spark = lake(golden.name(), "spark");
        List<String> expected = new ArrayList<>(files(lake(golden.name(), "duck")));
        String outcomeKey =
                files(spark).stream()
                        .filter(f -> f.endsWith("outcome.json"))
                        .findFirst()
                        .orElseThrow();
        expected.add(outcomeKey);
        assertThat(files(spark)).containsExactlyInAnyOrderElementsOf(expected);

        ObjectNode outcome =
                (ObjectNode) Json.mapper().readTree(Files.readString(spark.resolve(outcomeKey)));
        assertThat(outcome.path("bytes").asLong()).isPositive();
        ObjectNode wanted = Objects.requireNonNull(OUTCOMES.get(golden)).deepCopy();
        assertThat(outcome.path("separateBytes").asLong() > 0)
                .isEqualTo(wanted.path("separateBytes").asLong() > 0);
        List<String> sizes = List.of("bytes", "separateBytes");
        assertThat(Json.read(outcome.without(sizes).toString(), JsonNode.class))
                .isEqualTo(wanted.without(sizes));
    }

    @Test
    void aValueThatDoesNotFitIsNamedWithItsRowAndColumn() {
        assertThat(PROBLEMS.get(lake("type", "spark")))
                .isEqualTo(
                        "io.amcinsights.lake.plan.AmcCsv$MalformedException : Row 1 has"
                                + " “9007199254740993” in the column “users”, which is of the type"
                                + " boolean.");
    }

    @Test
    void aFileThatHasOtherRowsThanWereCountedIsRefused() throws Exception {
        assertThat(PROBLEMS.get(lake("rows", "spark")))
                .isEqualTo(
                        "io.amcinsights.lake.plan.AmcCsv$MalformedException : The file has 4 rows"
                                + " where 5 were counted before.");
        assertThat(files(lake("rows", "spark"))).noneMatch(f -> f.endsWith(".parquet"));
    }

    private static List<String> files(Path lake) throws IOException {
        try (Stream<Path> files = Files.walk(lake)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> lake.relativize(f).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static List<List<String>> rows(String sql, Path file) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(sql.formatted(file))) {
            List<List<String>> found = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                found.add(row);
            }
            return found;
        }
    }
}
