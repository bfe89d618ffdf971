package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.LakeRequest.GetDatasetSettings;
import io.amcinsights.contract.LakeRequest.ListDatasets;
import io.amcinsights.contract.LakeRequest.ListRawDatasets;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.places.OpenQuery;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The datasets that the deliveries feed, and how each of them is loaded. */
public final class DatasetsViewModel {

    private static final Messages MESSAGES = Messages.of(DatasetsViewModel.class);

    private static final List<Integer> USUAL_MONTHS = List.of(3, 6, 13, 25, 37, 60);

    /** The datasets that have rows, and those that are registered for dropped files. */
    private record Listed(List<Dataset> loaded, List<RawDataset> raw) {

        List<Dataset> all() {
            Map<String, Dataset> byName = new TreeMap<>();
            raw.forEach(r -> byName.put(r.name(), empty(r)));
            loaded.forEach(d -> byName.put(d.name(), d));
            return List.copyOf(byName.values());
        }

        static Dataset empty(RawDataset of) {
            return new Dataset(
                    of.name(), "", "", null, List.of(), 0, 0, 0, of.registeredAt(), null, 0);
        }
    }

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final Toasts toasts;
    private final Dialogs dialogs;

    private final ObservableList<Dataset> datasets = FXCollections.observableArrayList();
    private final ObservableList<Dataset> shownDatasets =
            FXCollections.unmodifiableObservableList(datasets);
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable Dataset> chosen = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable DatasetSettings> settings =
            new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<FilteredRows> filteredRows =
            new SimpleObjectProperty<>(FilteredRows.KEEP);
    private final ObjectProperty<@Nullable String> flagColumn = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Integer> keepMonths = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper changed = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final Map<String, RawDataset> raw = new HashMap<>();
    private final RulesViewModel rules;
    private final ReportViewModel report;
    private final TransformationViewModel transformation;
    private @Nullable String wanted;
    private boolean refreshing;

    public DatasetsViewModel(
            Backend backend, Tasks tasks, Navigation navigation, Toasts toasts, Dialogs dialogs) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        this.toasts = toasts;
        this.dialogs = dialogs;
        filteredRows.subscribe(this::look);
        flagColumn.subscribe(this::look);
        keepMonths.subscribe(this::look);
        rules = new RulesViewModel(backend, tasks, toasts, Clock.systemUTC());
        report = new ReportViewModel(backend, tasks, navigation, toasts);
        transformation = new TransformationViewModel(backend, tasks, toasts);
        chosen.subscribe(rules::look);
        chosen.subscribe(transformation::look);
    }

    /** Shows a dataset as soon as it is in the list. */
    void open(String name) {
        wanted = name;
        refresh();
    }

    void refresh() {
        if (refreshing) {
            return;
        }
        refreshing = true;
        tasks.run(
                        () ->
                                new Listed(
                                        backend.call(new ListDatasets()).datasets(),
                                        backend.call(new ListRawDatasets()).datasets()))
                .onSuccess(
                        listed -> {
                            raw.clear();
                            listed.raw().forEach(r -> raw.put(r.name(), r));
                            show(listed.all());
                        })
                .onFailure(
                        problem -> {
                            if (datasets.isEmpty()) {
                                state.set(ViewState.retried(problem, state, this::refresh));
                            }
                        })
                .andFinally(() -> refreshing = false)
                .start();
    }

    private void show(List<Dataset> now) {
        Refreshed.into(datasets, now, Dataset::name);
        state.set(
                now.isEmpty()
                        ? new ViewState.Empty(
                                "fth-database",
                                MESSAGES.text("datasets.empty.title"),
                                MESSAGES.text("datasets.empty.sentence"),
                                null)
                        : ViewState.CONTENT);
        Dataset open = chosen.get();
        if (open != null) {
            now.stream().filter(d -> d.name().equals(open.name())).forEach(chosen::set);
        }
        String name = wanted;
        wanted = null;
        now.stream().filter(d -> d.name().equals(name)).forEach(this::open);
    }

    /** What the dataset is registered as; null where a workflow feeds it. */
    @Nullable RawDataset raw(Dataset dataset) {
        return raw.get(dataset.name());
    }

    /** Shows a dataset that has just been registered. */
    void registered(RawDataset dataset) {
        raw.put(dataset.name(), dataset);
        open(Listed.empty(dataset));
        refresh();
    }

    /** Shows one dataset, and asks how it is loaded. */
    void open(Dataset dataset) {
        settings.set(null);
        refused.set(null);
        chosen.set(dataset);
        if (dataset.filteredOf() == null && dataset.deliveries() > 0) {
            tasks.run(() -> backend.call(new GetDatasetSettings(dataset.name())))
                    .onSuccess(this::told)
                    .onFailure(refused::set)
                    .start();
        }
    }

    void close() {
        chosen.set(null);
        settings.set(null);
    }

    private void told(DatasetSettings now) {
        Dataset open = chosen.get();
        if (open == null || !open.name().equals(now.dataset())) {
            return;
        }
        settings.set(now);
        filteredRows.set(now.filteredRows());
        flagColumn.set(flags().contains(now.flagColumn()) ? now.flagColumn() : null);
        keepMonths.set(now.keepMonths());
        look();
    }

    private void look() {
        DatasetSettings now = settings.get();
        changed.set(
                now != null
                        && (now.filteredRows() != filteredRows.get()
                                || !Objects.equals(now.keepMonths(), keepMonths.get())
                                || (flagColumn.get() != null
                                        && !now.flagColumn().equals(flagColumn.get()))));
    }

    /** The columns that may tell which rows AMC has filtered, by name. */
    List<String> flags() {
        Dataset open = chosen.get();
        if (open == null) {
            return List.of();
        }
        Set<String> names = new TreeSet<>();
        open.columns().stream()
                .filter(c -> !c.source().isEmpty())
                .filter(
                        c ->
                                c.type().equals("boolean")
                                        || c.name().equals(DatasetSettings.USUAL_FLAG))
                .forEach(c -> names.add(c.name()));
        return List.copyOf(names);
    }

    void save() {
        DatasetSettings now = settings.get();
        if (now == null) {
            return;
        }
        DatasetSettings wanted =
                new DatasetSettings(
                        now.dataset(),
                        filteredRows.get(),
                        Objects.requireNonNullElse(flagColumn.get(), now.flagColumn()),
                        keepMonths.get(),
                        now.version());
        if (keepsLess(now, wanted)
                && !dialogs.confirm(
                        MESSAGES.text("settings.keep.confirm.title", now.dataset()),
                        MESSAGES.text("settings.keep.confirm", String.valueOf(wanted.keepMonths())),
                        MESSAGES.text("settings.keep.confirm.action"))) {
            return;
        }
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new PutDatasetSettings(wanted)))
                .onSuccess(
                        saved -> {
                            told(saved);
                            toasts.done(MESSAGES.text("settings.saved"));
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    private static boolean keepsLess(DatasetSettings now, DatasetSettings wanted) {
        return wanted.keepMonths() != null
                && (now.keepMonths() == null || wanted.keepMonths() < now.keepMonths());
    }

    /** Numbers of months to choose from, the one that is set among them. */
    List<@Nullable Integer> months() {
        Set<Integer> months = new TreeSet<>(USUAL_MONTHS);
        DatasetSettings now = settings.get();
        if (now != null && now.keepMonths() != null) {
            months.add(now.keepMonths());
        }
        List<@Nullable Integer> all = new ArrayList<>();
        all.add(null);
        all.addAll(months);
        return all;
    }

    void query() {
        Dataset open = chosen.get();
        if (open != null) {
            navigation.show(Screen.QUERIES, OpenQuery.ofDataset(open.name(), null));
        }
    }

    /** The rules of the dataset that is looked at. */
    RulesViewModel rules() {
        return rules;
    }

    /** What is made of the rows of the dataset that is looked at. */
    TransformationViewModel transformation() {
        return transformation;
    }

    /** What feeds the campaign report. */
    ReportViewModel report() {
        return report;
    }

    ObservableList<Dataset> datasets() {
        return shownDatasets;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** The dataset that is looked at; null while none is. */
    ReadOnlyObjectProperty<@Nullable Dataset> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** How it is loaded; null while that is not known, or its rows come with another's. */
    ReadOnlyObjectProperty<@Nullable DatasetSettings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    ObjectProperty<FilteredRows> filteredRowsProperty() {
        return filteredRows;
    }

    ObjectProperty<@Nullable String> flagColumnProperty() {
        return flagColumn;
    }

    /** How many months are kept beside the current one; null for all. */
    ObjectProperty<@Nullable Integer> keepMonthsProperty() {
        return keepMonths;
    }

    /** Whether there is something to save. */
    ReadOnlyBooleanProperty changedProperty() {
        return changed.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Why the newest command was refused. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }
}
