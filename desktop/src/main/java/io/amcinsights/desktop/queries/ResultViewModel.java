package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.charts.ChartViewModel;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.results.CellText;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.CsvExport;
import io.amcinsights.desktop.results.PagedRows;
import io.amcinsights.desktop.results.ResultFile;
import io.amcinsights.desktop.results.Row;
import io.amcinsights.desktop.results.SelectionSummary;
import io.amcinsights.sql.athena.Statement;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** One query from its start to its rows: followed, shown, summed up, copied, exported, drawn. */
public final class ResultViewModel {

    private static final Messages MESSAGES = Messages.of(ResultViewModel.class);
    private static final Duration CLOCK = Duration.ofMillis(200);

    /** A local engine that is awake takes less to begin. */
    private static final Duration LONG_IN_QUEUE = Duration.ofSeconds(2);

    private static final long MAX_COPIED_CELLS = 2_000_000;
    private static final int BATCH = 5_000;

    private final AthenaQueries queries;
    private final Tasks tasks;
    private final Toasts toasts;
    private final FileSaver files;
    private final boolean local;
    private final ChartViewModel chart;
    private final Consumer<Athena.Query> onEnd;

    private final ReadOnlyObjectWrapper<Phase> phase = new ReadOnlyObjectWrapper<>(Phase.NONE);
    private final ReadOnlyObjectWrapper<Athena.@Nullable Query> query =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> state = new ReadOnlyObjectWrapper<>(nothing());
    private final ReadOnlyObjectWrapper<Table> table = new ReadOnlyObjectWrapper<>(Table.NONE);
    private final ReadOnlyObjectWrapper<Fetch> fetch = new ReadOnlyObjectWrapper<>(Fetch.NONE);
    private final ReadOnlyObjectWrapper<Fetch.@Nullable Under> exporting =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper time = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper wait = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private final BooleanProperty drawn = new SimpleBooleanProperty();

    private AthenaQueries.@Nullable Stop stop;
    private Tasks.@Nullable Handle following;
    private Tasks.@Nullable Handle fetching;
    private Tasks.@Nullable Handle summing;
    private Tasks.@Nullable Handle export;
    private Tasks.@Nullable Handle clock;
    private boolean discarded;
    private long startedAt;
    private @Nullable ResultFile file;
    private @Nullable Statement statement;

    /** Where the query stands, as its person sees it. */
    enum Phase {
        NONE,
        STARTING,
        QUEUED,
        RUNNING,
        STOPPING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        boolean under() {
            return switch (this) {
                case STARTING, QUEUED, RUNNING, STOPPING -> true;
                case NONE, SUCCEEDED, FAILED, CANCELLED -> false;
            };
        }
    }

    /**
     * What the grid shows.
     *
     * @param count how many rows there are; -1 where only the first are known
     */
    record Table(List<Column> columns, ObservableList<Row> rows, long count) {

        static final Table NONE = new Table(List.of(), FXCollections.emptyObservableList(), 0);
    }

    /** How far all rows are here. */
    sealed interface Fetch {

        Fetch NONE = new None();
        Fetch DONE = new Done();

        /** There is nothing to fetch. */
        record None() implements Fetch {}

        /**
         * @param share from 0 to 1; -1 where it is not known
         */
        record Under(String text, double share) implements Fetch {}

        record Done() implements Fetch {}

        /** The person stopped it. */
        record Stopped() implements Fetch {}

        record Failed(Problem problem) implements Fetch {}
    }

    /**
     * @param local a local workspace, where nothing costs and an engine may have to warm up
     * @param onEnd hears of each query that has ended
     */
    ResultViewModel(
            AthenaQueries queries,
            Tasks tasks,
            Toasts toasts,
            FileSaver files,
            boolean local,
            Consumer<Athena.Query> onEnd) {
        this.queries = queries;
        this.tasks = tasks;
        this.toasts = toasts;
        this.files = files;
        this.local = local;
        this.onEnd = onEnd;
        chart = new ChartViewModel(tasks);
    }

    private static ViewState nothing() {
        return new ViewState.Empty(
                "fth-terminal",
                MESSAGES.text("result.none.title"),
                MESSAGES.text("result.none.text"),
                null);
    }

    /** Runs a statement; what was shown before goes. */
    void run(Statement asked, Reuse reuse) {
        begin(Phase.STARTING);
        statement = asked;
        AthenaQueries.Stop stopping = new AthenaQueries.Stop();
        stop = stopping;
        following =
                tasks.run(
                                () -> {
                                    String id = queries.start(asked.sql(), reuse);
                                    return queries.follow(id, stopping, this::seenInBackground);
                                })
                        .onSuccess(this::ended)
                        .onFailure(this::lost)
                        .start();
    }

    /**
     * Shows a query that was started before; one that has not ended is followed.
     *
     * @param of the query's statement; null where there is no text of it
     */
    void open(Athena.Query earlier, @Nullable Statement of) {
        begin(Phase.QUEUED);
        statement = of;
        seen(earlier);
        if (earlier.state().ended()) {
            ended(earlier);
        } else {
            follow(earlier.queryId());
        }
    }

    private void follow(String queryId) {
        AthenaQueries.Stop asked = new AthenaQueries.Stop();
        stop = asked;
        following =
                tasks.run(() -> queries.follow(queryId, asked, this::seenInBackground))
                        .onSuccess(this::ended)
                        .onFailure(this::lost)
                        .start();
    }

    /** Asks Athena to stop the query. */
    void stop() {
        if (stop != null && phase.get().under()) {
            phase.set(Phase.STOPPING);
            wait.set("");
            stop.please();
        }
    }

    /** Says why nothing could be run. */
    void refuse(Problem problem) {
        begin(Phase.NONE);
        endClock();
        state.set(new ViewState.Failed(problem, null));
    }

    private void begin(Phase first) {
        release();
        phase.set(first);
        query.set(null);
        time.set("");
        wait.set("");
        state.set(ViewState.LOADING);
        startedAt = System.nanoTime();
        clock = tasks.every(CLOCK, this::tick);
    }

    private void tick() {
        Duration passed = Duration.ofNanos(System.nanoTime() - startedAt);
        time.set(Format.duration(passed));
        Athena.Query now = query.get();
        boolean waiting = phase.get() == Phase.STARTING || phase.get() == Phase.QUEUED;
        if (now != null && waiting && now.reason() != null) {
            wait.set(now.reason());
        } else if (waiting && passed.compareTo(LONG_IN_QUEUE) > 0) {
            wait.set(MESSAGES.text(local ? "wait.local" : "wait.queue"));
        } else {
            wait.set("");
        }
    }

    private void seenInBackground(Athena.Query now) {
        tasks.inForeground(() -> seen(now));
    }

    private void seen(Athena.Query now) {
        Athena.Query before = query.get();
        // What another query or an earlier look says comes too late.
        if (before != null && (!before.queryId().equals(now.queryId()) || before.state().ended())) {
            return;
        }
        query.set(now);
        if (phase.get() != Phase.STOPPING || now.state().ended()) {
            phase.set(Phase.valueOf(now.state().name()));
        }
    }

    private void ended(Athena.Query end) {
        if (discarded) {
            onEnd.accept(end);
            return;
        }
        seen(end);
        endClock();
        time.set(Format.duration(end.queued().plus(end.ran())));
        switch (end.state()) {
            case SUCCEEDED -> showFirstPage(end);
            case FAILED ->
                    state.set(
                            new ViewState.Failed(
                                    Problem.of(
                                            MESSAGES.text("result.failed.title"),
                                            end.reason() == null
                                                    ? MESSAGES.text("result.failed.why")
                                                    : AthenaReason.text(end.reason(), statement),
                                            MESSAGES.text("result.failed.next")),
                                    null));
            case CANCELLED ->
                    state.set(
                            new ViewState.Empty(
                                    "fth-slash",
                                    MESSAGES.text("result.cancelled.title"),
                                    MESSAGES.text(
                                            local || end.bytesScanned() == 0
                                                    ? "result.cancelled.text"
                                                    : "result.cancelled.cost"),
                                    null));
            case QUEUED, RUNNING -> throw new IllegalStateException("It has not ended: " + end);
        }
        onEnd.accept(end);
    }

    /** The query may go on at Athena, but we cannot see it; or it could not be started at all. */
    private void lost(Problem problem) {
        if (discarded) {
            toasts.failed(problem);
            return;
        }
        endClock();
        Athena.Query last = query.get();
        phase.set(Phase.FAILED);
        state.set(
                new ViewState.Failed(
                        problem,
                        last == null
                                ? null
                                : () -> {
                                    begin(Phase.QUEUED);
                                    seen(last);
                                    follow(last.queryId());
                                }));
    }

    private void endClock() {
        stop = null;
        wait.set("");
        if (clock != null) {
            clock.cancel();
            clock = null;
        }
    }

    private void showFirstPage(Athena.Query end) {
        following =
                tasks.run(() -> queries.firstPage(end.queryId()))
                        .onSuccess(page -> show(end, page))
                        .onFailure(
                                problem ->
                                        state.set(
                                                ViewState.retried(
                                                        problem, state, () -> showFirstPage(end))))
                        .start();
    }

    private void show(Athena.Query end, Athena.ResultPage page) {
        List<Column> columns =
                page.columns().stream().map(c -> new Column(c.name(), c.type())).toList();
        if (columns.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-check",
                            MESSAGES.text("result.done.title"),
                            MESSAGES.text("result.done.text"),
                            null));
            return;
        }
        List<Row> rows = page.rows().stream().map(Row::new).toList();
        table.set(
                new Table(
                        columns,
                        FXCollections.observableArrayList(rows),
                        page.nextToken() == null ? rows.size() : -1));
        state.set(ViewState.CONTENT);
        fetch(end);
    }

    /** Fetches all rows, if that was stopped or has failed. */
    void fetchAgain() {
        Athena.Query end = query.get();
        if (end != null) {
            fetch(end);
        }
    }

    /** Stops fetching; the first rows stay. */
    void stopFetching() {
        if (fetching != null) {
            fetching.cancel();
            fetching = null;
            fetch.set(new Fetch.Stopped());
        }
    }

    private void fetch(Athena.Query end) {
        List<Column> columns = table.get().columns();
        fetch.set(new Fetch.Under(MESSAGES.text("fetch.begins"), -1));
        LatestProgress progress = new LatestProgress(tasks, this::fetched);
        fetching =
                tasks.run(() -> queries.fetch(end, columns, progress))
                        .onSuccess(this::arrived)
                        .onFailure(
                                problem -> {
                                    fetch.set(new Fetch.Failed(problem));
                                    chart.unavailable(problem, this::fetchAgain);
                                })
                        .start();
        chart.waiting();
    }

    private void fetched(long done, long total) {
        if (fetch.get() instanceof Fetch.Under) {
            fetch.set(
                    total == 0
                            ? new Fetch.Under(MESSAGES.text("fetch.rows", done), -1)
                            : new Fetch.Under(
                                    MESSAGES.text(
                                            "fetch.bytes", Format.bytes(done), Format.bytes(total)),
                                    (double) done / total));
        }
    }

    private void arrived(ResultFile arrived) {
        file = arrived;
        Table first = table.get();
        ObservableList<Row> rows = first.rows();
        if (arrived.rowCount() != rows.size()) {
            PagedRows paged =
                    new PagedRows(
                            arrived,
                            work -> Thread.ofVirtual().name("rows").start(work),
                            tasks::inForeground,
                            failure -> pageFailed(arrived, failure));
            paged.begin(rows);
            rows = paged;
        }
        table.set(new Table(first.columns(), rows, arrived.rowCount()));
        fetch.set(Fetch.DONE);
        chart.show(arrived);
    }

    private void pageFailed(ResultFile of, Throwable failure) {
        if (of.equals(file)) {
            toasts.failed(Problem.of(failure));
        }
    }

    /** Sums up what is selected; null for nothing. */
    void select(@Nullable Selection selection) {
        if (summing != null) {
            summing.cancel();
        }
        if (selection == null || selection.cells() < 2) {
            summary.set("");
            return;
        }
        summary.set(MESSAGES.text("summary.cells", selection.cells()));
        List<Column> columns = table.get().columns();
        Iterator<Row> rows = rows(selection);
        summing =
                tasks.run(() -> SelectionSummary.of(cells(rows, columns, selection)))
                        .onSuccess(sum -> summary.set(words(sum)))
                        .onFailure(toasts::failed)
                        .start();
    }

    private static String words(SelectionSummary sum) {
        BigDecimal mean = sum.mean();
        BigDecimal least = sum.least();
        BigDecimal greatest = sum.greatest();
        if (mean == null || least == null || greatest == null) {
            return MESSAGES.text("summary.cells", sum.cells());
        }
        return MESSAGES.text(
                "summary.numbers",
                sum.cells(),
                shown(sum.sum()),
                shown(mean),
                shown(least),
                shown(greatest));
    }

    private static String shown(BigDecimal value) {
        return CellText.shown(
                new Column("", "decimal"),
                value.toPlainString(),
                Locale.getDefault(Locale.Category.FORMAT));
    }

    private static Iterator<SelectionSummary.Cell> cells(
            Iterator<Row> rows, List<Column> columns, Selection selection) {
        return new Iterator<>() {
            private int next;
            private @Nullable Row row;

            @Override
            public boolean hasNext() {
                return next > 0 || rows.hasNext();
            }

            @Override
            public SelectionSummary.Cell next() {
                Row at = row;
                if (next == 0 || at == null) {
                    at = rows.next();
                    row = at;
                }
                int column = selection.columns().get(next);
                next = (next + 1) % selection.columns().size();
                return new SelectionSummary.Cell(columns.get(column), at.cell(column));
            }
        };
    }

    /** The selected rows: from the file where it is here, else from the first page. */
    private Iterator<Row> rows(Selection selection) {
        ResultFile from = file;
        if (from == null) {
            return List.copyOf(
                            table.get()
                                    .rows()
                                    .subList(selection.firstRow(), selection.lastRow() + 1))
                    .iterator();
        }
        return new Iterator<>() {
            private long next = selection.firstRow();
            private Iterator<Row> batch = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return batch.hasNext() || next <= selection.lastRow();
            }

            @Override
            public Row next() {
                if (!batch.hasNext()) {
                    if (Thread.interrupted()) {
                        throw new IllegalStateException("Another selection was made.");
                    }
                    int size = (int) Math.min(BATCH, selection.lastRow() + 1 - next);
                    batch = from.rows(next, size).iterator();
                    next += size;
                }
                return batch.next();
            }
        };
    }

    /**
     * Gives the selected cells as lines of values between tabs.
     *
     * @param header with the columns' names as first line
     * @param copy takes the text to the clipboard
     */
    void copy(Selection selection, boolean header, Consumer<String> copy) {
        if (selection.cells() > MAX_COPIED_CELLS) {
            toasts.failed(
                    Problem.of(
                            MESSAGES.text("copy.many.title"),
                            MESSAGES.text("copy.many.message", selection.cells(), MAX_COPIED_CELLS),
                            null));
            return;
        }
        List<Column> columns = table.get().columns();
        Iterator<Row> rows = rows(selection);
        tasks.run(() -> Tsv.of(rows, columns, selection.columns(), header))
                .onSuccess(
                        text -> {
                            copy.accept(text);
                            toasts.done(MESSAGES.text("copy.done", selection.cells()));
                        })
                .onFailure(toasts::failed)
                .start();
    }

    /** Exports all rows as CSV to where the person chooses. */
    void exportCsv(String name) {
        ResultFile from = file;
        if (from == null) {
            return;
        }
        Optional<Path> chosen = files.choose(fileName(name, "csv"), MESSAGES.text("export.kind"));
        if (chosen.isEmpty()) {
            return;
        }
        Path target = chosen.get();
        String text = MESSAGES.text("export.name", target.getFileName());
        exporting.set(new Fetch.Under(text, 0));
        LatestProgress progress =
                new LatestProgress(
                        tasks,
                        (done, total) -> {
                            if (exporting.get() != null) {
                                exporting.set(new Fetch.Under(text, (double) done / total));
                            }
                        });
        export =
                tasks.run(
                                () -> {
                                    CsvExport.write(from, target, progress);
                                    return from.rowCount();
                                })
                        .onSuccess(rows -> toasts.done(MESSAGES.text("export.done", rows, target)))
                        .onFailure(toasts::failed)
                        .andFinally(() -> exporting.set(null))
                        .start();
    }

    /** Stops exporting; nothing is left of the file. */
    void stopExporting() {
        if (export != null) {
            export.cancel();
            export = null;
            exporting.set(null);
        }
    }

    /** A name for a file, from a title. */
    static String fileName(String title, String extension) {
        String name = title.strip().replaceAll("[^\\p{L}\\p{N}._-]+", "-");
        return (name.isEmpty() ? "result" : name) + "." + extension;
    }

    /** Stops what runs, and lets go of everything: the editor is closed. */
    void discard() {
        stop();
        // Left alone it tells Athena; what it finds out is of no interest any more.
        following = phase.get() == Phase.STOPPING ? null : following;
        release();
        discarded = true;
    }

    /** Lets go of the result, and of a query under way without stopping it at Athena. */
    void release() {
        for (Tasks.Handle handle : new Tasks.Handle[] {following, fetching, summing}) {
            if (handle != null) {
                handle.cancel();
            }
        }
        following = null;
        fetching = null;
        endClock();
        stopExporting();
        chart.clear();
        summary.set("");
        table.set(Table.NONE);
        fetch.set(Fetch.NONE);
        ResultFile closed = file;
        file = null;
        if (closed != null) {
            tasks.run(
                            () -> {
                                closed.close();
                                return true;
                            })
                    .start();
        }
    }

    ReadOnlyObjectProperty<Phase> phaseProperty() {
        return phase.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Athena.@Nullable Query> queryProperty() {
        return query.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Table> tableProperty() {
        return table.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Fetch> fetchProperty() {
        return fetch.getReadOnlyProperty();
    }

    /** How far an export is; null where none is under way. */
    ReadOnlyObjectProperty<Fetch.@Nullable Under> exportingProperty() {
        return exporting.getReadOnlyProperty();
    }

    /** How long it takes or took. */
    ReadOnlyStringProperty timeProperty() {
        return time.getReadOnlyProperty();
    }

    /** Why it does not run yet; empty where there is nothing to say. */
    ReadOnlyStringProperty waitProperty() {
        return wait.getReadOnlyProperty();
    }

    /** What the selection amounts to; empty where there is none. */
    ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Whether the chart is shown in place of the grid. */
    BooleanProperty drawnProperty() {
        return drawn;
    }

    ChartViewModel chart() {
        return chart;
    }

    /** What the query scanned and what that costs; empty before it has ended. */
    String scanned() {
        Athena.Query now = query.get();
        if (now == null || !now.state().ended() || now.state() == Athena.State.FAILED) {
            return "";
        }
        if (now.reused()) {
            return MESSAGES.text("reused");
        }
        return MESSAGES.text(
                "scanned", Format.bytes(now.bytesScanned()), Cost.text(now.bytesScanned(), local));
    }

    /** What is meant by what is said of the query's cost. */
    String scannedExplained() {
        Athena.Query now = query.get();
        return MESSAGES.text(now != null && now.reused() ? "reused.explained" : "cost.explained");
    }

    /** How many rows there are, as far as it is known. */
    String rowCount() {
        Table now = table.get();
        return now.columns().isEmpty()
                ? ""
                : now.count() < 0
                        ? MESSAGES.text("rows.first", now.rows().size())
                        : MESSAGES.text("rows", now.count());
    }
}
