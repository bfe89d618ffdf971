package io.amcinsights.desktop.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Template;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.editor.SqlText;
import io.amcinsights.desktop.inputs.ParameterWords;
import io.amcinsights.sql.amc.AmcSchema;

import javafx.application.Platform;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The query library: templates at the left, the chosen one at the right. */
public final class LibraryController {

    private static final Messages MESSAGES = Messages.of(LibraryController.class);

    private final WorkflowsViewModel screen;
    private final LibraryViewModel model;

    @FXML private VBox library;
    @FXML private Hyperlink back;
    @FXML private Button blank;
    @FXML private Button use;
    @FXML private TextField search;
    @FXML private StateView state;
    @FXML private ListView<LibraryViewModel.Entry> entries;
    @FXML private ScrollPane scroll;
    @FXML private VBox details;

    public LibraryController(WorkflowsViewModel screen, LibraryViewModel model) {
        this.screen = screen;
        this.model = model;
    }

    @FXML
    void initialize() {
        back.setOnAction(event -> screen.back());
        library.addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        screen.back();
                        event.consume();
                    }
                });
        blank.setOnAction(event -> screen.beginBlank());
        use.setOnAction(event -> screen.useTemplate());
        use.disableProperty().bind(model.chosenProperty().isNull());
        search.textProperty().bindBidirectional(model.searchProperty());
        state.stateProperty().bind(model.stateProperty());
        library.visibleProperty()
                .subscribe(
                        shown -> {
                            if (shown) {
                                Platform.runLater(entries::requestFocus);
                            }
                        });
        entries.setItems(model.entries());
        entries.setCellFactory(view -> new Cell());
        entries.getSelectionModel()
                .selectedItemProperty()
                .subscribe(
                        entry -> {
                            if (entry instanceof LibraryViewModel.Entry.Of of) {
                                model.chosenProperty().set(of.template());
                            }
                        });
        entries.getSelectionModel().selectedIndexProperty().subscribe(this::skipCategory);
        entries.setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ENTER) {
                        screen.useTemplate();
                        event.consume();
                    }
                });
        model.chosenProperty().subscribe(this::show);
    }

    /** The arrow keys go from template to template. */
    private void skipCategory(Number before, Number now) {
        int index = now.intValue();
        if (index >= 0
                && entries.getItems().get(index) instanceof LibraryViewModel.Entry.Category) {
            int next = index == 0 || index > before.intValue() ? index + 1 : index - 1;
            Platform.runLater(() -> entries.getSelectionModel().clearAndSelect(next));
        }
    }

    private void show(@Nullable Template template) {
        details.getChildren().clear();
        if (template == null) {
            return;
        }
        LibraryViewModel.Entry entry = new LibraryViewModel.Entry.Of(template);
        if (!entry.equals(entries.getSelectionModel().getSelectedItem())) {
            entries.getSelectionModel().select(entry);
        }
        Label title = new Label(template.title());
        title.getStyleClass().add("screen-title");
        Label question = new WrappedLabel(template.question());
        FlowPane tables = new FlowPane(8, 8);
        template.tables().forEach(table -> tables.getChildren().add(table(table)));
        details.getChildren()
                .addAll(
                        new VBox(4, title, question),
                        section("library.reading", new WrappedLabel(template.reading())),
                        section("library.columns", columns(template.columns())),
                        section("library.parameters", parameters(template.parameters())),
                        section("library.window", new WrappedLabel(window(template.window()))),
                        section("library.tables", tables),
                        section("library.sql", sql(template.sql())));
        scroll.setVvalue(0);
    }

    private static VBox section(String key, Node content) {
        Label heading = new Label(MESSAGES.text(key));
        heading.getStyleClass().add("subtitle");
        return new VBox(8, heading, content);
    }

    private static Node table(String name) {
        Label label = mono(name);
        AmcSchema.Table table = AmcSchema.standard().table(name);
        HBox box = new HBox(4, label);
        box.setAlignment(Pos.CENTER_LEFT);
        if (table != null) {
            Tooltip about = new Tooltip(table.description());
            about.setWrapText(true);
            about.setMaxWidth(480);
            label.setTooltip(about);
            if (table.paid()) {
                Label paid = new Label(MESSAGES.text("library.tables.paid"));
                paid.getStyleClass().add("tag");
                box.getChildren().add(paid);
            }
        }
        return box;
    }

    private static Node columns(List<Template.ResultColumn> columns) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("result-columns");
        ColumnConstraints name = new ColumnConstraints();
        name.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints meaning = new ColumnConstraints();
        meaning.setHgrow(Priority.ALWAYS);
        ColumnConstraints unit = new ColumnConstraints();
        unit.setMinWidth(Region.USE_PREF_SIZE);
        grid.getColumnConstraints().addAll(name, meaning, unit);
        grid.addRow(
                0, heading("library.column"), heading("library.meaning"), heading("library.unit"));
        int row = 0;
        for (Template.ResultColumn column : columns) {
            row++;
            Label of = new Label(column.unit());
            of.getStyleClass().add("muted");
            grid.addRow(row, mono(column.name()), new WrappedLabel(column.description()), of);
        }
        return grid;
    }

    private static Label heading(String key) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().addAll("muted", "small");
        return label;
    }

    private static String window(Template.Window window) {
        return MESSAGES.text("library.window.text", window.days(), window.settle());
    }

    private Node parameters(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            Label none = new Label(MESSAGES.text("library.parameters.none"));
            none.getStyleClass().add("muted");
            return none;
        }
        VBox box = new VBox(12);
        for (Parameter parameter : parameters) {
            Label type = new Label(ParameterWords.kind(parameter.type(), parameter.array()));
            type.getStyleClass().addAll("muted", "small");
            HBox line = new HBox(8, mono(parameter.name()), type);
            line.setAlignment(Pos.BASELINE_LEFT);
            Label standard = new WrappedLabel(defaultValue(parameter));
            standard.getStyleClass().addAll("muted", "small");
            VBox about = new VBox(2, line, new WrappedLabel(parameter.description()), standard);
            String valuesFrom = parameter.valuesFrom();
            if (valuesFrom != null) {
                Label values =
                        new WrappedLabel(
                                MESSAGES.text("library.parameter.values", model.title(valuesFrom)));
                values.getStyleClass().addAll("muted", "small");
                about.getChildren().add(values);
            }
            box.getChildren().add(about);
        }
        return box;
    }

    private static String defaultValue(Parameter parameter) {
        JsonNode value = parameter.defaultValue();
        if (value == null || value.isNull()) {
            return MESSAGES.text("library.parameter.required");
        }
        String text =
                value.isArray()
                        ? StreamSupport.stream(value.spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(", "))
                        : value.asText();
        return MESSAGES.text("library.parameter.default", text);
    }

    private static Node sql(String sql) {
        Button copy = new Button(MESSAGES.text("library.sql.copy"), new FontIcon("fth-copy"));
        copy.getStyleClass().addAll("flat", "small");
        copy.setOnAction(event -> ClipboardText.copy(sql));
        return new VBox(8, new SqlText(sql.strip()), copy);
    }

    private static Label mono(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("mono");
        return label;
    }

    private final class Cell extends ListCell<LibraryViewModel.Entry> {

        private static final double MARGINS = 48;
        private static final PseudoClass CATEGORY = PseudoClass.getPseudoClass("category");

        Cell() {
            setPrefWidth(0);
            setOnMouseClicked(
                    event -> {
                        if (event.getClickCount() == 2
                                && getItem() instanceof LibraryViewModel.Entry.Of) {
                            screen.useTemplate();
                        }
                    });
        }

        @Override
        protected void updateItem(LibraryViewModel.@Nullable Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            pseudoClassStateChanged(CATEGORY, entry instanceof LibraryViewModel.Entry.Category);
            setDisable(!(entry instanceof LibraryViewModel.Entry.Of));
            setText(null);
            setGraphic(
                    switch (entry) {
                        case null -> null;
                        case LibraryViewModel.Entry.Category category -> new Label(category.name());
                        case LibraryViewModel.Entry.Of of -> {
                            Label title = new Label(of.template().title());
                            Label question = new WrappedLabel(of.template().question());
                            question.getStyleClass().addAll("muted", "small");
                            // A cell is as high as its text at this width.
                            question.prefWidthProperty()
                                    .bind(entries.widthProperty().subtract(MARGINS));
                            yield new VBox(2, title, question);
                        }
                    });
        }
    }
}
