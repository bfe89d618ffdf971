package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Template;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The query library: templates by category, searched, one of them chosen. */
public final class LibraryViewModel {

    private static final Messages MESSAGES = Messages.of(LibraryViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final ObservableList<Template> templates = FXCollections.observableArrayList();
    private final ObservableList<Template> shownTemplates =
            FXCollections.unmodifiableObservableList(templates);
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ObservableList<Entry> shownEntries =
            FXCollections.unmodifiableObservableList(entries);
    private final StringProperty search = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable Template> chosen = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private boolean loading;

    public LibraryViewModel(Backend backend, Tasks tasks) {
        this.backend = backend;
        this.tasks = tasks;
        search.subscribe(this::show);
    }

    /** A line of the library. */
    sealed interface Entry {

        /** Heads the templates that follow. */
        record Category(String name) implements Entry {}

        record Of(Template template) implements Entry {}
    }

    /** Reads the library, unless it is there already: it changes only with the installation. */
    void load() {
        if (loading || !templates.isEmpty()) {
            return;
        }
        loading = true;
        state.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new WorkflowRequest.ListTemplates()).templates())
                .onSuccess(
                        read -> {
                            templates.setAll(read);
                            show();
                        })
                .onFailure(this::failed)
                .andFinally(() -> loading = false)
                .start();
    }

    private void failed(Problem problem) {
        state.set(new ViewState.Failed(problem, this::load));
    }

    private void show() {
        if (templates.isEmpty()) {
            return;
        }
        Map<String, List<Template>> byCategory = new LinkedHashMap<>();
        templates.stream()
                .filter(this::matches)
                .forEach(
                        template ->
                                byCategory
                                        .computeIfAbsent(
                                                template.category(), name -> new ArrayList<>())
                                        .add(template));
        Template before = chosen.get();
        List<Entry> found = new ArrayList<>();
        byCategory.forEach(
                (name, members) -> {
                    found.add(new Entry.Category(name));
                    members.forEach(template -> found.add(new Entry.Of(template)));
                });
        entries.setAll(found);
        List<Template> shown = byCategory.values().stream().flatMap(List::stream).toList();
        chosen.set(
                before != null && shown.contains(before)
                        ? before
                        : shown.isEmpty() ? null : shown.getFirst());
        state.set(
                shown.isEmpty()
                        ? new ViewState.Empty(
                                "fth-search",
                                MESSAGES.text("library.none.title", search.get()),
                                MESSAGES.text("library.none.text"),
                                new ViewState.Action(
                                        MESSAGES.text("library.none.clear"), () -> search.set("")))
                        : ViewState.CONTENT);
    }

    private boolean matches(Template template) {
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        return Stream.of(
                        Stream.of(
                                template.title(),
                                template.category(),
                                template.question(),
                                template.reading()),
                        template.tables().stream(),
                        template.columns().stream().map(Template.ResultColumn::name))
                .flatMap(texts -> texts)
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }

    /** What a template is called; the id itself where the library does not have it (any more). */
    String title(String templateId) {
        return template(templateId).map(Template::title).orElse(templateId);
    }

    Optional<Template> template(String templateId) {
        return templates.stream().filter(t -> t.templateId().equals(templateId)).findFirst();
    }

    /** All templates, as the library orders them. */
    ObservableList<Template> templates() {
        return shownTemplates;
    }

    /** What the search finds, under their categories. */
    ObservableList<Entry> entries() {
        return shownEntries;
    }

    StringProperty searchProperty() {
        return search;
    }

    /** Null only where the search finds nothing, or nothing is there yet. */
    ObjectProperty<@Nullable Template> chosenProperty() {
        return chosen;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }
}
