package io.amcinsights.desktop.queries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.aws.FakeAthena;
import io.amcinsights.desktop.common.ChosenFile;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.queries.ResultViewModel.Fetch;
import io.amcinsights.desktop.queries.ResultViewModel.Phase;
import io.amcinsights.desktop.results.Row;
import io.amcinsights.sql.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

class QueriesViewModelTest {

    private static final String REACH = "SELECT campaign, reach FROM reach";

    @TempDir Path folder;

    private final FakeAthena athena = new FakeAthena();
    private final Toasts toasts = new Toasts();
    private final ResultFolder results = new ResultFolder();
    private QueriesViewModel model;

    @BeforeEach
    void open() {
        athena.with(table("reach", "campaign", "reach"), table("sales", "asin", "units_sold"))
                .answer(
                        REACH,
                        List.of("campaign varchar", "reach bigint"),
                        List.of(
                                List.of("Spring \"S\", 1", "1200"),
                                Arrays.asList("", null),
                                Arrays.asList(null, "7")),
                        2_500_000_000_000L)
                .fail("SELECT nope\nFROM reach", "COLUMN_NOT_FOUND: line 1:8: Column 'nope' …");
        model = started();
    }

    @AfterEach
    void close() {
        model.close();
        results.delete();
    }

    private QueriesViewModel started() {
        QueriesViewModel started =
                new QueriesViewModel(
                        athena,
                        new AthenaQueries(athena, athena, results),
                        new EditorStore(folder.resolve("config"), "editors.json", Runnable::run),
                        TestTasks.inline(),
                        toasts,
                        new ChosenFile(folder),
                        false);
        started.start();
        return started;
    }

    private Path file() {
        return folder.resolve("config").resolve("editors.json");
    }

    private EditorViewModel editor() {
        return Objects.requireNonNull(model.selectedProperty().get());
    }

    private void run(String sql) {
        editor().sqlProperty().set(sql);
        editor().runFirst();
    }

    @Test
    void runsAStatementAndShowsWhatItCost() {
        run(REACH);

        ResultViewModel result = editor().result();
        assertThat(result.phaseProperty().get()).isEqualTo(Phase.SUCCEEDED);
        assertThat(result.tableProperty().get().rows())
                .containsExactly(
                        Row.of("Spring \"S\", 1", "1200"), Row.of("", null), Row.of(null, "7"));
        assertThat(result.rowCount()).isEqualTo("3 rows");
        assertThat(result.scanned()).isEqualTo("2.5 TB, about 12.50 USD");
        assertThat(result.timeProperty().get()).isEqualTo("1.9 s");
    }

    @Test
    void runsTheStatementUnderTheCaretOrTheSelectedOne() {
        String text = "SELECT 1;\n" + REACH + ";\nSELECT 3";
        editor().sqlProperty().set(text);
        athena.answer("SELECT 3", List.of("a integer"), List.of(List.of("3")), 0);

        editor().run(text.indexOf("reach"), 0, "");
        editor().run(0, text.indexOf("SELECT 3"), "SELECT 3");
        assertThat(athena.started()).containsExactly(REACH, "SELECT 3");

        editor().run(0, 0, text);
        assertThat(athena.started()).hasSize(2);
        assertThat(editor().result().stateProperty().get())
                .isInstanceOfSatisfying(
                        ViewState.Failed.class,
                        failed ->
                                assertThat(failed.problem().title())
                                        .isEqualTo("Several statements are selected"));
    }

    @Test
    void showsTheRefusalAtItsPlaceInTheText() {
        String text = "SELECT 1;\n  SELECT nope\nFROM reach";
        editor().sqlProperty().set(text);
        editor().run(text.length(), 0, "");

        assertThat(editor().refusedProperty().get())
                .containsExactly(
                        new Problem(2, 10, 2, 14, Problem.Severity.ERROR, "Column 'nope' …"));
        assertThat(editor().result().phaseProperty().get()).isEqualTo(Phase.FAILED);
        assertThat(editor().result().scanned()).isEmpty();
    }

    @Test
    void everyRowOfALargeResultIsFetchedAndPaged() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < 3_500; i++) {
            rows.add(List.of("c" + i, String.valueOf(i)));
        }
        athena.answer("SELECT * FROM big", List.of("c varchar", "n bigint"), List.copyOf(rows), 10);
        run("SELECT * FROM big");

        ResultViewModel result = editor().result();
        assertThat(result.fetchProperty().get()).isEqualTo(Fetch.DONE);
        assertThat(result.rowCount()).isEqualTo("3,500 rows");
        assertThat(result.tableProperty().get().rows()).hasSize(3_500);
        assertThat(result.tableProperty().get().rows().getFirst()).isEqualTo(Row.of("c0", "0"));

        result.select(new Selection(0, 3_499, List.of(1)));
        assertThat(result.summaryProperty().get())
                .isEqualTo("3,500 cells · sum 6,123,250 · mean 1,749.5 · min 0 · max 3,499");

        result.exportCsv("Big: rows");
        assertThat(Files.readAllLines(folder.resolve("Big-rows.csv")))
                .hasSize(3_501)
                .startsWith("c,n", "c0,0")
                .endsWith("c3499,3499");
        assertThat(Objects.requireNonNull(toasts.newestProperty().get()).text())
                .isEqualTo("3,500 rows exported to " + folder.resolve("Big-rows.csv"));
    }

    @Test
    void fetchesPageByPageWhatMayNotBeReadFromTheBucket() {
        athena.refuseObjects(
                (RuntimeException) S3Exception.builder().statusCode(403).message("no").build());
        run(REACH);

        ResultViewModel result = editor().result();
        assertThat(result.fetchProperty().get()).isEqualTo(Fetch.DONE);
        result.exportCsv("reach");
        assertThat(folder.resolve("reach.csv"))
                .hasContent("campaign,reach\r\n\"Spring \"\"S\"\", 1\",1200\r\n\"\",\r\n,7\r\n");
    }

    @Test
    void fetchesAgainWhatCouldNotBeFetched() {
        athena.refuseObjects(
                (RuntimeException) S3Exception.builder().statusCode(503).message("slow").build());
        run(REACH);
        ResultViewModel result = editor().result();
        assertThat(result.fetchProperty().get()).isInstanceOf(Fetch.Failed.class);
        assertThat(result.tableProperty().get().rows()).hasSize(3);

        athena.refuseObjects(null);
        result.fetchAgain();
        assertThat(result.fetchProperty().get()).isEqualTo(Fetch.DONE);
    }

    @Test
    void copiesWhatIsSelectedInTheOrderShown() {
        run(REACH);
        List<String> copied = new ArrayList<>();
        editor().result().copy(new Selection(0, 2, List.of(1, 0)), true, copied::add);
        editor().result().copy(new Selection(0, 0, List.of(0)), false, copied::add);
        assertThat(copied)
                .containsExactly(
                        "reach\tcampaign\n1200\tSpring \"S\", 1\n\t\n7\t", "Spring \"S\", 1");
    }

    @Test
    void openingAnEarlierQueryDoesNotRunItAgain() {
        run(REACH);
        model.open(athena.newest(1).getFirst());

        assertThat(athena.started()).containsExactly(REACH);
        assertThat(model.editors()).hasSize(2);
        assertThat(editor().sqlProperty().get()).isEqualTo(REACH);
        assertThat(editor().result().tableProperty().get().rows()).hasSize(3);

        athena.expire();
        model.open(athena.newest(1).getFirst());
        assertThat(editor().result().fetchProperty().get())
                .isInstanceOfSatisfying(
                        Fetch.Failed.class,
                        failed ->
                                assertThat(failed.problem().next())
                                        .isEqualTo("Run the query again."));
    }

    @Test
    void historyIsFoundBySqlAndState() {
        run(REACH);
        run("SELECT nope\nFROM reach");
        HistoryViewModel history = model.history();
        assertThat(history.found())
                .extracting(Athena.Query::state)
                .containsExactly(Athena.State.FAILED, Athena.State.SUCCEEDED);
        history.filterProperty().set("failed");
        assertThat(history.found()).hasSize(1);
        history.filterProperty().set("xyz");
        assertThat(history.stateProperty().get()).isInstanceOf(ViewState.Empty.class);
    }

    @Test
    void filtersDatasetsByTheirNamesAndColumns() {
        CatalogueViewModel catalogue = model.catalogue();
        assertThat(catalogue.found()).hasSize(2);
        catalogue.filterProperty().set("UNITS");
        assertThat(catalogue.found())
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.table().name()).isEqualTo("sales");
                            assertThat(found.columns())
                                    .extracting(Athena.TableColumn::name)
                                    .containsExactly("units_sold");
                            assertThat(found.open()).isTrue();
                        });
        catalogue.filterProperty().set("reach");
        assertThat(catalogue.found().getFirst().columns()).hasSize(2);
    }

    @Test
    void editorsComeBackAfterTheEndOfTheApplication() throws IOException {
        editor().sqlProperty().set("SELECT 'é' -- first");
        model.rename(editor(), "Reach of May");
        model.newEditor();
        editor().sqlProperty().set("SELECT 2");
        model.newEditor();
        model.selectedProperty().set(model.editors().get(1));

        // Nothing was closed: the application was killed.
        QueriesViewModel next = started();
        assertThat(next.editors())
                .extracting(e -> e.titleProperty().get(), e -> e.sqlProperty().get())
                .containsExactly(
                        tuple("Reach of May", "SELECT 'é' -- first"),
                        tuple("Query 1", "SELECT 2"),
                        tuple("Query 2", ""));
        assertThat(next.selectedProperty().get()).isEqualTo(next.editors().get(1));
        if (file().getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aFileThatCannotBeReadIsPutAsideAndTold() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{\"editors\": [{\"ti");
        QueriesViewModel next = started();
        assertThat(next.editors()).hasSize(1);
        assertThat(file().resolveSibling("editors.json.unreadable"))
                .hasContent("{\"editors\": [{\"ti");
        assertThat(Objects.requireNonNull(toasts.newestProperty().get()).text())
                .contains("editors.json.unreadable");
    }

    @Test
    void aClosedEditorCanBeBroughtBack() {
        editor().sqlProperty().set("SELECT 1");
        model.newEditor();
        model.close(model.editors().getFirst());
        assertThat(model.editors()).hasSize(1);

        Objects.requireNonNull(Objects.requireNonNull(toasts.newestProperty().get()).action())
                .command()
                .run();
        assertThat(model.editors())
                .extracting(e -> e.sqlProperty().get())
                .containsExactly("SELECT 1", "");
    }

    @Test
    void sqlFromElsewhereOpensOnceAndRuns() {
        OpenQuery query = new OpenQuery("reach", REACH, true);
        model.open(query);
        model.newEditor();
        model.open(query);
        assertThat(model.editors()).hasSize(2);
        assertThat(editor().titleProperty().get()).isEqualTo("reach");
        assertThat(athena.started()).containsExactly(REACH, REACH);
    }

    private static Athena.Table table(String name, String... columns) {
        return new Athena.Table(
                name,
                false,
                Arrays.stream(columns)
                        .map(column -> new Athena.TableColumn(column, "varchar", "", false))
                        .toList());
    }
}
