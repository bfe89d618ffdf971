package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.sql.athena.AthenaSchema;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables and views that can be asked, with their columns. */
public final class CatalogueViewModel {

    private static final Messages MESSAGES = Messages.of(CatalogueViewModel.class);

    private final Athena athena;
    private final Tasks tasks;
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObservableList<Found> all = FXCollections.observableArrayList();
    private final ObservableList<Found> found = FXCollections.unmodifiableObservableList(all);
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private List<Athena.Table> tables = List.of();
    private boolean known;
    private volatile AthenaSchema schema = AthenaSchema.UNKNOWN;
    private Tasks.@Nullable Handle reading;

    /**
     * A table that the filter lets through.
     *
     * @param columns all, or those that the filter found where it did not find the table's name
     * @param open whether the columns are what was found
     */
    record Found(Athena.Table table, List<Athena.TableColumn> columns, boolean open) {}

    CatalogueViewModel(Athena athena, Tasks tasks) {
        this.athena = athena;
        this.tasks = tasks;
        filter.subscribe(text -> showFound());
    }

    /** Reads the tables anew. */
    void refresh() {
        if (reading != null) {
            reading.cancel();
        }
        if (!known) {
            state.set(ViewState.LOADING);
        }
        reading = tasks.run(athena::tables).onSuccess(this::show).onFailure(this::failed).start();
    }

    private void show(List<Athena.Table> now) {
        known = true;
        tables = now;
        schema =
                new AthenaSchema(
                        now.stream()
                                .map(
                                        table ->
                                                new AthenaSchema.Table(
                                                        table.name(),
                                                        table.columns().stream()
                                                                .map(CatalogueViewModel::column)
                                                                .toList()))
                                .toList());
        showFound();
    }

    private static AthenaSchema.Column column(Athena.TableColumn column) {
        return new AthenaSchema.Column(column.name(), column.type());
    }

    private void failed(Problem problem) {
        // A catalogue that is there stays; it is only not the newest.
        if (!known) {
            state.set(new ViewState.Failed(problem, this::refresh));
        }
    }

    private void showFound() {
        if (!known) {
            return;
        }
        String wanted = filter.get().strip().toLowerCase(Locale.ROOT);
        List<Found> now = new ArrayList<>();
        for (Athena.Table table : tables) {
            if (table.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                now.add(new Found(table, table.columns(), false));
                continue;
            }
            List<Athena.TableColumn> columns =
                    table.columns().stream()
                            .filter(c -> c.name().toLowerCase(Locale.ROOT).contains(wanted))
                            .toList();
            if (!columns.isEmpty()) {
                now.add(new Found(table, columns, true));
            }
        }
        if (!all.equals(now)) {
            all.setAll(now);
        }
        if (tables.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-database",
                            MESSAGES.text("catalogue.none.title"),
                            MESSAGES.text("catalogue.none.text"),
                            null));
        } else if (now.isEmpty()) {
            state.set(
                    new ViewState.Empty(
                            "fth-search",
                            MESSAGES.text("filtered.title"),
                            MESSAGES.text("catalogue.filtered.text"),
                            new ViewState.Action(
                                    MESSAGES.text("filtered.clear"), () -> filter.set(""))));
        } else {
            state.set(ViewState.CONTENT);
        }
    }

    /** What completes SQL; any thread may ask. */
    AthenaSchema schema() {
        return schema;
    }

    StringProperty filterProperty() {
        return filter;
    }

    ObservableList<Found> found() {
        return found;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }
}
