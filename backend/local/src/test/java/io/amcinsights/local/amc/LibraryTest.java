package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.amc.AmcAccount;
import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcExecution;
import io.amcinsights.amc.AmcExecution.Phase;
import io.amcinsights.amc.AmcExecutionRequest;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.amc.AmcWorkflow;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.clock.SystemTimer;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.Secrets;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query library, run by the product's own client; the results are kept to be looked at. */
class LibraryTest {

    private static final Path RESULTS = Path.of("target", "library");

    @TempDir static Path folder;

    private static Database database;
    private static AmcSimulator simulator;
    private static AmcClient client;
    private static AmcAddress address;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(RESULTS);
        World world = World.load();
        World.Account account = world.accounts().getFirst();
        World.Instance full = account.instances().getFirst();
        World.Instance small =
                new World.Instance(
                        full.id(),
                        full.name(),
                        full.type(),
                        48_000,
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
                        new SystemTimer(),
                        LibraryTest::keep);
        client =
                new AmcClient(
                        new AmcHosts(
                                simulator.baseUri().toString(), simulator.tokenUri().toString()),
                        new OneSecret(),
                        "amc/",
                        () -> Duration.ofSeconds(30),
                        Clock.systemUTC());
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
        Files.copy(file, RESULTS.resolve(workflow + ".csv"), StandardCopyOption.REPLACE_EXISTING);
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
    }

    static List<Template> templates() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        String[] names = text("library").split("\n", -1);
        List<Template> templates = new ArrayList<>();
        for (String name : names) {
            if (!name.isBlank()) {
                templates.add(yaml.readValue(text(name + ".yaml"), Template.class));
            }
        }
        return templates;
    }

    private static String text(String file) throws IOException {
        String path = "/io/amcinsights/workflows/templates/" + file;
        try (InputStream in = requireNonNull(LibraryTest.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyTemplateGivesRows(Template template) throws Exception {
        client.workflows()
                .create(
                        address,
                        new AmcWorkflow(
                                template.templateId(), template.sql(), template.parameters()));
        LocalDate end = LocalDate.now(ZoneOffset.UTC).minusDays(2);
        AmcExecution done = run(template.templateId(), end.minusDays(90), end);

        assertThat(done.phase()).as(done.statusReason()).isEqualTo(Phase.SUCCEEDED);
        List<String> names = template.columns().stream().map(Template.ResultColumn::name).toList();
        assertThat(done.columns()).extracting(AmcExecution.Column::name).isEqualTo(names);
        List<String> lines = Files.readAllLines(RESULTS.resolve(template.templateId() + ".csv"));
        assertThat(lines.getFirst()).isEqualTo(String.join(",", names));
        assertThat(lines).hasSizeGreaterThan(1);
    }

    @Test
    void aWindowWithoutEventsGivesTheHeaderOnly() throws Exception {
        client.workflows()
                .create(
                        address,
                        new AmcWorkflow(
                                "nobody",
                                "SELECT campaign, COUNT(*) AS n FROM dsp_clicks GROUP BY campaign",
                                List.of()));
        LocalDate longAgo = LocalDate.of(2001, 1, 1);
        assertThat(run("nobody", longAgo, longAgo.plusDays(1)).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(RESULTS.resolve("nobody.csv")).content().isEqualTo("campaign,n\n");
    }

    private static AmcExecution run(String workflowId, LocalDate start, LocalDate end)
            throws InterruptedException {
        AmcExecution execution =
                client.executions()
                        .create(
                                address,
                                AmcExecutionRequest.saved(
                                        workflowId,
                                        TimeWindow.explicit(
                                                start + "T00:00:00", end + "T00:00:00", "UTC"),
                                        Map.of(),
                                        false));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!execution.phase().ended() && System.nanoTime() < deadline) {
            Thread.sleep(20);
            execution = client.executions().get(address, execution.executionId());
        }
        return execution;
    }
}
