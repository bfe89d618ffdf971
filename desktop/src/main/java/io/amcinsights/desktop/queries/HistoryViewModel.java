package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** The newest queries of the work group, whoever ran them. */
public final class HistoryViewModel {

    private static final Messages MESSAGES = Messages.of(HistoryViewModel.class);
    private static final int NEWEST = 200;

    private final Athena athena;
    private final Tasks tasks;
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObservableList<Athena.Query> queries = FXCollections.observableArrayList();
    private final FilteredList<Athena.Query> found = new FilteredList<>(queries);
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private boolean known;
    private Tasks.@Nullable Handle reading;

    HistoryViewModel(Athena athena, Tasks tasks) {
        this.athena = athena;
        this.tasks = tasks;
        filter.subscribe(
                text -> {
                    found.setPredicate(query -> matches(query, text));
                    showState();
                });
    }

    /** Reads the newest queries anew. */
    void refresh() {
        if (reading != null) {
            reading.cancel();
        }
        if (!known) {
            state.set(ViewState.LOADING);
        }
        reading =
                tasks.run(() -> athena.newest(NEWEST))
                        .onSuccess(this::show)
                        .onFailure(this::failed)
                        .start();
    }

    private void show(List<Athena.Query> now) {
        known = true;
        if (!queries.equals(now)) {
            queries.setAll(now);
        }
        showState();
    }

    private void failed(Problem problem) {
        if (!known) {
            state.set(new ViewState.Failed(problem, this::refresh));
        }
    }

    private void showState() {
        if (!known) {
            return;
        }
        if (queries.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-clock",
                            MESSAGES.text("history.none.title"),
                            MESSAGES.text("history.none.text"),
                            null));
        } else if (found.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-search",
                            MESSAGES.text("filtered.title"),
                            MESSAGES.text("history.filtered.text"),
                            new ViewState.Action(
                                    MESSAGES.text("filtered.clear"), () -> filter.set(""))));
        } else {
            state.set(ViewState.CONTENT);
        }
    }

    private static boolean matches(Athena.Query query, String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return query.sql().toLowerCase(Locale.ROOT).contains(wanted)
                || query.queryId().startsWith(wanted)
                || MESSAGES.text("phase." + query.state())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted);
    }

    StringProperty filterProperty() {
        return filter;
    }

    ObservableList<Athena.Query> found() {
        return found;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }
}
