package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.CampaignReport.Source;
import io.amcinsights.contract.LakeRequest.GetCampaignReport;
import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.desktop.aws.Backend;
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
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Which datasets feed the campaign report, and with which of their columns. */
final class ReportViewModel {

    /** What is known of the channel. */
    enum ChannelKind {
        NONE,
        FIXED,
        BY_COLUMN
    }

    /** A value of the channel's column and what it is called. */
    record Named(StringProperty value, StringProperty name) {

        private static Named of(String value, String name) {
            return new Named(new SimpleStringProperty(value), new SimpleStringProperty(name));
        }
    }

    private record Asked(CampaignReport report, Map<String, String> tenants) {}

    private static final Messages MESSAGES = Messages.of(ReportViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final Toasts toasts;

    private final ReadOnlyBooleanWrapper shown = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable CampaignReport> report =
            new ReadOnlyObjectWrapper<>();
    private final ObservableList<Source> sources = FXCollections.observableArrayList();
    private final ObservableList<Source> shownSources =
            FXCollections.unmodifiableObservableList(sources);
    private final ReadOnlyObjectWrapper<@Nullable Source> chosen = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final Map<Field, ObjectProperty<@Nullable String>> columns = new EnumMap<>(Field.class);
    private final ObjectProperty<ChannelKind> channelKind =
            new SimpleObjectProperty<>(ChannelKind.NONE);
    private final StringProperty channelName = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable String> channelColumn = new SimpleObjectProperty<>();
    private final StringProperty absent = new SimpleStringProperty("");
    private final ObservableList<Named> names = FXCollections.observableArrayList();
    private Map<String, String> tenants = Map.of();
    private boolean refreshing;

    ReportViewModel(Backend backend, Tasks tasks, Navigation navigation, Toasts toasts) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        this.toasts = toasts;
        for (Field field : Field.values()) {
            columns.put(field, new SimpleObjectProperty<>());
        }
    }

    void show() {
        shown.set(true);
        refresh();
    }

    void hide() {
        close();
        shown.set(false);
    }

    void refresh() {
        if (!shown.get() || refreshing) {
            return;
        }
        refreshing = true;
        tasks.run(this::ask)
                .onSuccess(
                        now -> {
                            tenants = now.tenants();
                            told(now.report());
                        })
                .onFailure(
                        problem -> {
                            if (report.get() == null) {
                                state.set(ViewState.retried(problem, state, this::refresh));
                            }
                        })
                .andFinally(() -> refreshing = false)
                .start();
    }

    private Asked ask() {
        Map<String, String> byId = new HashMap<>();
        backend.call(new ListTenants()).tenants().forEach(t -> byId.put(t.tenantId(), t.name()));
        return new Asked(backend.call(new GetCampaignReport()), byId);
    }

    private void told(CampaignReport now) {
        report.set(now);
        Refreshed.into(sources, now.sources(), s -> s.mapping().dataset());
        state.set(
                now.sources().isEmpty()
                        ? new ViewState.Empty(
                                "fth-layers",
                                MESSAGES.text("report.empty.title"),
                                MESSAGES.text("report.empty.sentence"),
                                null)
                        : ViewState.CONTENT);
    }

    /** Shows how a dataset feeds the report, to be changed. */
    void open(Source source) {
        refused.set(null);
        ReportMapping mapping = source.mapping();
        columns.forEach((field, column) -> column.set(mapping.columns().get(field)));
        Channel channel = mapping.channel();
        channelName.set(channel instanceof Fixed(String name) ? name : "");
        channelColumn.set(channel instanceof ByColumn by ? by.column() : null);
        absent.set(
                channel instanceof ByColumn by ? Objects.requireNonNullElse(by.absent(), "") : "");
        names.clear();
        (channel instanceof ByColumn by ? by.names() : ReportMapping.USUAL_CHANNELS)
                .forEach((value, name) -> names.add(Named.of(value, name)));
        channelKind.set(
                switch (channel) {
                    case null -> ChannelKind.NONE;
                    case Fixed _ -> ChannelKind.FIXED;
                    case ByColumn _ -> ChannelKind.BY_COLUMN;
                });
        chosen.set(source);
    }

    void close() {
        chosen.set(null);
    }

    void addName() {
        names.add(Named.of("", ""));
    }

    void removeName(Named name) {
        names.remove(name);
    }

    /** Puts the dataset into the report as it was entered, or takes it out. */
    void put(boolean included) {
        Source source = chosen.get();
        if (source == null) {
            return;
        }
        ReportMapping before = source.mapping();
        ReportMapping wanted;
        try {
            Map<Field, String> entered = new EnumMap<>(Field.class);
            columns.forEach(
                    (field, column) -> {
                        String name = column.get();
                        if (name != null) {
                            entered.put(field, name);
                        }
                    });
            wanted =
                    new ReportMapping(
                            before.dataset(), included, entered, channel(), before.version());
        } catch (IllegalArgumentException e) {
            refused.set(
                    Problem.of(
                            MESSAGES.text("report.incomplete"),
                            String.valueOf(e.getMessage()),
                            null));
            return;
        }
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new PutReportMapping(wanted)))
                .onSuccess(
                        now -> {
                            told(now);
                            now.sources().stream()
                                    .filter(
                                            s ->
                                                    s.mapping().dataset().equals(before.dataset())
                                                            && source.equals(chosen.get()))
                                    .forEach(this::open);
                            toasts.done(
                                    MESSAGES.text(
                                            included ? "report.saved.in" : "report.saved.out",
                                            before.dataset()));
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    private @Nullable Channel channel() {
        return switch (channelKind.get()) {
            case NONE -> null;
            case FIXED -> new Fixed(channelName.get().strip());
            case BY_COLUMN -> {
                String column = channelColumn.get();
                if (column == null) {
                    throw new IllegalArgumentException(
                            MESSAGES.text("report.field.channelColumn.missing"));
                }
                Map<String, String> entered = new LinkedHashMap<>();
                for (Named named : names) {
                    String value = named.value().get().strip();
                    if (!value.isEmpty()) {
                        entered.put(value, named.name().get().strip());
                    }
                }
                String none = absent.get().strip();
                yield new ByColumn(column, entered, none.isEmpty() ? null : none);
            }
        };
    }

    void query() {
        CampaignReport now = report.get();
        if (now != null) {
            navigation.show(
                    Screen.QUERIES,
                    new OpenQuery(MESSAGES.text("report.query.title"), now.byChannel(), true));
        }
    }

    /** Asks what is counted twice, exactly. */
    void queryTwice() {
        CampaignReport now = report.get();
        if (now != null) {
            navigation.show(
                    Screen.QUERIES,
                    new OpenQuery(MESSAGES.text("report.twice.title"), now.countedTwice(), true));
        }
    }

    /** What a tenant is called. */
    String tenant(String tenantId) {
        return tenants.getOrDefault(tenantId, tenantId);
    }

    /** Whether the report has taken the place of the list of datasets. */
    ReadOnlyBooleanProperty shownProperty() {
        return shown.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable CampaignReport> reportProperty() {
        return report.getReadOnlyProperty();
    }

    ObservableList<Source> sources() {
        return shownSources;
    }

    /** The dataset that is looked at; null while none is. */
    ReadOnlyObjectProperty<@Nullable Source> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** The column that feeds a field; null where none does. */
    ObjectProperty<@Nullable String> columnProperty(Field field) {
        return Objects.requireNonNull(columns.get(field));
    }

    ObjectProperty<ChannelKind> channelKindProperty() {
        return channelKind;
    }

    StringProperty channelNameProperty() {
        return channelName;
    }

    ObjectProperty<@Nullable String> channelColumnProperty() {
        return channelColumn;
    }

    StringProperty absentProperty() {
        return absent;
    }

    ObservableList<Named> names() {
        return names;
    }
}
