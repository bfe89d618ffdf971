package io.amcinsights.desktop.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.ResultFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class ChartViewModelTest {

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("day", "date"),
                    new Column("campaign", "varchar"),
                    new Column("reach", "bigint"),
                    new Column("spend", "double"),
                    new Column("filtered", "boolean"));

    @TempDir Path folder;

    private final ChartViewModel model = new ChartViewModel(TestTasks.inline());
    private final List<ResultFile> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (ResultFile file : open) {
            file.close();
        }
    }

    private void show(String... rows) throws IOException {
        ResultFile file =
                ResultFile.open(
                        Files.writeString(
                                Files.createTempFile(folder, "result", ".csv"),
                                "d,c,r,s,f\n" + String.join("\n", rows) + "\n"),
                        COLUMNS);
        open.add(file);
        model.show(file);
    }

    private ChartSpec spec() {
        return Objects.requireNonNull(model.specProperty().get());
    }

    @Test
    void eachKindGetsColumnsThatFitIt() throws IOException {
        show("2026-05-02,A,10,1,false", "2026-05-01,B,20,2,false");
        assertThat(spec())
                .extracting(ChartSpec::kind, ChartSpec::x, ChartSpec::series)
                .containsExactly(ChartKind.LINE, "day", "campaign");

        model.choose(ChartKind.SCATTER);
        assertThat(spec().x()).isEqualTo("spend");
        assertThat(model.xChoices()).extracting(Column::name).containsExactly("reach", "spend");

        model.choose(ChartKind.NUMBER);
        assertThat(spec().x()).isNull();
        assertThat(spec().series()).isNull();
        assertThat(Objects.requireNonNull(model.chartProperty().get()).plot())
                .isEqualTo(new Plot.Numbers(List.of(new Plot.Figure("Reach", "", 30.0))));

        model.choose(ChartKind.BAR);
        assertThat(spec().x()).isEqualTo("day");
        assertThat(Objects.requireNonNull(model.chartProperty().get()).plot())
                .isInstanceOfSatisfying(
                        Plot.Categories.class,
                        bars ->
                                assertThat(bars.labels())
                                        .containsExactly("2026-05-01", "2026-05-02"));
    }

    @Test
    void severalMeasuresAndASeriesExcludeEachOther() throws IOException {
        show("2026-05-02,A,10,1,false", "2026-05-01,B,20,2,false");
        model.chooseMeasures(List.of("reach", "spend"));
        assertThat(spec().series()).isNull();
        model.chooseSeries("campaign");
        assertThat(spec().measures()).containsExactly("reach");
        model.chooseX("campaign");
        assertThat(spec().series()).isNull();
    }

    @Test
    void hasAFaceWhereNothingCanBeDrawn() throws IOException {
        show("2026-05-01,,,,true", "2026-05-02,,,,true");
        assertThat(model.stateProperty().get()).isInstanceOf(ViewState.Hidden.class);
        assertThat(model.drawable()).isFalse();
    }
}
