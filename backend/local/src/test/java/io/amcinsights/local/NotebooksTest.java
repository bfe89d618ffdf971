package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.BackendFunction;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.local.athena.TrinoProcess;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The notebooks, each run as it is on a workspace that was just started, and once more: by
 * Jupyter's client, or where that is not installed the code of their cells, for which Python and
 * boto3 are enough.
 */
class NotebooksTest {

    private static final String JUPYTER = "ipykernel, nbclient";

    private static final Path NOTEBOOKS = Path.of("../notebooks").toAbsolutePath().normalize();

    /** The system's own may have Jupyter's client where the one of the path has not. */
    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    @TempDir Path folder;

    private @Nullable Process workspace;
    private String interpreter = INTERPRETERS.getFirst();

    @AfterEach
    void end() {
        if (workspace != null) {
            workspace.destroyForcibly();
        }
    }

    @Test
    void severalTenantsAreOnboardedAndOneGetsABucket() throws Exception {
        assumePython();
        start(false);
        takeBucket("amckst4q7z");

        JsonNode first = run("1-tenants.ipynb");
        assertThat(shown(first, "plan"))
                .contains("EVENTS", "EventBridge")
                .containsPattern("amc-insights-amckst4q7z-000000000000 +BUCKET ")
                .containsPattern("amc-insights-amckst4q7z-000000000000 +DELIVERY ");
        assertThat(shown(first, "prepare").lines().skip(1))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" 0"));
        assertThat(shown(first, "onboard")).isEmpty();
        assertThat(shown(first, "tenants").lines().skip(1))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains(" ACTIVE "));
        assertThat(shown(first, "check").lines().skip(1))
                .hasSize(3 * 4)
                .allSatisfy(line -> assertThat(line).endsWith(" good"));
        assertThat(shown(first, "import").lines().skip(1))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" SAME"));

        JsonNode second = run("1-tenants.ipynb");
        assertThat(shown(second, "plan").lines().skip(1))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith("nothing to do"));
        assertThat(shown(second, "tenants")).isEqualTo(shown(first, "tenants"));

        assertThat(python(NOTEBOOKS, "-c", fromTheManual()).printed())
                .contains("Kestrel Outdoor ACTIVE\n")
                .contains("NOT_FOUND There is no tenant “amcr1aaaa1a”. None");
    }

    @Test
    void aWorkflowIsWrittenRunScheduledCancelledAndBackfilled() throws Exception {
        assumePython();
        start(false);

        JsonNode first = run("2-workflows.ipynb");
        assertThat(shown(first, "refused")).startsWith("AMC_REFUSED in sql: ").contains("campain");
        assertThat(shown(first, "try")).containsPattern("campaign +people +impressions\n.*\\d");
        assertThat(shown(first, "save")).startsWith("Reach by campaign, version 1,");
        assertThat(shown(first, "run")).contains(" SUCCEEDED ", " s3://");
        assertThat(shown(first, "schedule")).contains("cron(0 6 ? * MON *)", " yes ");
        assertThat(shown(first, "pause")).contains("cron(0 6 ? * MON *)", " no ");
        assertThat(shown(first, "unschedule")).isEqualToIgnoringNewLines("0 schedules are left");
        assertThat(shown(first, "cancel")).contains(" CANCELLED ");
        assertThat(shown(first, "batch-end").lines().skip(1))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).matches("\\d{4}-\\d\\d-\\d\\d +SUCCEEDED"));
        assertThat(shown(first, "result").lines().skip(1))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).matches("[-0-9]{10} +\\d+ +[\\d,]+ +[\\d,]+"));

        JsonNode second = run("2-workflows.ipynb");
        for (String cell : List.of("save", "run", "cancel", "batch", "result")) {
            assertThat(shown(second, cell)).isEqualTo(shown(first, cell));
        }
    }

    @Test
    void aRunIsFollowedIntoTheLake() throws Exception {
        assumePython();
        start(false);

        JsonNode first = run("3-data-lake.ipynb");
        assertThat(shown(first, "delivery"))
                .containsPattern("\nLOADED +notebook_display_campaigns_by_day +\\d+ ");
        assertThat(shown(first, "failed"))
                .isEqualToIgnoringNewLines("0 of 1 deliveries have failed");
        assertThat(shown(first, "datasets"))
                .contains("\nnotebook_display_campaigns_by_day ", " amc_insights ");
        assertThat(shown(first, "columns"))
                .containsPattern("\nimpressions +bigint")
                .containsPattern("\nwindow_start +timestamp +Begin");
        assertThat(shown(first, "files"))
                .startsWith("s3://amc-insights-lake-")
                .contains(".parquet");

        JsonNode second = run("3-data-lake.ipynb");
        assertThat(shown(second, "datasets")).isEqualTo(shown(first, "datasets"));
    }

    @Test
    void aDatasetIsAskedAndPlotted() throws Exception {
        assumePython();
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        start(true);

        JsonNode first = run("4-queries.ipynb");
        assertThat(shown(first, "run"))
                .matches("\\d+ rows in notebook_display_campaigns_by_day\\R");
        assertThat(shown(first, "campaigns").lines().skip(1))
                .hasSize(5)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .matches(".* [\\d,]+ +\\d+\\.\\d+ +[A-Z]{3} +\\d+"));
        assertThat(shown(first, "days"))
                .containsPattern("\n[-0-9]{10} .* \\d+\n")
                .containsPattern("… and \\d+ more");
        assertThat(shown(first, "summary").lines().skip(1)).hasSize(5);
        if (imports("matplotlib")) {
            assertThat(shown(first, "plot")).isEmpty();
            assertThat(first.at("/plot/pictures").asInt()).isEqualTo(imports(JUPYTER) ? 1 : 0);
        } else {
            assertThat(shown(first, "plot")).startsWith("matplotlib is not installed");
        }

        JsonNode second = run("4-queries.ipynb");
        assertThat(shown(second, "summary")).isEqualTo(shown(first, "summary"));
    }

    @Test
    void whereThereIsNoInstallationTheyTellHowOneIsFound() throws Exception {
        assumePython();
        assertThat(python(NOTEBOOKS, "-c", "import amc_insights; amc_insights.connect()").printed())
                .contains("The installation “amc-insights” cannot be reached:", "AWS_CONFIG_FILE");
    }

    @Test
    void theyKnowEveryOperationThatIsForPeople() throws Exception {
        assumePython();
        Printed known =
                python(
                        NOTEBOOKS,
                        "-c",
                        "import json, amc_insights; print(json.dumps(amc_insights.OPERATIONS))");
        assertThat(known.exit()).as(known.printed()).isZero();
        Set<Class<?>> timers =
                Set.of(
                        WorkflowRequest.FireSchedule.class,
                        WorkflowRequest.Reconcile.class,
                        LakeRequest.ReconcileDeliveries.class);
        Set<String> theirs = new TreeSet<>();
        JsonNode functions = Json.mapper().readTree(known.printed());
        for (BackendFunction function : BackendFunction.values()) {
            String word = function.word();
            String output = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
            for (String alias : List.of("read", "write")) {
                functions
                        .path(output + "Function")
                        .path(alias)
                        .forEach(o -> theirs.add(word + " " + alias + " " + o.asText()));
            }
        }
        Set<String> ours = new TreeSet<>();
        for (Class<?> family : Request.class.getPermittedSubclasses()) {
            String word = family.getSimpleName().replace("Request", "").toLowerCase(Locale.ROOT);
            for (Class<?> type : family.getPermittedSubclasses()) {
                if (!timers.contains(type)) {
                    boolean writes =
                            Request.Writing.class.isAssignableFrom(type)
                                    || type == TenantRequest.ImportTenants.class; // unless dry
                    ours.add(
                            "%s %s %s"
                                    .formatted(
                                            word.equals("lake") ? word : word + "s",
                                            writes ? "write" : "read",
                                            type.getSimpleName()));
                }
            }
        }
        assertThat(theirs).isEqualTo(ours);
    }

    @Test
    void theyAreKeptWithoutOutputs() throws Exception {
        List<Path> notebooks;
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            notebooks = files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
        }
        assertThat(notebooks).hasSize(4);
        for (Path file : notebooks) {
            JsonNode notebook = Json.mapper().readTree(file.toFile());
            assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
            assertThat(notebook.path("nbformat_minor").asInt()).isEqualTo(5);
            Set<String> ids = new HashSet<>();
            for (JsonNode cell : notebook.path("cells")) {
                String id = cell.path("id").asText();
                assertThat(id).as("%s", file).matches("[a-z-]{1,64}");
                assertThat(ids.add(id)).as("%s: %s is there once", file, id).isTrue();
                if (cell.path("cell_type").asText().equals("code")) {
                    assertThat(cell.path("outputs")).as("%s: %s", file, id).isEmpty();
                    assertThat(cell.path("execution_count").isNull())
                            .as("%s: %s", file, id)
                            .isTrue();
                }
            }
        }
    }

    /** The lines of Python under "Notebooks". */
    private static String fromTheManual() throws IOException {
        String manual = Files.readString(Path.of("../../docs/manual.md"));
        String from =
                manual.substring(
                        manual.indexOf(
                                "    from amc_insights import", manual.indexOf("\n## Notebooks")));
        return from.lines()
                .takeWhile(line -> line.isBlank() || line.startsWith("    "))
                .map(line -> line.isBlank() ? "" : line.substring(4))
                .collect(joining("\n"));
    }

    private record Printed(int exit, String printed) {}

    /** Takes the first interpreter that has Jupyter's client, else the first that has boto3. */
    private void assumePython() throws Exception {
        for (String modules : List.of("boto3, " + JUPYTER, "boto3")) {
            for (String candidate : INTERPRETERS) {
                interpreter = candidate;
                if (imports(modules)) {
                    return;
                }
            }
        }
        assumeTrue(false, "skipped: there is no python3 with boto3");
    }

    private boolean imports(String modules) throws Exception {
        try {
            return python(folder, "-c", "import " + modules).exit() == 0;
        } catch (IOException e) {
            return false; // there is no such interpreter
        }
    }

    /** What each cell of a notebook has shown, by its id: text and number of pictures. */
    private JsonNode run(String notebook) throws Exception {
        Path runner = Path.of(NotebooksTest.class.getResource("run_notebook.py").toURI());
        Path results = folder.resolve("results.json");
        Printed printed =
                python(
                        NOTEBOOKS,
                        runner.toString(),
                        NOTEBOOKS.resolve(notebook).toString(),
                        results.toString());
        assertThat(printed.exit()).as(printed.printed()).isZero();
        return Json.mapper().readTree(results.toFile());
    }

    private static String shown(JsonNode results, String cell) {
        assertThat(results.has(cell)).as("There is a cell “%s”", cell).isTrue();
        return results.path(cell).path("text").asText();
    }

    private Printed python(Path where, String... arguments) throws Exception {
        Path output = folder.resolve("python.txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(Stream.of(interpreter), Arrays.stream(arguments))
                                        .toList())
                        .directory(where.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_"));
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("data/credentials").toString());
        environment.put("AWS_CONFIG_FILE", folder.resolve("data/config").toString());
        environment.put("AWS_PROFILE", "local");
        environment.put("PYTHONUTF8", "1");
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        String printed = Files.readString(output);
        assertThat(ended).as(printed).isTrue();
        return new Printed(process.exitValue(), printed);
    }

    /** Those that ask nothing need not wait for the engine, nor share the machine with it. */
    private void start(boolean withEngine) throws IOException {
        Path engine = withEngine ? TrinoProcess.place() : folder.resolve("no-engine");
        Process process =
                Workspaces.process(folder.resolve("data"), "--engine", engine.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        workspace = process;
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).startsWith("ready ");
    }

    private void takeBucket(String instanceId) throws Exception {
        JsonNode amc = Json.mapper().readTree(folder.resolve("data/amc.json").toFile());
        URI instance = URI.create(amc.path("controlUrl").asText() + "/instances/" + instanceId);
        int status =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(instance)
                                        .header("X-Sim-Key", amc.path("controlKey").asText())
                                        .method(
                                                "PATCH",
                                                BodyPublishers.ofString("{\"hasBucket\":false}"))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
        assertThat(status).isEqualTo(200);
    }
}
