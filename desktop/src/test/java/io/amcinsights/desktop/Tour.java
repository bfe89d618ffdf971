package io.amcinsights.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.Snapshot;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;
import javafx.stage.Stage;

import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The product's main job in the real windows, on a fresh local workspace: {@code mvn package
 * -Ptour}. Leaves a picture of each station and the exported CSV in {@code target/tour}.
 */
@ExtendWith(ApplicationExtension.class)
final class Tour {

    private static final Path FOLDER = Path.of("target", "tour").toAbsolutePath();

    private final FxRobot robot = new FxRobot();
    private Stage window;
    private Workbench workbench;
    private int pictures;

    @Start
    void start(Stage stage) throws IOException {
        delete(FOLDER);
        window = stage;
        workbench =
                new Workbench(
                        stage,
                        new DesktopFolders(FOLDER.resolve("config"), FOLDER.resolve("data")),
                        (name, kind) -> Optional.of(FOLDER.resolve("export.csv")),
                        (kind, extensions) -> Optional.empty(),
                        page -> {
                            throw new AssertionError("The tour opens no page: " + page);
                        });
        workbench.open();
        stage.setX(0);
        stage.setY(0);
    }

    @AfterEach
    void close() throws IOException {
        Platform.runLater(workbench::close);
        WaitForAsyncUtils.waitForFxEvents();
        delete(FOLDER.resolve("data"));
        delete(FOLDER.resolve("config"));
    }

    @Test
    void the_main_job() throws Exception {
        picture("sign-in");
        click("#openLocal");
        picture("starting");
        await("#nextTitle", 60);
        picture("overview-first");
        onboard();
        takeTemplate();
        schedule();
        run();
        query();
        export();
        inTheDark();
    }

    private void onboard() throws Exception {
        click("#next");
        click("kestreloutdoor");
        picture("onboard-choose");
        click("#onboarding #next");
        await("#submit", 10);
        set("#bucketNameText", "Not_A_Bucket");
        click("#submit");
        picture("onboard-bad-input");
        set("#bucketNameText", "amc-kestreloutdoor-3f9a1c7e");
        click("#submit");
        await("#onboarding #changeEVENTS", 20);
        picture("onboard-bucket");
        click("#onboarding #prepareBucket");
        await("Kestrel Outdoor is ready", 30);
        picture("onboard-ready");
        click("#chooseTemplate");
    }

    private void takeTemplate() throws Exception {
        await("#library .template .sql-text", 20);
        picture("library");
        set("#library #search", "how often did each of them see one");
        await("How many people saw our ads, and how often did each of them see one?", 10);
        click("#use");
        choose("#tenantBox", 0);
        set("#parameters #parameter-highest_frequency", "12");
        await("No problems found", 20);
        picture("workflow-from-template");
        tryIt();
        click("#save");
        await("#delete", 30);
        picture("workflow-saved");
    }

    /** The query runs before it is saved. */
    private void tryIt() throws Exception {
        click("#editor #trying");
        await("#runForm", 10);
        choose("#windowType", 0);
        set("#windowStart", "TODAY(-30)");
        set("#windowEnd", "TODAY(-2)");
        click("#submitRun");
        await("#trialRows", 60);
        picture("workflow-try");
        click("#closeTrial");
    }

    private void schedule() throws Exception {
        click("#editor #schedule");
        await("#scheduleEditor", 20);
        choose("#ruleKind", 2);
        picture("schedule");
        click("#saveSchedule");
        await("1 schedule", 20);
        picture("schedules");
    }

    private void run() throws Exception {
        click("#goWorkflows");
        click("#editor #run");
        await("#runForm", 10);
        choose("#windowType", 0);
        set("#windowStart", "TODAY(-30)");
        set("#windowEnd", "TODAY(-2)");
        picture("run");
        click("#submitRun");
        await("#graph", 20);
        picture("pipeline-under-way");
        await("#query", 60);
        await("#statePublish.tone-succeeded", 20);
        picture("pipeline-loaded");
        click("#back");
        picture("pipeline");
    }

    private void query() throws Exception {
        click("#goOverview");
        await("#nextTitle", 10);
        picture("overview");
        click("#next");
        await("#rows", 60);
        picture("query-rows");
        type(
                """
                SELECT frequency, sum(users) AS users, sum(cost) AS cost_usd
                FROM reach_and_frequency_latest
                WHERE currency = 'USD'
                GROUP BY frequency
                ORDER BY frequency\
                """);
        click("#run");
        await("12 rows", 30);
        click("#asChart");
        await("#chartTitle", 10);
        picture("query-chart");
    }

    private void export() throws Exception {
        click("#exportCsv");
        Path exported = FOLDER.resolve("export.csv");
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> Files.exists(exported));
        assertThat(cells(Files.readString(exported))).isEqualTo(cells(newestResult()));
    }

    /** Of a CSV whose cells hold neither commas nor quotes. */
    private static List<List<String>> cells(String csv) {
        return csv.lines().map(line -> List.of(line.replace("\"", "").split(",", -1))).toList();
    }

    /** What Athena's own result object of the newest query holds, read past the application. */
    private static String newestResult() {
        Path data = FOLDER.resolve("data/workspace");
        ProfileFile profiles =
                ProfileFile.aggregator()
                        .addFile(profile(data.resolve("credentials"), ProfileFile.Type.CREDENTIALS))
                        .addFile(profile(data.resolve("config"), ProfileFile.Type.CONFIGURATION))
                        .build();
        ClientOverrideConfiguration settings =
                ClientOverrideConfiguration.builder()
                        .defaultProfileFile(profiles)
                        .defaultProfileName("local")
                        .build();
        ProfileCredentialsProvider credentials =
                ProfileCredentialsProvider.builder()
                        .profileFile(profiles)
                        .profileName("local")
                        .build();
        try (AthenaClient athena =
                        AthenaClient.builder()
                                .overrideConfiguration(settings)
                                .credentialsProvider(credentials)
                                .httpClient(UrlConnectionHttpClient.create())
                                .build();
                S3Client s3 =
                        S3Client.builder()
                                .overrideConfiguration(settings)
                                .credentialsProvider(credentials)
                                .forcePathStyle(true)
                                .httpClient(UrlConnectionHttpClient.create())
                                .build()) {
            String query =
                    athena.listQueryExecutions(list -> list.workGroup("amc-insights-analysts"))
                            .queryExecutionIds()
                            .getFirst();
            URI output =
                    URI.create(
                            athena.getQueryExecution(get -> get.queryExecutionId(query))
                                    .queryExecution()
                                    .resultConfiguration()
                                    .outputLocation());
            return s3.getObjectAsBytes(
                            get -> get.bucket(output.getHost()).key(output.getPath().substring(1)))
                    .asUtf8String();
        }
    }

    private static ProfileFile profile(Path file, ProfileFile.Type type) {
        return ProfileFile.builder().content(file).type(type).build();
    }

    private void inTheDark() throws Exception {
        click("#appearance");
        picture("query-chart-dark");
        click("#goPipeline");
        picture("pipeline-dark");
        click("#goWorkflows");
        picture("workflows-dark");
        click("#goSettings");
        picture("settings-dark");
    }

    private void set(String field, String text) throws Exception {
        TextInputControl input = (TextInputControl) await(field, 20);
        robot.interact(() -> input.setText(text));
    }

    private void choose(String box, int index) throws Exception {
        ComboBox<?> choice = (ComboBox<?>) await(box, 20);
        robot.interact(() -> choice.getSelectionModel().select(index));
    }

    private void type(String sql) throws Exception {
        CodeArea editor = (CodeArea) await("#sql", 20);
        robot.interact(() -> editor.replaceText(sql));
    }

    private void click(String what) throws Exception {
        Clicks.clickOn(robot, await(what, 20));
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Waits until something can be seen: {@code #id}, {@code .style} or a text. */
    private Node await(String what, int seconds) throws Exception {
        try {
            WaitForAsyncUtils.waitFor(seconds, TimeUnit.SECONDS, () -> seen(what).isPresent());
        } catch (TimeoutException e) {
            picture("failed");
            throw new AssertionError("“" + what + "” did not appear in " + seconds + " s", e);
        }
        return seen(what).orElseThrow();
    }

    private Optional<Node> seen(String what) {
        return robot.lookup(what).queryAll().stream().filter(Tour::visible).findFirst();
    }

    private static boolean visible(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return node.getScene() != null && !node.isDisabled();
    }

    private void picture(String name) {
        pictures++;
        Snapshot.of(window.getScene(), FOLDER.resolve("%02d-%s.png".formatted(pictures, name)));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
