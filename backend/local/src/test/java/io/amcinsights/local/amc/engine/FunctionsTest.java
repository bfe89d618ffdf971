package io.amcinsights.local.amc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every function that AMC documents: what it gives, or that it is refused by its name. */
class FunctionsTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-23T09:00:00Z"), ZoneOffset.UTC);

    private static final String WORKFLOW =
            """
            {"inputParameters": [{"name": "text", "dataType": "STRING"}, {"name": "day", "dataType": "DATE"},
              {"name": "moment", "dataType": "TIMESTAMP"},
              {"name": "list", "dataType": {"type": "ARRAY", "elementDataType": "STRING"}}]}
            """;

    private static final String VALUES =
            """
            {"text": "it's", "day": "2026-01-31", "moment": "2026-01-31T13:45:00", "list": ["a", "'b"]}
            """;

    @TempDir static Path folder;

    private static EventStore events;
    private static QueryEngine engine;
    private static Instance instance;

    record Case(String function, String expression, String value) {}

    @BeforeAll
    static void makeEvents() {
        events = new EventStore(folder.resolve("events"), AmcSchema.standard(), CLOCK);
        engine = new QueryEngine(AmcSchema.standard(), events, CLOCK);
        Instance full = World.load().accounts().getFirst().instances().getFirst();
        instance =
                new Instance(
                        "amctest003",
                        full.name(),
                        full.type(),
                        1_000,
                        full.bucketHash(),
                        full.advertisers());
    }

    @AfterAll
    static void close() throws SQLException {
        events.close();
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : text(FunctionsTest.class, "functions.txt").split("\n", -1)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int first = line.indexOf(" | ");
            int last = line.lastIndexOf(" |");
            String value = line.substring(last + 2).strip();
            cases.add(
                    new Case(
                            line.substring(0, first),
                            line.substring(first + 3, last).strip(),
                            value.startsWith("\"")
                                    ? value.substring(1, value.length() - 1)
                                    : value));
        }
        return cases;
    }

    private static String text(Class<?> place, String resource) throws IOException {
        try (InputStream in = requireNonNull(place.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatAmcGives(Case one) throws Exception {
        String sql =
                one.expression().startsWith("SELECT ")
                        ? one.expression()
                        : "SELECT "
                                + one.expression()
                                + " AS v, COUNT(*) AS n FROM (VALUES (1, 'b'), (2, 'a'), (3, 'a'),"
                                + " (4, NULL), (10, 'c')) AS t(x, s)";
        if (one.value().equals("REFUSED")) {
            assertThatThrownBy(() -> run(sql))
                    .isInstanceOf(QueryException.class)
                    .hasMessageContaining("The function " + one.function() + " is not supported");
            return;
        }
        assertThat(run(sql)).isEqualTo(one.value());
    }

    @Test
    void noFunctionIsLeftOut() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : text(AmcSql.class, "functions.csv").lines().skip(1).toList()) {
            documented.add(line.substring(0, line.indexOf(',')));
        }
        Set<String> tested = new TreeSet<>();
        cases().forEach(one -> tested.add(one.function()));
        assertThat(tested).containsAll(documented);
    }

    @Test
    void everyTimeZoneIsKnown() throws Exception {
        for (String zone : java.time.ZoneId.getAvailableZoneIds()) {
            if (zone.contains("/") && !zone.startsWith("SystemV") && !zone.startsWith("Etc")) {
                Instant moment = Instant.parse("2026-07-01T12:00:00Z");
                String local =
                        moment.atZone(java.time.ZoneId.of(zone)).toLocalDateTime() + ":00.000Z";
                assertThat(
                                run(
                                        "SELECT CONVERT_TIME_ZONE_FROM_UTC(TIMESTAMP '2026-07-01"
                                                + " 12:00:00', '"
                                                + zone
                                                + "') AS v, COUNT(*) AS n FROM (VALUES (1)) AS"
                                                + " t(x)"))
                        .as(zone)
                        .isEqualTo(local);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithAPatternOrAParameter() {
        assertThatThrownBy(
                        () -> run("SELECT 'a' SIMILAR TO '(' AS v, COUNT(*) AS n FROM dsp_clicks"))
                .isInstanceOf(QueryException.class)
                .hasMessage("\"(\" is not a regular expression: Unclosed group near character 2.");
        assertThatThrownBy(
                        () ->
                                run(
                                        "SELECT CUSTOM_PARAMETER('day') AS v, COUNT(*) AS n FROM"
                                                + " dsp_clicks",
                                        VALUES.replace("2026-01-31\"", "31 January\"")))
                .isInstanceOf(QueryException.class)
                .hasMessage(
                        "The value of parameter day is not a DATE: \"31 January\". Write"
                                + " 2026-01-31.");
    }

    private static String run(String sql) throws Exception {
        return run(sql, VALUES);
    }

    private static String run(String sql, String values) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode workflow =
                ((com.fasterxml.jackson.databind.node.ObjectNode) json.readTree(WORKFLOW))
                        .put("sqlQuery", sql);
        Map<String, JsonNode> given = new java.util.HashMap<>();
        json.readTree(values).properties().forEach(e -> given.put(e.getKey(), e.getValue()));
        Path csv = folder.resolve("result.csv");
        engine.run(
                instance,
                Query.of(
                        workflow,
                        given,
                        Instant.parse("2026-09-01T00:00:00Z"),
                        Instant.parse("2026-10-01T00:00:00Z"),
                        true),
                csv,
                new Cancellation());
        return String.join(
                ";",
                CsvRows.of(Files.readString(csv)).stream().map(List::getFirst).sorted().toList());
    }
}
