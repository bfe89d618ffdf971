package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.places.OpenQuery;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The open editors, the catalogue beside them and the history. */
public final class QueriesViewModel {

    private static final Messages MESSAGES = Messages.of(QueriesViewModel.class);
    private static final int TITLE = 32;

    private final AthenaQueries queries;
    private final Tasks tasks;
    private final Toasts toasts;
    private final FileSaver files;
    private final EditorStore store;
    private final boolean local;
    private final CatalogueViewModel catalogue;
    private final HistoryViewModel history;

    private final ObservableList<EditorViewModel> editors = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable EditorViewModel> selected = new SimpleObjectProperty<>();
    private final ReadOnlyStringWrapper unsaved = new ReadOnlyStringWrapper("");
    private boolean loaded;

    /**
     * @param local whether the installation is a local workspace
     */
    public QueriesViewModel(
            Athena athena,
            AthenaQueries queries,
            EditorStore store,
            Tasks tasks,
            Toasts toasts,
            FileSaver files,
            boolean local) {
        this.queries = queries;
        this.store = store;
        this.tasks = tasks;
        this.toasts = toasts;
        this.files = files;
        this.local = local;
        catalogue = new CatalogueViewModel(athena, tasks);
        history = new HistoryViewModel(athena, tasks);
        selected.subscribe(editor -> keep());
    }

    /** Brings the editors of the last time back, the first time it is called. */
    void start() {
        catalogue.refresh();
        history.refresh();
        if (loaded) {
            return;
        }
        EditorStore.Saved saved = EditorStore.Saved.NOTHING;
        try {
            saved = store.load();
        } catch (IOException e) {
            toasts.failed(
                    Problem.of(
                            MESSAGES.text("store.unreadable"),
                            String.valueOf(e.getMessage()),
                            null));
        }
        for (EditorStore.Editor editor : saved.editors()) {
            editors.add(editor(editor.title(), editor.sql(), editor.reuse()));
        }
        if (editors.isEmpty()) {
            editors.add(editor(nextTitle(), ""));
        }
        selected.set(editors.get(Math.clamp(saved.selected(), 0, editors.size() - 1)));
        loaded = true;
    }

    private EditorViewModel editor(String title, String sql) {
        return editor(title, sql, Reuse.NEVER);
    }

    private EditorViewModel editor(String title, String sql, Reuse reuse) {
        EditorViewModel editor =
                new EditorViewModel(
                        title,
                        sql,
                        reuse,
                        onEnd -> new ResultViewModel(queries, tasks, toasts, files, local, onEnd),
                        this::ended);
        editor.titleProperty().addListener((property, old, now) -> keep());
        editor.sqlProperty().addListener((property, old, now) -> keep());
        editor.reuseProperty().addListener((property, old, now) -> keep());
        return editor;
    }

    private void ended(Athena.Query query) {
        history.refresh();
        if (query.state() == Athena.State.SUCCEEDED && defines(query.sql())) {
            catalogue.refresh();
        }
    }

    private static boolean defines(String sql) {
        return sql.strip().matches("(?is)(create|drop|alter|msck)\\b.*");
    }

    /** Opens an empty editor. */
    void newEditor() {
        add(editor(nextTitle(), ""));
    }

    /** Opens SQL in an editor of its own, or goes to the one that has it already. */
    void open(OpenQuery query) {
        EditorViewModel editor =
                editors.stream()
                        .filter(open -> open.sqlProperty().get().equals(query.sql()))
                        .findFirst()
                        .orElseGet(() -> add(editor(query.title(), query.sql())));
        selected.set(editor);
        if (query.run()) {
            editor.runFirst();
        }
    }

    /** Opens an earlier query with its result, which is not run again. */
    void open(Athena.Query query) {
        EditorViewModel editor = add(editor(title(query.sql()), query.sql()));
        editor.openResult(query);
    }

    private static String title(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= TITLE ? line : line.substring(0, TITLE - 1) + "…";
    }

    private EditorViewModel add(EditorViewModel editor) {
        // An empty editor that nobody has used makes room.
        EditorViewModel only = editors.size() == 1 ? editors.getFirst() : null;
        if (only != null
                && only.sqlProperty().get().isBlank()
                && !editor.sqlProperty().get().isBlank()
                && only.result().phaseProperty().get() == ResultViewModel.Phase.NONE) {
            editors.setAll(editor);
        } else {
            editors.add(editor);
        }
        selected.set(editor);
        return editor;
    }

    /** Closes an editor and stops what it runs; its text can be brought back. */
    void close(EditorViewModel editor) {
        int index = editors.indexOf(editor);
        if (index < 0) {
            return;
        }
        String title = editor.titleProperty().get();
        String sql = editor.sqlProperty().get();
        Reuse reuse = editor.reuseProperty().get();
        editor.result().discard();
        editors.remove(index);
        if (editors.isEmpty()) {
            editors.add(editor(nextTitle(), ""));
        }
        if (editor.equals(selected.get())) {
            selected.set(editors.get(Math.min(index, editors.size() - 1)));
        }
        keep();
        if (!sql.isBlank()) {
            toasts.done(
                    MESSAGES.text("tab.closed", title),
                    MESSAGES.text("tab.reopen"),
                    () -> {
                        EditorViewModel again = editor(title, sql, reuse);
                        editors.add(Math.min(index, editors.size()), again);
                        selected.set(again);
                    });
        }
    }

    /** Names an editor; a blank name changes nothing. */
    void rename(EditorViewModel editor, String title) {
        if (!title.isBlank()) {
            editor.titleProperty().set(title.strip());
        }
    }

    private String nextTitle() {
        for (int n = 1; ; n++) {
            String title = MESSAGES.text("tab.title", n);
            if (editors.stream().noneMatch(e -> e.titleProperty().get().equals(title))) {
                return title;
            }
        }
    }

    private void keep() {
        if (loaded) {
            store.keep(
                    saved(),
                    failure ->
                            tasks.inForeground(
                                    () ->
                                            unsaved.set(
                                                    failure == null
                                                            ? ""
                                                            : MESSAGES.text(
                                                                    "store.unsaved",
                                                                    String.valueOf(
                                                                            failure
                                                                                    .getMessage())))));
        }
    }

    private EditorStore.Saved saved() {
        return new EditorStore.Saved(
                editors.stream()
                        .map(
                                e ->
                                        new EditorStore.Editor(
                                                e.titleProperty().get(),
                                                e.sqlProperty().get(),
                                                e.reuseProperty().get()))
                        .toList(),
                Math.max(0, editors.indexOf(selected.get())));
    }

    /** Saves a file where the person chooses. */
    void save(String title, String extension, String kind, Callable<byte[]> content) {
        Optional<Path> target = files.choose(ResultViewModel.fileName(title, extension), kind);
        target.ifPresent(
                file ->
                        tasks.run(() -> Files.write(file, content.call()))
                                .onSuccess(written -> toasts.done(MESSAGES.text("saved", written)))
                                .onFailure(toasts::failed)
                                .start());
    }

    /** Saves what is not saved, and lets go of all results. Queries under way go on at Athena. */
    public void close() {
        try {
            store.flush();
        } catch (IOException e) {
            toasts.failed(
                    Problem.of(MESSAGES.text("store.lost"), String.valueOf(e.getMessage()), null));
        }
        editors.forEach(editor -> editor.result().release());
    }

    CatalogueViewModel catalogue() {
        return catalogue;
    }

    HistoryViewModel history() {
        return history;
    }

    ObservableList<EditorViewModel> editors() {
        return editors;
    }

    ObjectProperty<@Nullable EditorViewModel> selectedProperty() {
        return selected;
    }

    /** Why the editors could not be saved; empty where they are. */
    ReadOnlyStringProperty unsavedProperty() {
        return unsaved.getReadOnlyProperty();
    }
}
