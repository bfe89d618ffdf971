package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.Objects.requireNonNull;

import io.amcinsights.amc.AmcAccount;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcExecution.Phase;
import io.amcinsights.amc.AmcExecutionRequest;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.amc.NobodyWatches;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Template.ResultColumn;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.local.amc.library.Properties;
import io.amcinsights.local.amc.library.Property;
import io.amcinsights.local.amc.library.ResultTable;
import io.amcinsights.local.amc.library.Results;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.Secrets;
import io.amcinsights.workflows.Templates;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The query library: each template is run once by the product's own client, and its result compared
 * with what the template says. The results are kept to be looked at.
 */
class LibraryTest {

    private static final Path FOLDER = Path.of("target", "library");
    private static final int POPULATION = 48_000;
    private static final Runs RESULTS = new Runs();

    /** The events depend on the day; on a day of few of them, much of a small world is hidden. */
    private static final Instant DAY = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir static Path folder;

    private static Database database;
    private static AmcSimulator simulator;
    private static AmcClient client;
    private static AmcAddress address;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(FOLDER);
        World world = World.load();
        World.Account account = world.accounts().getFirst();
        World.Instance full = account.instances().getFirst();
        World.Instance small =
                new World.Instance(
                        full.id(),
                        full.name(),
                        full.type(),
                        POPULATION,
                        full.bucketHash(),
                        full.advertisers());
        database = Database.open(folder.resolve("workspace.db"));
        simulator =
                AmcSimulator.start(
                        new AmcSimulator.Settings(
                                0, folder.resolve("amc"), "123456789012", "us-east-1", 50),
                        new World(
                                List.of(
                                        new World.Account(
                                                account.entityId(),
                                                account.name(),
                                                account.marketplaceId(),
                                                List.of(small)))),
                        database,
                        SimulatedAmc.from(DAY),
                        LibraryTest::keep);
        client =
                new AmcClient(
                        new AmcHosts(
                                simulator.baseUri().toString(), simulator.tokenUri().toString()),
                        new OneSecret(),
                        "amc/",
                        () -> Duration.ofSeconds(30),
                        Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), DAY)),
                        new NobodyWatches());
        AmcInstance found = client.instances().discover("default").getFirst();
        address =
                new AmcAddress(
                        new AmcAccount(
                                "default",
                                found.region(),
                                found.accountId(),
                                found.marketplaceId()),
                        found.instanceId());
    }

    @AfterAll
    static void stop() {
        simulator.close();
        database.close();
    }

    private static URI keep(String bucket, String key, Path file) throws IOException {
        String workflow = key.substring("workflow=".length(), key.indexOf('/'));
        Files.copy(file, FOLDER.resolve(workflow + ".csv"), StandardCopyOption.REPLACE_EXISTING);
        return URI.create("s3://" + bucket + "/" + key);
    }

    /** The simulator's own credentials. */
    private static final class OneSecret implements Secrets {

        @Override
        public Optional<String> get(String name) {
            return Optional.of(simulator.connection().toString());
        }

        @Override
        public void put(String name, String value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(String name) {
            throw new UnsupportedOperationException();
        }
    }

    static List<Template> templates() {
        return new Templates().all();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itsResultIsAsTheTemplateSays(Template template) {
        Outcome outcome = RESULTS.outcome(template);
        AmcExecution done = outcome.execution();

        assertThat(done.phase())
                .as("%s: %s", template.templateId(), done.statusReason())
                .isEqualTo(Phase.SUCCEEDED);
        assertThat(done.columns())
                .as(template.templateId())
                .extracting(AmcExecution.Column::name, AmcExecution.Column::dataType)
                .containsExactlyElementsOf(
                        template.columns().stream().map(c -> tuple(c.name(), c.type())).toList());
        assertThat(outcome.table().columns())
                .isEqualTo(template.columns().stream().map(ResultColumn::name).toList());
        assertThat(outcome.table().rows()).as(template.templateId()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itsNumbersHold(Template template) {
        Property property = Properties.of(template.templateId());
        assertThat(property).as("a property of " + template.templateId()).isNotNull();
        ResultTable result = RESULTS.of(template.templateId());
        assertThatCode(() -> requireNonNull(property).check(result, RESULTS))
                .as(template.templateId())
                .doesNotThrowAnyException();
    }

    @Test
    void aWindowWithoutEventsGivesTheHeaderOnly() {
        ResultTable result =
                Runs.run(
                                "nobody",
                                "SELECT campaign, COUNT(*) AS n FROM dsp_clicks GROUP BY campaign",
                                List.of(),
                                LocalDate.of(2001, 1, 1),
                                LocalDate.of(2001, 1, 2))
                        .table();
        assertThat(result.columns()).containsExactly("campaign", "n");
        assertThat(result.rows()).isEmpty();
    }

    /** What came of a run. */
    private record Outcome(AmcExecution execution, ResultTable table) {}

    /** Runs each template when it is first asked for. */
    private static final class Runs implements Results {

        private final Map<String, Outcome> outcomes = new HashMap<>();

        Outcome outcome(Template template) {
            return outcomes.computeIfAbsent(
                    template.templateId(),
                    id -> run(id, template.sql(), template.parameters(), template.window()));
        }

        @Override
        public ResultTable of(String templateId) {
            return succeeded(outcome(template(templateId)));
        }

        @Override
        public ResultTable variant(String templateId, UnaryOperator<String> change) {
            Template template = template(templateId);
            return succeeded(
                    run(
                            templateId + "-variant",
                            change.apply(template.sql()),
                            template.parameters(),
                            template.window()));
        }

        private static Template template(String templateId) {
            return templates().stream()
                    .filter(t -> t.templateId().equals(templateId))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No template " + templateId));
        }

        @Override
        public ResultTable query(String sql, Template.Window window) {
            String id = "query-" + Integer.toHexString(Objects.hash(sql, window));
            return succeeded(outcomes.computeIfAbsent(id, _ -> run(id, sql, List.of(), window)));
        }

        @Override
        public int population() {
            return POPULATION;
        }

        private static ResultTable succeeded(Outcome outcome) {
            assertThat(outcome.execution().phase())
                    .as(outcome.execution().statusReason())
                    .isEqualTo(Phase.SUCCEEDED);
            return outcome.table();
        }

        private static Outcome run(
                String id, String sql, List<Parameter> parameters, Template.Window window) {
            LocalDate end = LocalDate.ofInstant(DAY, ZoneOffset.UTC).minusDays(window.settle());
            return run(id, sql, parameters, end.minusDays(window.days()), end);
        }

        private static Outcome run(
                String id, String sql, List<Parameter> parameters, LocalDate start, LocalDate end) {
            client.workflows().create(address, new AmcWorkflow(id, sql, parameters));
            AmcExecution execution =
                    client.executions()
                            .create(
                                    address,
                                    AmcExecutionRequest.saved(
                                            id,
                                            TimeWindow.explicit(
                                                    start + "T00:00:00", end + "T00:00:00", "UTC"),
                                            Map.of(),
                                            false));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!execution.phase().ended() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                execution = client.executions().get(address, execution.executionId());
            }
            Path csv = FOLDER.resolve(id + ".csv");
            try {
                return new Outcome(
                        execution,
                        execution.phase() == Phase.SUCCEEDED
                                ? ResultTable.read(csv)
                                : new ResultTable(List.of(), List.of()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
