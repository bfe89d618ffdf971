package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest.TransformationInUse;
import io.amcinsights.contract.LakeRequest.Trial;
import io.amcinsights.contract.Transformation;
import io.amcinsights.contract.Transformation.Version;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TextTable;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.editor.SqlEditor;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** A page to write what is made of the rows of a dataset. */
final class TransformationView extends VBox {

    private static final Messages MESSAGES = Messages.of(TransformationView.class);

    private final TransformationViewModel model;
    private final SqlEditor editor;
    private final Label title = new Label();
    private final HBox verdict = new HBox(8);
    private final ComboBox<@Nullable Version> versions = new ComboBox<>();
    private final ComboBox<@Nullable Delivery> samples = new ComboBox<>();
    private final ListView<Dataset.Column> input = new ListView<>();
    private final VBox made = new VBox(8);
    private final Button force = new Button(text("force"));
    private final Button off = new Button(text("switchOff"));
    private final Button save = new Button(text("save"));

    TransformationView(TransformationViewModel model) {
        this.model = model;
        setSpacing(12);
        setId("transformation");
        editor = new SqlEditor(model.tasks(), sql -> List.of(), model::complete);
        editor.textProperty().bindBidirectional(model.sqlProperty());
        editor.setMinHeight(200);
        editor.giveNoVerdict();
        model.refusedProperty()
                .subscribe(problem -> editor.showRefused(model.refusedLine(problem)));
        VBox.setVgrow(editor, Priority.ALWAYS);
        made.setId("made");
        VBox.setVgrow(made, Priority.SOMETIMES);
        VBox left = new VBox(12, editor, tools(), new ProblemPlace(model.refusedProperty()), made);
        HBox.setHgrow(left, Priority.ALWAYS);
        StateView face = new StateView();
        face.setContent(new HBox(16, left, tables()));
        face.stateProperty().bind(model.stateProperty());
        setVgrow(face, Priority.ALWAYS);
        getChildren()
                .addAll(heading(), new WrappedLabel(text("purpose"), "muted"), inForce(), face);
        model.inUseProperty().subscribe(this::show);
        model.trialProperty().subscribe(this::show);
        model.versionProperty().subscribe(this::showButtons);
        model.sqlProperty().subscribe(this::showButtons);
        model.shownProperty().subscribe(this::showTitle);
    }

    private Node heading() {
        Button back = new Button(text("back"), new FontIcon("fth-arrow-left"));
        back.setId("leaveTransformation");
        back.getStyleClass().add("flat");
        back.setOnAction(event -> model.hide());
        back.setMinWidth(USE_PREF_SIZE);
        title.getStyleClass().add("subtitle");
        verdict.setAlignment(Pos.CENTER_LEFT);
        verdict.setMinWidth(USE_PREF_SIZE);
        HBox heading = new HBox(8, back, title, verdict);
        heading.setAlignment(Pos.CENTER_LEFT);
        return heading;
    }

    /** What was kept, and which of it makes the rows. */
    private Node inForce() {
        versions.setId("versions");
        Choices.bind(versions, model.versionProperty(), this::word, text("version.none"));
        versions.visibleProperty().bind(Bindings.isNotEmpty(versions.getItems()));
        versions.managedProperty().bind(versions.visibleProperty());
        off.setId("switchOff");
        off.setOnAction(event -> model.switchOff());
        force.setId("putInForce");
        force.getStyleClass().add("accent");
        force.setOnAction(event -> model.putInForce());
        force.setMinWidth(USE_PREF_SIZE);
        off.setMinWidth(USE_PREF_SIZE);
        return new HBox(8, versions, off, force);
    }

    private void showTitle() {
        Dataset dataset = model.dataset();
        title.setText(dataset == null ? "" : MESSAGES.text("transformation.of", dataset.name()));
    }

    private String word(Version version) {
        TransformationInUse now = model.inUseProperty().get();
        boolean active = now != null && now.transformation().active() == version.number();
        return MESSAGES.text(
                active ? "transformation.version.active" : "transformation.version",
                version.number(),
                Format.absolute(version.savedAt()));
    }

    private Node tools() {
        Button tryIt = new Button(text("try"), new FontIcon("fth-play"));
        tryIt.setId("tryTransformation");
        tryIt.setOnAction(event -> model.tryIt());
        save.setId("saveTransformation");
        save.setOnAction(event -> model.save());
        samples.setId("sample");
        samples.setPrefWidth(320);
        Choices.bind(
                samples,
                model.sampleProperty(),
                delivery ->
                        MESSAGES.text(
                                "transformation.sample." + delivery.status(),
                                Format.absolute(delivery.seenAt()),
                                Format.bytes(delivery.bytes())),
                text("sample.none"));
        ProgressIndicator busy = new ProgressIndicator();
        busy.setPrefSize(20, 20);
        busy.visibleProperty().bind(model.busyProperty());
        tryIt.disableProperty().bind(model.busyProperty().or(model.sampleProperty().isNull()));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label on = new Label(text("on"));
        on.getStyleClass().add("muted");
        HBox tools = new HBox(8, tryIt, on, samples, new StackPane(busy), gap, save);
        tools.setAlignment(Pos.CENTER_LEFT);
        return tools;
    }

    private Node tables() {
        Label heading = new Label(text("input"));
        heading.getStyleClass().add("subtitle");
        input.setId("inputColumns");
        input.setFixedCellSize(28);
        input.setCellFactory(
                list ->
                        new ListCell<>() {
                            @Override
                            protected void updateItem(
                                    Dataset.@Nullable Column column, boolean empty) {
                                super.updateItem(column, empty);
                                setText(null);
                                setGraphic(empty || column == null ? null : line(column));
                                setOnMouseClicked(
                                        event -> {
                                            if (column != null && event.getClickCount() == 2) {
                                                editor.insert(column.name());
                                            }
                                        });
                            }
                        });
        VBox.setVgrow(input, Priority.ALWAYS);
        VBox tables =
                new VBox(8, heading, new WrappedLabel(text("input.hint"), "muted", "small"), input);
        tables.setMinWidth(264);
        tables.setPrefWidth(264);
        return tables;
    }

    private static Node line(Dataset.Column column) {
        Label name = new Label(column.name());
        HBox.setHgrow(name, Priority.ALWAYS);
        name.setMaxWidth(Double.MAX_VALUE);
        Label type = new Label(column.type());
        type.getStyleClass().addAll("muted", "small");
        type.setMinWidth(USE_PREF_SIZE);
        HBox line = new HBox(8, name, type);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private void show(@Nullable TransformationInUse now) {
        if (now == null) {
            return;
        }
        showTitle();
        Transformation transformation = now.transformation();
        Version chosen = model.versionProperty().get();
        versions.getItems().setAll(transformation.versions().reversed());
        model.versionProperty().set(chosen);
        Delivery sample = model.sampleProperty().get();
        samples.getItems().setAll(now.samples());
        model.sampleProperty().set(sample);
        input.getItems().setAll(now.input());
        verdict.getChildren().setAll(badge(transformation));
        showButtons();
    }

    /** How a dataset's rows are loaded. */
    static StatusBadge badge(Transformation transformation) {
        return transformation.active() == 0
                ? new StatusBadge(Tone.CANCELLED, text("state.off"))
                : new StatusBadge(
                        Tone.SUCCEEDED,
                        MESSAGES.text("transformation.state.on", transformation.active()));
    }

    private void showButtons() {
        TransformationInUse now = model.inUseProperty().get();
        Version chosen = model.versionProperty().get();
        int active = now == null ? 0 : now.transformation().active();
        boolean changed = model.isChanged();
        save.setDisable(now == null || now.samples().isEmpty() || (chosen != null && !changed));
        force.setVisible(chosen != null && chosen.number() != active);
        force.setManaged(force.isVisible());
        force.setDisable(changed);
        force.setText(chosen == null ? "" : MESSAGES.text("transformation.force", chosen.number()));
        off.setVisible(active != 0);
        off.setManaged(off.isVisible());
    }

    private void show(@Nullable Trial trial) {
        made.getChildren().clear();
        made.setVisible(trial != null);
        made.setManaged(trial != null);
        if (trial == null) {
            return;
        }
        Label count =
                new Label(
                        MESSAGES.text(
                                "transformation.made",
                                trial.rowsIn(),
                                Format.number(trial.rowsIn()),
                                trial.rowsOut(),
                                Format.number(trial.rowsOut())));
        count.getStyleClass().add("subtitle");
        TableView<List<@Nullable String>> table =
                TextTable.of(
                        trial.columns().stream()
                                .map(c -> "%s\n%s".formatted(c.name(), c.type()))
                                .toList(),
                        trial.rows(),
                        text("none"));
        table.setId("madeRows");
        table.setMinHeight(120);
        table.setPrefHeight(240);
        VBox.setVgrow(table, Priority.ALWAYS);
        made.getChildren().addAll(count, table);
        if (trial.rowsOut() > trial.rows().size()) {
            made.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text("transformation.first", trial.rows().size()),
                                    "muted",
                                    "small"));
        }
        if (!trial.reads().isEmpty()) {
            made.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text(
                                            "transformation.reads",
                                            String.join(", ", trial.reads())),
                                    "muted",
                                    "small"));
        }
    }

    private static String text(String key) {
        return MESSAGES.text("transformation." + key);
    }
}
