package io.amcinsights.desktop.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.aws.FakeAthena;
import io.amcinsights.desktop.charts.ChartKind;
import io.amcinsights.desktop.common.ChosenFile;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Snapshot;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.ResultFile;

import javafx.scene.Node;
import javafx.scene.chart.BarChart;
import javafx.scene.chart.XYChart;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.framework.junit5.Stop;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

@ExtendWith(ApplicationExtension.class)
class QueriesScreenTest {

    private static final List<String> CAMPAIGNS =
            List.of("Spring prospecting", "Always on", "Retargeting", "Holiday, \"early\"");

    @TempDir Path folder;

    private final FakeAthena athena = new FakeAthena();
    private final ResultFolder results = new ResultFolder();
    private final Toasts toasts = new Toasts();
    private Stage stage;
    private ScreenFixture fixture;
    private QueriesViewModel model;

    @Start
    void start(Stage stage) {
        athena.with(
                        new Athena.Table(
                                "reach_by_day",
                                false,
                                List.of(
                                        column("day", "date", "The day of the impression, UTC"),
                                        column("campaign", "varchar", "Name of the campaign"),
                                        column("reach", "bigint", "Distinct users"),
                                        column("spend", "decimal(18,4)", ""),
                                        column("currency", "varchar", ""),
                                        new Athena.TableColumn("tenant", "varchar", "", true))),
                        new Athena.Table("reach_by_day_latest", true, List.of()),
                        new Athena.Table("sales", false, List.of(column("asin", "varchar", ""))))
                .answer(
                        "SELECT * FROM reach_by_day",
                        List.of(
                                "day date",
                                "campaign varchar",
                                "reach bigint",
                                "spend decimal(18,4)",
                                "currency varchar",
                                "tenant varchar",
                                "filtered boolean"),
                        days(),
                        84_000_000)
                .answer("SELECT 0", List.of("campaign varchar", "reach bigint"), List.of(), 0)
                .answer("SELECT wide", wideColumns(), wideRows(), 120)
                .fail(
                        "SELECT campain\nFROM reach_by_day",
                        "COLUMN_NOT_FOUND: line 1:8: Column 'campain' cannot be resolved or"
                                + " requester is not authorized to access requested resources")
                .answer(
                        "SELECT hidden",
                        List.of("campaign varchar", "reach bigint", "filtered boolean"),
                        List.of(
                                Arrays.asList(null, null, "true"),
                                Arrays.asList(null, null, "true")),
                        40)
                .fail("SELECT 1/0", "DIVISION_BY_ZERO: Division by zero");
        this.stage = stage;
        open();
    }

    private void open() {
        Tasks tasks = Tasks.onVirtualThreads();
        model =
                new QueriesViewModel(
                        athena,
                        new AthenaQueries(athena, athena, results),
                        new EditorStore(folder, "editors.json", Runnable::run),
                        tasks,
                        toasts,
                        new ChosenFile(folder),
                        true);
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(QueriesController.class, () -> new QueriesController(model, tasks)));
        fixture.show(Screen.QUERIES);
    }

    @Stop
    void stop() {
        model.close();
        results.delete();
    }

    @Test
    void asks_sees_rows_draws_and_exports(FxRobot robot) throws Exception {
        write(robot, "SELECT * FROM reach_by_day");
        runWithKeys(robot);
        await(() -> rows(robot).getItems().size() == 124);
        await(() -> !robot.lookup("#exportCsv").query().isDisabled());
        assertThat(text(robot, "#rowCount")).isEqualTo("124 rows");
        assertThat(text(robot, "#scanned")).isEqualTo("84.0 MB, no cost");

        Clicks.clickOn(robot, cell(robot, "1,203"));
        robot.press(KeyCode.SHIFT).type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.RIGHT);
        robot.release(KeyCode.SHIFT);
        await(() -> text(robot, "#summary").startsWith("6 cells · sum 7,214.6611 · mean "));
        fixture.snapshots("queries-result");
        robot.press(KeyCode.CONTROL, KeyCode.SHIFT).type(KeyCode.C);
        robot.release(KeyCode.SHIFT, KeyCode.CONTROL);
        await(() -> clipboard(robot).startsWith("reach\tspend\n1203\t"));

        robot.type(KeyCode.ENTER);
        await(() -> robot.lookup("#record").tryQuery().isPresent());
        fixture.snapshots("queries-record");
        robot.type(KeyCode.ESCAPE);

        Clicks.clickOn(robot, "#asChart");
        await(() -> robot.lookup("#chartTitle").tryQuery().isPresent());
        assertThat(text(robot, "#chartTitle")).isEqualTo("Sum of Reach by Day, split by Campaign");
        assertThat(text(robot, "#chartCaption"))
                .isEqualTo(
                        "Tenant kestrel · Currency EUR · 124 rows · 4 rows with values hidden by"
                                + " privacy (4% of the measure)");
        fixture.snapshots("queries-chart-line");
        choose(robot, "#chartKind", ChartKind.BAR);
        choose(robot, "#chartX", "campaign");
        await(() -> text(robot, "#chartTitle").equals("Sum of Reach by Campaign"));
        XYChart.Series<?, ?> bars =
                (XYChart.Series<?, ?>)
                        robot.lookup(".bar-chart").queryAs(BarChart.class).getData().getFirst();
        assertThat(bars.getData().stream().map(bar -> bar.getYValue().toString()).toList())
                .containsExactly(
                        "Holiday, \"early\"",
                        "Retargeting",
                        "Always on",
                        "Spring prospecting",
                        "Hidden by privacy");
        List<Double> heights =
                bars.getData().stream()
                        .map(bar -> bar.getNode().getBoundsInParent().getMinY())
                        .toList();
        assertThat(heights).isSorted();
        fixture.snapshots("queries-chart-bar");
        Path picture = folder.resolve("Query-1.png");
        Clicks.clickOn(robot, "#savePicture");
        await(() -> Files.exists(picture) && ImageIO.read(picture.toFile()) != null);
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(1_920);
        Files.copy(
                picture,
                Path.of("target", "snapshots", "queries-picture.png"),
                StandardCopyOption.REPLACE_EXISTING);
        choose(robot, "#chartKind", ChartKind.STACKED_BAR);
        choose(robot, "#chartX", "day");
        choose(robot, "#chartSeries", "campaign");
        await(() -> robot.lookup(".stacked-bar-chart").tryQuery().isPresent());
        fixture.snapshots("queries-chart-stacked");
        choose(robot, "#chartKind", ChartKind.SCATTER);
        await(() -> robot.lookup(".chart-symbol").queryAll().size() > 10);
        fixture.snapshots("queries-chart-scatter");
        choose(robot, "#chartKind", ChartKind.NUMBER);
        await(() -> robot.lookup(".figure-value").tryQuery().isPresent());
        fixture.snapshots("queries-chart-number");
        Clicks.clickOn(robot, "#exportCsv");
        Path exported = folder.resolve("Query-1.csv");
        await(() -> Files.exists(exported));
        assertThat(cells(exported, folder.resolve("a")))
                .isEqualTo(
                        cells(
                                Files.write(folder.resolve("object"), athena.object("q-0001")),
                                folder.resolve("b")));
    }

    @Test
    void an_earlier_result_answers_where_that_is_chosen(FxRobot robot) throws Exception {
        write(robot, "SELECT * FROM reach_by_day");
        runWithKeys(robot);
        await(() -> text(robot, "#scanned").equals("84.0 MB, no cost"));

        Clicks.clickOn(robot, "#run .arrow-button");
        await(() -> robot.lookup("#reuse-HOUR").tryQuery().isPresent());
        Snapshot.of(
                robot.lookup("#reuse-HOUR").query().getScene(),
                Path.of("target", "snapshots", "queries-reuse-menu.png"));
        Clicks.clickOn(robot, "#reuse-HOUR");
        await(() -> model.editors().getFirst().reuseProperty().get() == Reuse.HOUR);
        runWithKeys(robot);
        await(() -> text(robot, "#scanned").equals("reused, no cost"));
        await(() -> rows(robot).getItems().size() == 124);
        fixture.snapshots("queries-reused");

        robot.interact(this::open);
        assertThat(model.editors().getFirst().reuseProperty().get()).isEqualTo(Reuse.HOUR);
    }

    @Test
    void a_refused_statement_is_underlined_where_athena_says(FxRobot robot) throws Exception {
        write(robot, "SELECT 1/0;\nSELECT campain\nFROM reach_by_day");
        runWithKeys(robot);
        await(() -> !robot.lookup(".problem-view").queryAll().isEmpty());
        CodeArea area = robot.lookup("#sql").queryAs(CodeArea.class);
        await(() -> area.getStyleOfChar(12 + 8).contains("problem-error"));
        fixture.snapshots("queries-refused");
        assertThat(area.getStyleOfChar(12 + 2)).doesNotContain("problem-error");
        robot.eraseText(1);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(area.getStyleOfChar(12 + 8)).doesNotContain("problem-error");
    }

    @Test
    void a_running_query_says_why_it_waits_and_can_be_stopped(FxRobot robot) throws Exception {
        athena.queue(true);
        write(robot, "SELECT endless");
        Clicks.clickOn(robot, "#run");
        await(() -> robot.lookup("#waiting").query().isVisible());
        fixture.snapshots("queries-waiting");
        robot.type(KeyCode.ESCAPE);
        await(() -> badge(robot).equals("Cancelled"));
        fixture.snapshots("queries-stopped");
        assertThat(athena.newest(1).getFirst().state()).isEqualTo(Athena.State.CANCELLED);
        assertThat(robot.lookup("#run").query().isDisabled()).isFalse();
    }

    @Test
    void closing_an_editor_stops_its_query(FxRobot robot) throws Exception {
        write(robot, "SELECT endless");
        runWithKeys(robot);
        await(() -> badge(robot).equals("Running"));
        robot.press(KeyCode.CONTROL).type(KeyCode.W).release(KeyCode.CONTROL);
        await(() -> athena.newest(1).getFirst().state() == Athena.State.CANCELLED);
        assertThat(robot.lookup("#tabs").queryAs(TabPane.class).getTabs()).hasSize(1);
    }

    @Test
    void datasets_are_found_inserted_and_previewed(FxRobot robot) throws Exception {
        await(() -> !robot.lookup("reach_by_day").queryAll().isEmpty());
        fixture.snapshots("queries-empty");
        Clicks.clickOn(robot, "#filter").write("camp");
        await(() -> !robot.lookup("campaign").queryAll().isEmpty());
        fixture.snapshots("queries-filtered");
        robot.doubleClickOn("campaign");
        assertThat(robot.lookup("#sql").queryAs(CodeArea.class).getText()).isEqualTo("campaign");

        athena.answer(
                OpenQuery.ofDataset("reach_by_day", null).sql(),
                List.of("campaign varchar"),
                List.of(List.of("Always on")),
                0);
        Clicks.clickOn(robot, "reach_by_day");
        Clicks.clickOn(robot, robot.lookup(".tree-cell:selected .preview").<Node>query());
        await(() -> rows(robot).getItems().size() == 1);
        assertThat(robot.lookup("#tabs").queryAs(TabPane.class).getTabs()).hasSize(2);
    }

    @Test
    void an_earlier_query_opens_with_its_result(FxRobot robot) throws Exception {
        write(robot, "SELECT wide");
        runWithKeys(robot);
        await(() -> rows(robot).getItems().size() == 40);
        fixture.snapshots("queries-wide");
        Clicks.clickOn(robot, "#showHistory");
        await(() -> !robot.lookup("#historyList .mono").queryAll().isEmpty());
        fixture.snapshots("queries-history");
        robot.doubleClickOn(robot.lookup("#historyList .mono").<Node>query());
        await(() -> robot.lookup("#tabs").queryAs(TabPane.class).getTabs().size() == 2);
        await(() -> badge(robot).equals("Succeeded"));
        assertThat(athena.started()).hasSize(1);
    }

    @Test
    void a_result_without_rows_says_so(FxRobot robot) throws Exception {
        write(robot, "SELECT 0");
        runWithKeys(robot);
        await(() -> badge(robot).equals("Succeeded"));
        await(() -> !robot.lookup("The query gave no rows.").queryAll().isEmpty());
        fixture.snapshots("queries-no-rows");
        Clicks.clickOn(robot, "#asChart");
        await(() -> !robot.lookup("The result has no rows.").queryAll().isEmpty());
        fixture.snapshots("queries-chart-empty");
    }

    @Test
    void a_result_that_privacy_hides_says_so(FxRobot robot) throws Exception {
        write(robot, "SELECT hidden");
        runWithKeys(robot);
        await(() -> rows(robot).getItems().size() == 2);
        Clicks.clickOn(robot, "#asChart");
        await(() -> !robot.lookup(".hatched").queryAll().isEmpty());
        fixture.snapshots("queries-chart-hidden");
    }

    @Test
    void editors_are_there_again_after_a_restart(FxRobot robot) throws Exception {
        write(robot, "SELECT 'kept'");
        robot.doubleClickOn("Query 1").write("Kept").type(KeyCode.ENTER);
        Clicks.clickOn(robot, "#newQuery");
        robot.interact(this::open);
        await(() -> robot.lookup("#tabs").queryAs(TabPane.class).getTabs().size() == 2);
        TabPane tabs = robot.lookup("#tabs").queryAs(TabPane.class);
        robot.interact(() -> tabs.getSelectionModel().select(0));
        await(
                () ->
                        robot.lookup("#sql").queryAllAs(CodeArea.class).stream()
                                .anyMatch(sql -> sql.getText().equals("SELECT 'kept'")));
    }

    private void write(FxRobot robot, String sql) {
        Clicks.clickOn(robot, "#sql");
        robot.write(sql);
        // Without the candidates, which would take the next key.
        robot.type(KeyCode.ESCAPE);
    }

    private static void runWithKeys(FxRobot robot) {
        robot.press(KeyCode.CONTROL).type(KeyCode.ENTER).release(KeyCode.CONTROL);
    }

    private static TableView<?> rows(FxRobot robot) {
        return robot.lookup("#rows").queryAll().stream()
                .map(TableView.class::cast)
                .findFirst()
                .orElseGet(TableView::new);
    }

    private static Node cell(FxRobot robot, String text) {
        return robot.lookup("#rows .table-cell").queryAllAs(Labeled.class).stream()
                .filter(cell -> text.equals(cell.getText()))
                .findFirst()
                .orElseThrow();
    }

    private static String text(FxRobot robot, String id) {
        return robot.lookup(id).queryAs(Label.class).getText();
    }

    private static String badge(FxRobot robot) {
        return robot.lookup("#phase .status-badge").queryAllAs(Label.class).stream()
                .map(Labeled::getText)
                .findFirst()
                .orElse("");
    }

    private static String clipboard(FxRobot robot) {
        String[] text = {""};
        robot.interact(
                () -> {
                    String copied = Clipboard.getSystemClipboard().getString();
                    text[0] = copied == null ? "" : copied;
                });
        return text[0];
    }

    @SuppressWarnings("unchecked")
    private static <T> void choose(FxRobot robot, String id, T value) {
        robot.interact(() -> robot.lookup(id).queryAs(ComboBox.class).setValue(value));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static List<?> cells(Path csv, Path copy) throws Exception {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            columns.add(new Column("c" + i, "varchar"));
        }
        try (ResultFile file = ResultFile.open(Files.copy(csv, copy), columns)) {
            return List.copyOf(file.rows(0, 1_000));
        }
    }

    private static List<List<@Nullable String>> days() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (int day = 1; day <= 31; day++) {
            for (int c = 0; c < CAMPAIGNS.size(); c++) {
                boolean hidden = c == 3 && day % 8 == 3;
                int reach = 1_200 + day * 3 + (c * 977 + day * 131) % 700 * (c + 1);
                rows.add(
                        Arrays.asList(
                                "2026-05-%02d".formatted(day),
                                hidden ? null : CAMPAIGNS.get(c),
                                String.valueOf(day == 1 && c == 0 ? 1_203 : reach),
                                "%d.%04d".formatted(reach / 9, reach % 10_000),
                                "EUR",
                                "kestrel",
                                String.valueOf(hidden)));
            }
        }
        return rows;
    }

    private static List<String> wideColumns() {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            columns.add("metric_%d %s".formatted(i, i % 3 == 0 ? "varchar" : "double"));
        }
        return columns;
    }

    private static List<List<@Nullable String>> wideRows() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (int r = 0; r < 40; r++) {
            List<@Nullable String> row = new ArrayList<>();
            for (int i = 1; i <= 60; i++) {
                row.add(
                        (r + i) % 11 == 0
                                ? null
                                : i % 3 == 0
                                        ? "[\"a long nested value %d\", \"with several parts\", %s]"
                                                .formatted(r, "\"x\"".repeat(i))
                                        : String.valueOf(r * i / 7.0));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Athena.TableColumn column(String name, String type, String comment) {
        return new Athena.TableColumn(name, type, comment, false);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }
}
