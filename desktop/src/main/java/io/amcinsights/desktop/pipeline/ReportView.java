package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.CampaignReport.Overlap;
import io.amcinsights.contract.CampaignReport.Source;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.Rows;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The datasets that feed the campaign report, and beside them how one of them does. */
final class ReportView extends VBox {

    private static final Messages MESSAGES = Messages.of(ReportView.class);

    private final ReportViewModel model;
    private final TableView<Source> table = new TableView<>();
    private final Drawer drawer = new Drawer();
    private final VBox channel = new VBox();

    ReportView(ReportViewModel model) {
        this.model = model;
        setSpacing(12);
        channel.getStyleClass().add("form");
        StateView face = new StateView();
        face.setContent(table());
        face.stateProperty().bind(model.stateProperty());
        HBox.setHgrow(face, Priority.ALWAYS);
        HBox content = new HBox(face, drawer);
        setVgrow(content, Priority.ALWAYS);
        getChildren()
                .addAll(
                        heading(),
                        new WrappedLabel(MESSAGES.text("report.purpose"), "muted"),
                        content);
        drawer.setOnClose(
                () -> {
                    model.close();
                    table.getSelectionModel().clearSelection();
                });
        model.chosenProperty().subscribe(this::show);
        model.channelKindProperty().subscribe(now -> showChannel());
        model.names().subscribe(this::showChannel);
    }

    private Node heading() {
        Button back = new Button(MESSAGES.text("report.back"), new FontIcon("fth-arrow-left"));
        back.setId("leaveReport");
        back.getStyleClass().add("flat");
        back.setOnAction(
                event -> {
                    drawer.hide();
                    model.hide();
                });
        Label title = new Label(MESSAGES.text("report.title"));
        title.getStyleClass().add("subtitle");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button twice = new Button(MESSAGES.text("report.twice"), new FontIcon("fth-copy"));
        twice.setId("queryTwice");
        twice.setOnAction(event -> model.queryTwice());
        Button query = new Button(MESSAGES.text("report.query"), new FontIcon("fth-terminal"));
        query.setId("queryReport");
        query.getStyleClass().add("accent");
        query.setOnAction(event -> model.query());
        for (Button button : List.of(twice, query)) {
            button.disableProperty()
                    .bind(
                            model.reportProperty()
                                    .map((CampaignReport r) -> !r.published())
                                    .orElse(true));
        }
        HBox heading = new HBox(8, back, title, gap, twice, query);
        heading.setAlignment(Pos.CENTER_LEFT);
        return heading;
    }

    private TableView<Source> table() {
        table.setId("reportSources");
        table.setItems(model.sources());
        TableColumn<Source, Source> state =
                Columns.node(text("column.state"), 148, ReportView::badge);
        TableColumn<Source, String> channels =
                Columns.text(text("column.channel"), 160, ReportView::channel);
        TableColumn<Source, String> feeds =
                Columns.text(text("column.feeds"), 280, ReportView::feeds);
        TableColumn<Source, String> overlap =
                Columns.text(text("column.overlap"), 200, ReportView::overlap);
        table.getColumns()
                .setAll(
                        List.of(
                                Columns.text(
                                        text("column.dataset"), 240, s -> s.mapping().dataset()),
                                state,
                                channels,
                                feeds,
                                overlap));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        table.getColumns().forEach(column -> column.setSortable(false));
        table.setFixedCellSize(40);
        Rows.open(table, model::open);
        // The drawer says these, and the others need their room.
        for (TableColumn<Source, ?> column : List.of(channels, feeds, overlap)) {
            column.visibleProperty().bind(drawer.shownProperty().not());
        }
        return table;
    }

    private static StatusBadge badge(Source source) {
        if (source.mapping().included()) {
            return new StatusBadge(Tone.SUCCEEDED, text("state.IN"));
        }
        return source.proposed()
                ? new StatusBadge(Tone.WAITING, text("state.PROPOSED"))
                : new StatusBadge(Tone.CANCELLED, text("state.OUT"));
    }

    private static String channel(Source source) {
        return switch (source.mapping().channel()) {
            case null -> source.mapping().columns().isEmpty() ? "" : text("channel.NONE");
            case Fixed(String name) -> name;
            case ByColumn by -> MESSAGES.text("report.channel.by", by.column());
        };
    }

    private static String feeds(Source source) {
        return names(source.mapping().columns().keySet().stream());
    }

    private static String names(Stream<ReportMapping.Field> fields) {
        String names =
                fields.map(field -> text("field." + field))
                        .collect(Collectors.joining(", "))
                        .toLowerCase(Locale.ROOT);
        return names.isEmpty()
                ? names
                : Character.toUpperCase(names.charAt(0)) + names.substring(1);
    }

    private static String overlap(Source source) {
        return source.overlaps().isEmpty()
                ? ""
                : MESSAGES.text(
                        "report.overlap.short",
                        source.overlaps().stream()
                                .map(Overlap::with)
                                .collect(Collectors.joining(", ")));
    }

    private void show(@Nullable Source source) {
        if (source == null) {
            drawer.hide();
            return;
        }
        VBox form = new VBox();
        form.getStyleClass().add("form");
        for (ReportMapping.Field field : ReportMapping.Field.values()) {
            form.getChildren().add(column(field, source));
        }
        VBox remarks = new VBox(8);
        if (!source.mapping().included() && source.mapping().version() == 0) {
            remarks.getChildren()
                    .add(
                            new WrappedLabel(
                                    text(source.proposed() ? "proposed" : "unproposed"), "muted"));
        }
        source.overlaps().forEach(o -> remarks.getChildren().add(warning(overlap(o, source))));
        source.texts()
                .forEach(
                        name ->
                                remarks.getChildren()
                                        .add(warning(MESSAGES.text("report.texts", name))));
        showChannel();
        drawer.show(
                source.mapping().dataset(),
                new VBox(
                        16,
                        new ProblemPlace(model.refusedProperty()),
                        remarks,
                        form,
                        new VBox(12, kind(), channel)),
                buttons(source));
    }

    private String overlap(Overlap overlap, Source source) {
        return MESSAGES.text(
                "report.overlap",
                names(overlap.fields().stream()).toLowerCase(Locale.ROOT),
                overlap.tenants().stream().map(model::tenant).collect(Collectors.joining(", ")),
                overlap.with(),
                source.mapping().included() ? 1 : 0);
    }

    private static Node warning(String words) {
        HBox warning =
                new HBox(8, new FontIcon("fth-alert-triangle"), grown(new WrappedLabel(words)));
        warning.getStyleClass().addAll("report-warning", Tone.WAITING.styleClass());
        return warning;
    }

    private static Node grown(Node node) {
        HBox.setHgrow(node, Priority.ALWAYS);
        return node;
    }

    private Field column(ReportMapping.Field field, Source source) {
        ComboBox<@Nullable String> box = columns("report" + field);
        Choices.bind(box, model.columnProperty(field), name -> name, text("field.none"));
        Choices.offer(box, source.choices().getOrDefault(field, List.of()));
        return field(
                "field." + field,
                box,
                switch (field) {
                    case REACH, SPEND, SALES -> text("hint." + field);
                    default -> "";
                });
    }

    private static ComboBox<@Nullable String> columns(String id) {
        ComboBox<@Nullable String> box = new ComboBox<>();
        box.setId(id);
        box.setMaxWidth(Double.MAX_VALUE);
        return box;
    }

    private Field kind() {
        ComboBox<ReportViewModel.ChannelKind> kind = new ComboBox<>();
        kind.setId("reportChannel");
        kind.setMaxWidth(Double.MAX_VALUE);
        kind.getItems().setAll(ReportViewModel.ChannelKind.values());
        kind.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(ReportViewModel.@Nullable ChannelKind value) {
                        return value == null ? "" : text("channel." + value);
                    }

                    @Override
                    public ReportViewModel.ChannelKind fromString(String words) {
                        throw new UnsupportedOperationException();
                    }
                });
        kind.valueProperty().bindBidirectional(model.channelKindProperty());
        return field("field.channel", kind, "");
    }

    private void showChannel() {
        Source source = model.chosenProperty().get();
        channel.getChildren().clear();
        if (source == null) {
            return;
        }
        switch (model.channelKindProperty().get()) {
            case NONE -> {}
            case FIXED ->
                    channel.getChildren()
                            .add(
                                    field(
                                            "field.channelName",
                                            entry("reportChannelName", model.channelNameProperty()),
                                            ""));
            case BY_COLUMN -> showNames(source);
        }
    }

    private void showNames(Source source) {
        ComboBox<@Nullable String> column = columns("reportChannelColumn");
        Choices.bind(
                column,
                model.channelColumnProperty(),
                name -> name,
                text("field.channelColumn.choose"));
        Choices.offer(column, source.channelColumns());
        VBox rows = new VBox(8);
        rows.setId("reportChannelNames");
        model.names().forEach(named -> rows.getChildren().add(row(named)));
        Button add = new Button(text("field.names.add"), new FontIcon("fth-plus"));
        add.setId("addChannelName");
        add.getStyleClass().add("flat");
        add.setOnAction(event -> model.addName());
        rows.getChildren().add(add);
        TextField absent = entry("reportAbsent", model.absentProperty());
        absent.setPromptText(text("field.absent.prompt"));
        channel.getChildren()
                .addAll(
                        field("field.channelColumn", column, ""),
                        field("field.names", rows, text("field.names.hint")),
                        field("field.absent", absent, ""));
    }

    private Node row(ReportViewModel.Named named) {
        TextField value = entry("", named.value());
        value.setPromptText(text("field.names.value"));
        value.setPrefColumnCount(16);
        TextField name = entry("", named.name());
        name.setPromptText(text("field.names.name"));
        Button remove = new Button(null, new FontIcon("fth-x"));
        remove.getStyleClass().addAll("flat", "button-icon");
        remove.setTooltip(new Tooltip(text("field.names.remove")));
        remove.setAccessibleText(text("field.names.remove") + ": " + named.value().get());
        remove.setOnAction(event -> model.removeName(named));
        HBox row = new HBox(4, grown(value), grown(name), remove);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private HBox buttons(Source source) {
        boolean included = source.mapping().included();
        Button put = new Button(text(included ? "save" : "include"));
        put.setId("putMapping");
        put.getStyleClass().add("accent");
        put.setOnAction(event -> model.put(true));
        put.disableProperty().bind(model.busyProperty());
        HBox buttons = new HBox(8);
        if (included || source.proposed()) {
            Button out = new Button(text(included ? "leaveOut" : "dismiss"));
            out.setId("leaveOut");
            out.setOnAction(event -> model.put(false));
            out.disableProperty().bind(model.busyProperty());
            buttons.getChildren().add(out);
        }
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        buttons.getChildren().addAll(gap, put);
        return buttons;
    }

    private static TextField entry(String id, StringProperty property) {
        TextField entry = new TextField();
        if (!id.isEmpty()) {
            entry.setId(id);
        }
        entry.textProperty().bindBidirectional(property);
        return entry;
    }

    private static Field field(String label, Node control, String hint) {
        Field field = new Field();
        field.setLabel(text(label));
        field.getControl().add(control);
        field.setHint(hint);
        return field;
    }

    private static String text(String key) {
        return MESSAGES.text("report." + key);
    }
}
