package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.ResultFile;
import io.amcinsights.desktop.results.Row;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** A chart of a result: guessed first, then as its person chooses. */
public final class ChartViewModel {

    private static final Messages MESSAGES = Messages.of(ChartViewModel.class);
    private static final int SAMPLE = 1_000;
    private static final int BATCH = 5_000;

    private final Tasks tasks;
    private final ObservableList<Column> columns = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable ChartSpec> spec = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Chart> chart = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);

    private @Nullable ResultFile file;
    private @Nullable ChartSpec guess;
    private Tasks.@Nullable Handle building;

    public ChartViewModel(Tasks tasks) {
        this.tasks = tasks;
    }

    /** Guesses a chart of a result and draws it. */
    public void show(ResultFile result) {
        clear();
        file = result;
        columns.setAll(result.columns());
        state.set(ViewState.LOADING);
        building =
                tasks.run(
                                () ->
                                        ChartGuess.of(
                                                result.columns(),
                                                result.rows(
                                                        0,
                                                        (int) Math.min(SAMPLE, result.rowCount()))))
                        .onSuccess(this::guessed)
                        .onFailure(problem -> state.set(new ViewState.Failed(problem, null)))
                        .start();
    }

    /** The rows are under way. */
    public void waiting() {
        state.set(ViewState.LOADING);
    }

    /** The rows could not be fetched. */
    public void unavailable(Problem problem, Runnable retry) {
        state.set(new ViewState.Failed(problem, retry));
    }

    /** Lets go of the result. */
    public void clear() {
        if (building != null) {
            building.cancel();
            building = null;
        }
        file = null;
        guess = null;
        columns.clear();
        spec.set(null);
        chart.set(null);
    }

    private void guessed(Optional<ChartSpec> found) {
        guess = found.orElse(null);
        if (guess == null) {
            boolean rows = file != null && file.rowCount() > 0;
            state.set(nothing(rows ? Plot.Reason.NO_COLUMNS : Plot.Reason.NO_ROWS));
        } else {
            draw(guess);
        }
    }

    /** Draws another kind with the columns that fit it. */
    void choose(ChartKind kind) {
        ChartSpec now = spec.get();
        ChartSpec first = guess;
        if (now == null || first == null || now.kind() == kind) {
            return;
        }
        String measure = now.measures().getFirst();
        boolean wasNumber = now.kind() == ChartKind.NUMBER || now.kind() == ChartKind.SCATTER;
        @Nullable String x = wasNumber ? first.x() : now.x();
        switch (kind) {
            case NUMBER -> x = null;
            case SCATTER -> {
                if (!isAmount(x) || measure.equals(x)) {
                    x = otherAmount(measure);
                }
            }
            case LINE, BAR, STACKED_BAR -> {
                if (x == null || isAmount(x)) {
                    x = firstColumn(Roles::time, Roles::category, c -> !c.measure());
                }
            }
        }
        @Nullable String series = kind == ChartKind.NUMBER ? null : now.series();
        draw(new ChartSpec(kind, x, now.measures(), series, now.aggregate(), now.top()));
    }

    void chooseX(@Nullable String x) {
        ChartSpec now = spec.get();
        if (now != null && x != null && !x.equals(now.x())) {
            String series = x.equals(now.series()) ? null : now.series();
            draw(new ChartSpec(now.kind(), x, now.measures(), series, now.aggregate(), now.top()));
        }
    }

    /** At least one; several only where no series splits the first. */
    void chooseMeasures(List<String> measures) {
        ChartSpec now = spec.get();
        if (now != null && !measures.isEmpty() && !measures.equals(now.measures())) {
            draw(
                    new ChartSpec(
                            now.kind(),
                            now.x(),
                            measures,
                            measures.size() > 1 ? null : now.series(),
                            now.aggregate(),
                            now.top()));
        }
    }

    void chooseSeries(@Nullable String series) {
        ChartSpec now = spec.get();
        if (now != null && !Objects.equals(series, now.series())) {
            draw(
                    new ChartSpec(
                            now.kind(),
                            now.x(),
                            series == null ? now.measures() : now.measures().subList(0, 1),
                            series,
                            now.aggregate(),
                            now.top()));
        }
    }

    void choose(Aggregate aggregate) {
        ChartSpec now = spec.get();
        if (now != null && aggregate != now.aggregate()) {
            draw(
                    new ChartSpec(
                            now.kind(),
                            now.x(),
                            now.measures(),
                            now.series(),
                            aggregate,
                            now.top()));
        }
    }

    private void draw(ChartSpec next) {
        ResultFile result = file;
        if (result == null) {
            return;
        }
        if (building != null) {
            building.cancel();
        }
        spec.set(next);
        state.set(ViewState.LOADING);
        ChartBuilder builder = new ChartBuilder(next, result.columns(), words());
        building =
                tasks.run(
                                () -> {
                                    Iterator<List<Row>> batches = result.batches(BATCH);
                                    while (batches.hasNext()) {
                                        if (Thread.interrupted()) {
                                            throw new InterruptedException("Another was chosen.");
                                        }
                                        batches.next().forEach(builder::add);
                                    }
                                    return builder.build();
                                })
                        .onSuccess(this::built)
                        .onFailure(
                                problem ->
                                        state.set(new ViewState.Failed(problem, () -> draw(next))))
                        .start();
    }

    private void built(Chart built) {
        chart.set(built);
        state.set(
                built.plot() instanceof Plot.Nothing(Plot.Reason reason)
                        ? nothing(reason)
                        : ViewState.CONTENT);
    }

    private static ViewState nothing(Plot.Reason reason) {
        return reason == Plot.Reason.ALL_HIDDEN
                ? new ViewState.Hidden(MESSAGES.text("nothing.ALL_HIDDEN"))
                : new ViewState.Empty(
                        "fth-bar-chart-2",
                        MESSAGES.text("nothing.title"),
                        MESSAGES.text("nothing." + reason),
                        null);
    }

    private static ChartBuilder.Words words() {
        return new ChartBuilder.Words(
                MESSAGES.text("words.other"),
                MESSAGES.text("words.none"),
                ChartWords.hidden(),
                MESSAGES.text("words.rows"));
    }

    private boolean isAmount(@Nullable String name) {
        int index = Roles.indexOf(columns, name);
        return index >= 0 && columns.get(index).measure();
    }

    private @Nullable String otherAmount(String than) {
        return firstColumn(c -> c.measure() && !c.name().equals(than), Column::measure);
    }

    @SafeVarargs
    private @Nullable String firstColumn(Predicate<Column>... choices) {
        for (Predicate<Column> choice : choices) {
            for (Column column : columns) {
                if (choice.test(column)) {
                    return column.name();
                }
            }
        }
        return null;
    }

    /** What may stand on the horizontal axis. */
    List<Column> xChoices() {
        ChartSpec now = spec.get();
        return now == null || now.kind() == ChartKind.NUMBER
                ? List.of()
                : columns.stream()
                        .filter(
                                c ->
                                        now.kind() == ChartKind.SCATTER
                                                ? c.kind().number()
                                                : c.kind() != Column.Kind.NESTED)
                        .toList();
    }

    /** What may be drawn; any column where rows are only counted. */
    List<Column> measureChoices() {
        ChartSpec now = spec.get();
        return columns.stream()
                .filter(
                        c ->
                                c.kind().number()
                                        || (now != null
                                                && (now.aggregate() == Aggregate.COUNT
                                                        || now.measures().contains(c.name()))))
                .toList();
    }

    /** What may split the first measure. */
    List<Column> seriesChoices() {
        ChartSpec now = spec.get();
        return now == null || now.kind() == ChartKind.NUMBER
                ? List.of()
                : columns.stream()
                        .filter(c -> Roles.category(c) || Roles.currency(c) || isTenant(c))
                        .filter(c -> !c.name().equals(now.x()))
                        .toList();
    }

    private static boolean isTenant(Column column) {
        return column.name().equals("tenant");
    }

    ReadOnlyObjectProperty<@Nullable ChartSpec> specProperty() {
        return spec.getReadOnlyProperty();
    }

    /** The chart that is shown; null where there is none. */
    public ReadOnlyObjectProperty<@Nullable Chart> chartProperty() {
        return chart.getReadOnlyProperty();
    }

    /** Whether a chart is shown that is more than its empty face. */
    public boolean drawable() {
        Chart now = chart.get();
        return now != null && !(now.plot() instanceof Plot.Nothing);
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }
}
