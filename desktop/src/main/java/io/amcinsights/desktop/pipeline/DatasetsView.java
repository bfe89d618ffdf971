package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.LakeRequest.TransformationInUse;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.Rows;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The list of datasets, and beside it what one of them holds and how it is loaded. */
final class DatasetsView extends HBox {

    private static final Messages MESSAGES = Messages.of(DatasetsView.class);

    private final DatasetsViewModel model;
    private final ReadersViewModel readers;
    private final DropsViewModel dropping;
    private final DropsView drops;
    private final TableView<Dataset> table = new TableView<>();
    private final Drawer drawer = new Drawer();
    private final FlowPane facts = new FlowPane();
    private final VBox form = new VBox();
    private final VBox columns = new VBox();
    private final RulesView rules;
    private final VBox transformation = new VBox(8);
    private @Nullable String open;

    DatasetsView(
            DatasetsViewModel model,
            ReadersViewModel readers,
            DropsViewModel drops,
            ObservableList<Tenant> tenants) {
        this.model = model;
        this.readers = readers;
        this.dropping = drops;
        this.drops = new DropsView(drops, tenants);
        this.rules = new RulesView(model.rules(), drawer::reveal);
        transformation.setId("datasetTransformation");
        model.transformation().inUseProperty().subscribe(this::show);
        StateView face = new StateView();
        face.setContent(table());
        face.stateProperty().bind(model.stateProperty());
        VBox.setVgrow(face, Priority.ALWAYS);
        VBox list = new VBox(12, tools(), face);
        setHgrow(list, Priority.ALWAYS);
        getChildren().addAll(list, drawer);
        facts.getStyleClass().add("facts");
        form.getStyleClass().add("form");
        form.setId("datasetSettings");
        columns.getStyleClass().add("dataset-columns");
        columns.setId("datasetColumns");
        drawer.setOnClose(
                () -> {
                    model.close();
                    table.getSelectionModel().clearSelection();
                });
        model.chosenProperty().subscribe(this::show);
        model.settingsProperty().subscribe(now -> showSettings());
    }

    private HBox tools() {
        Button who = new Button(MESSAGES.text("readers.open"), new FontIcon("fth-users"));
        who.setId("whoMayRead");
        who.setOnAction(event -> showReaders());
        Region gap = new Region();
        setHgrow(gap, Priority.ALWAYS);
        Button register = new Button(MESSAGES.text("drops.new"), new FontIcon("fth-plus"));
        register.setId("newDataset");
        register.setMinWidth(USE_PREF_SIZE);
        register.setOnAction(event -> register());
        Button report = new Button(MESSAGES.text("report.open"), new FontIcon("fth-layers"));
        report.setId("campaignReport");
        report.setOnAction(event -> model.report().show());
        HBox tools = new HBox(8, gap, report, who, register);
        tools.getStyleClass().add("filters");
        return tools;
    }

    private void showReaders() {
        model.close();
        table.getSelectionModel().clearSelection();
        readers.open();
        ReadersView view = new ReadersView(readers);
        drawer.show(MESSAGES.text("readers.title"), view, view.buttons());
    }

    private void register() {
        model.close();
        table.getSelectionModel().clearSelection();
        dropping.clear();
        drawer.show(MESSAGES.text("drops.new"), drops.form(), drops.registers(model::registered));
    }

    private TableView<Dataset> table() {
        table.setId("datasets");
        table.setItems(model.datasets());
        TableColumn<Dataset, String> workflow = Columns.text(title("workflow"), 224, this::feeder);
        TableColumn<Dataset, String> size =
                Columns.number(title("size"), 88, d -> Format.bytes(d.bytes()));
        table.getColumns()
                .setAll(
                        List.of(
                                Columns.text(title("dataset"), 280, Dataset::name),
                                workflow,
                                Columns.number(title("rows"), 112, d -> Format.number(d.rows())),
                                Columns.number(
                                        title("deliveries"),
                                        96,
                                        d -> Format.number(d.deliveries())),
                                size,
                                Columns.time(title("updated"), 128, Dataset::updatedAt)));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        table.getColumns().forEach(column -> column.setSortable(false));
        table.setFixedCellSize(40);
        Rows.open(table, model::open);
        // The drawer says these, and the others need their room.
        for (TableColumn<Dataset, ?> column : List.of(workflow, size)) {
            column.visibleProperty().bind(drawer.shownProperty().not());
        }
        return table;
    }

    private String feeder(Dataset dataset) {
        return model.raw(dataset) == null ? dataset.workflowId() : MESSAGES.text("drops.feeder");
    }

    private void show(@Nullable Dataset dataset) {
        if (dataset == null) {
            open = null;
            drawer.hide();
            return;
        }
        facts.getChildren()
                .setAll(
                        fact("workflow", feeder(dataset)),
                        fact("rows", Format.number(dataset.rows())),
                        fact("deliveries", Format.number(dataset.deliveries())),
                        fact("size", Format.bytes(dataset.bytes())));
        Quality.Total quality = dataset.quality();
        if (quality != null) {
            facts.getChildren().addAll(facts(quality));
        }
        columns.getChildren().setAll(new Label(MESSAGES.text("dataset.columns")));
        columns.getChildren().getFirst().getStyleClass().add("subtitle");
        dataset.columns().forEach(column -> columns.getChildren().add(line(column, quality)));
        String shown = dataset.name() + (dataset.deliveries() > 0);
        if (!shown.equals(open)) {
            open = shown;
            showSettings();
            drawer.show(dataset.name(), body(dataset), buttons(dataset));
        }
    }

    private VBox body(Dataset dataset) {
        VBox body = new VBox(16, new ProblemPlace(model.refusedProperty()));
        RawDataset raw = model.raw(dataset);
        if (raw != null) {
            dropping.clear();
            if (!raw.description().isEmpty()) {
                body.getChildren().add(new WrappedLabel(raw.description()));
            }
            body.getChildren().addAll(facts, drops.places(raw));
        } else {
            body.getChildren().add(facts);
        }
        if (dataset.deliveries() > 0) {
            body.getChildren().addAll(form, transformation, rules, columns);
        }
        return body;
    }

    private void show(@Nullable TransformationInUse now) {
        transformation.getChildren().clear();
        if (now == null) {
            return;
        }
        Label heading = new Label(MESSAGES.text("transformation"));
        heading.getStyleClass().add("subtitle");
        Button edit = new Button(MESSAGES.text("transformation.edit"), new FontIcon("fth-edit-2"));
        edit.setId("openTransformation");
        edit.setOnAction(event -> model.transformation().show());
        transformation
                .getChildren()
                .addAll(heading, TransformationView.badge(now.transformation()), edit);
    }

    private HBox buttons(Dataset dataset) {
        Button query = new Button(MESSAGES.text("query"), new FontIcon("fth-terminal"));
        query.setId("queryDataset");
        query.setOnAction(event -> model.query());
        HBox buttons = new HBox(8);
        RawDataset raw = model.raw(dataset);
        if (dataset.deliveries() > 0) {
            buttons.getChildren().add(query);
        } else if (raw != null) {
            buttons.getChildren().add(drops.removes(raw, this::removed));
        }
        if (dataset.filteredOf() == null && dataset.deliveries() > 0) {
            Region gap = new Region();
            setHgrow(gap, Priority.ALWAYS);
            Button save = new Button(MESSAGES.text("settings.save"));
            save.setId("saveSettings");
            save.getStyleClass().add("accent");
            save.disableProperty().bind(model.changedProperty().not().or(model.busyProperty()));
            save.setOnAction(event -> model.save());
            buttons.getChildren().addAll(gap, save);
        }
        return buttons;
    }

    private void removed() {
        model.close();
        model.refresh();
    }

    private void showSettings() {
        Dataset dataset = model.chosenProperty().get();
        DatasetSettings settings = model.settingsProperty().get();
        form.getChildren().clear();
        if (dataset != null && dataset.filteredOf() != null) {
            form.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text("settings.filteredOf", dataset.filteredOf()),
                                    "muted"));
        } else if (dataset != null && settings != null) {
            showForm();
        }
    }

    private void showForm() {
        List<String> flags = model.flags();
        Field handling = new Field();
        handling.setLabel(MESSAGES.text("settings.filteredRows"));
        ToggleGroup group = new ToggleGroup();
        VBox choices = new VBox(8);
        for (FilteredRows value : FilteredRows.values()) {
            RadioButton choice = new RadioButton(MESSAGES.text("settings." + value));
            choice.setId("rows" + word(value));
            choice.setWrapText(true);
            choice.setToggleGroup(group);
            choice.setSelected(model.filteredRowsProperty().get() == value);
            choice.setDisable(flags.isEmpty() && value != FilteredRows.KEEP);
            choice.setOnAction(event -> model.filteredRowsProperty().set(value));
            choices.getChildren().add(choice);
        }
        handling.getControl().add(choices);
        handling.setHint(
                MESSAGES.text(flags.isEmpty() ? "settings.noFlag" : "settings.filteredRows.hint"));
        form.getChildren().add(handling);
        if (!flags.isEmpty()) {
            ComboBox<@Nullable String> flag = new ComboBox<>();
            flag.setId("flagColumn");
            flag.setMaxWidth(Double.MAX_VALUE);
            flag.getItems().setAll(flags);
            Choices.bind(
                    flag,
                    model.flagColumnProperty(),
                    name -> name,
                    MESSAGES.text("settings.flag.none"));
            Field field = new Field();
            field.setLabel(MESSAGES.text("settings.flag"));
            field.getControl().add(flag);
            form.getChildren().add(field);
        }
        ComboBox<@Nullable Integer> keep = new ComboBox<>();
        keep.setId("keepMonths");
        keep.setMaxWidth(Double.MAX_VALUE);
        keep.getItems().setAll(model.months());
        Choices.bind(
                keep,
                model.keepMonthsProperty(),
                months -> MESSAGES.text("settings.keep.months", months),
                MESSAGES.text("settings.keep.all"));
        Field field = new Field();
        field.setLabel(MESSAGES.text("settings.keep"));
        field.setHint(MESSAGES.text("settings.keep.hint"));
        field.getControl().add(keep);
        form.getChildren().add(field);
    }

    private static String word(FilteredRows value) {
        String name = value.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static List<Node> facts(Quality.Total quality) {
        List<Node> facts = new ArrayList<>();
        facts.add(fact("duplicates", QualityText.of(quality.duplicates(), quality.rows())));
        if (quality.filteredRows() != null) {
            facts.add(fact("filtered", QualityText.of(quality.filteredRows(), quality.rows())));
        }
        if (quality.dataUntil() != null) {
            facts.add(fact("dataUntil", Format.absolute(quality.dataUntil())));
        }
        return facts;
    }

    private static Node fact(String key, String value) {
        Label name = new Label(title(key));
        name.getStyleClass().addAll("muted", "small");
        return new VBox(name, new WrappedLabel(value));
    }

    private static Node line(Dataset.Column column, Quality.@Nullable Total quality) {
        Label name = new Label(column.name());
        name.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(name, Priority.ALWAYS);
        Long nulls = quality == null ? null : quality.nulls().get(column.name());
        Label type =
                new Label(
                        nulls == null || quality == null || nulls == 0
                                ? column.type()
                                : MESSAGES.text(
                                        "dataset.nulls",
                                        Format.share(nulls, quality.rows()),
                                        column.type()));
        type.getStyleClass().addAll("muted", "small");
        type.setMinWidth(USE_PREF_SIZE);
        VBox line = new VBox(new HBox(8, name, type));
        if (!column.description().isEmpty()) {
            line.getChildren().add(new WrappedLabel(column.description(), "muted", "small"));
        }
        return line;
    }

    private static String title(String column) {
        return MESSAGES.text("column." + column);
    }
}
