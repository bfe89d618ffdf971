package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.editor.SqlEditor;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.value.ObservableBooleanValue;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The editor's page: the SQL at the left, what belongs to it at the right. */
public final class EditorController {

    private static final Messages MESSAGES = Messages.of(EditorController.class);
    private static final KeyCombination SAVE =
            new KeyCodeCombination(KeyCode.S, KeyCombination.SHORTCUT_DOWN);

    private final WorkflowsViewModel screen;
    private final EditorViewModel model;
    private final Tasks tasks;

    @FXML private VBox editor;
    @FXML private Hyperlink back;
    @FXML private Label heading;
    @FXML private Label unsaved;
    @FXML private Label facts;
    @FXML private ProgressIndicator busy;
    @FXML private Hyperlink cancel;
    @FXML private MenuButton more;
    @FXML private MenuItem history;
    @FXML private MenuItem copyTo;
    @FXML private MenuItem batch;
    @FXML private Button delete;
    @FXML private Button schedule;
    @FXML private Button trying;
    @FXML private Button run;
    @FXML private Button save;
    @FXML private StateView state;
    @FXML private StackPane problem;
    @FXML private VBox sqlPlace;
    @FXML private ScrollPane side;
    @FXML private Field tenantField;
    @FXML private ComboBox<@Nullable Tenant> tenantBox;
    @FXML private Field titleField;
    @FXML private TextField titleText;
    @FXML private Field workflowIdField;
    @FXML private TextField workflowIdText;
    @FXML private TextArea descriptionText;
    @FXML private VBox undeclared;
    @FXML private VBox parameters;
    @FXML private VBox result;

    public EditorController(WorkflowsViewModel screen, EditorViewModel model, Tasks tasks) {
        this.screen = screen;
        this.model = model;
        this.tasks = tasks;
    }

    /** All but the SQL and its title gives way while something else is shown beside it. */
    void giveRoom(ObservableBooleanValue toOther) {
        BooleanBinding alone = Bindings.not(toOther);
        BooleanBinding savedAndAlone = alone.and(model.savedProperty().isNotNull());
        side.visibleProperty().bind(alone);
        run.visibleProperty().bind(alone);
        trying.visibleProperty().bind(alone);
        delete.visibleProperty().bind(savedAndAlone);
        schedule.visibleProperty().bind(savedAndAlone);
        more.visibleProperty().bind(savedAndAlone);
        for (Node node : new Node[] {side, trying, run, more, delete, schedule}) {
            node.managedProperty().bind(node.visibleProperty());
        }
    }

    @FXML
    void initialize() {
        state.stateProperty().bind(model.stateProperty());
        bindHeader();
        bindSql();
        bindFields();
        model.problemProperty().subscribe(now -> showProblem());
        model.parameters().subscribe(this::showParameters);
        model.undeclared().subscribe(this::showUndeclared);
        model.analysisProperty()
                .subscribe(query -> result.getChildren().setAll(ResultView.of(query)));
        showUndeclared();
    }

    private void bindHeader() {
        back.setOnAction(event -> screen.back());
        heading.textProperty()
                .bind(
                        Bindings.when(model.titleProperty().isEmpty())
                                .then(MESSAGES.text("editor.new"))
                                .otherwise(model.titleProperty()));
        unsaved.visibleProperty().bind(model.dirtyProperty());
        busy.visibleProperty().bind(model.busyProperty());
        cancel.visibleProperty().bind(model.busyProperty());
        cancel.setOnAction(event -> model.cancel());
        for (Node node : new Node[] {unsaved, busy, cancel}) {
            node.managedProperty().bind(node.visibleProperty());
        }
        history.setOnAction(event -> screen.showHistory());
        batch.setOnAction(event -> screen.showBatch());
        copyTo.setOnAction(event -> screen.showCopy());
        delete.setOnAction(event -> screen.delete());
        schedule.setOnAction(event -> screen.schedule());
        BooleanBinding toSave = model.savedProperty().isNull().or(model.dirtyProperty());
        run.textProperty()
                .bind(
                        Bindings.when(toSave)
                                .then(MESSAGES.text("run.saveFirst"))
                                .otherwise(MESSAGES.text("run")));
        toSave.subscribe(
                now -> {
                    primary(save, now);
                    primary(run, !now);
                });
        trying.setOnAction(event -> screen.tryEdited());
        run.setOnAction(event -> screen.runEdited());
        save.setOnAction(event -> model.save(saved -> {}));
        BooleanBinding waiting =
                model.busyProperty().or(model.stateProperty().isNotEqualTo(ViewState.CONTENT));
        delete.disableProperty().bind(waiting);
        run.disableProperty().bind(waiting);
        trying.disableProperty().bind(waiting);
        save.disableProperty().bind(waiting.or(toSave.not()));
        editor.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (SAVE.match(event) && !save.isDisabled()) {
                        model.save(saved -> {});
                        event.consume();
                    }
                });
        facts.textProperty().bind(model.factsProperty());
    }

    /** What stands out is what most probably comes next. */
    private static void primary(Button button, boolean now) {
        button.getStyleClass().remove("accent");
        if (now) {
            button.getStyleClass().add("accent");
        }
    }

    private void bindSql() {
        SqlEditor sql = new SqlEditor(tasks, model::check, model::complete);
        sql.textProperty().bindBidirectional(model.sqlProperty());
        model.declaredProperty().subscribe(declared -> sql.check());
        model.refusedProperty().subscribe(sql::showRefused);
        VBox.setVgrow(sql, Priority.ALWAYS);
        sqlPlace.getChildren().setAll(sql, new TrialView(screen.trial()));
        editor.visibleProperty()
                .subscribe(
                        shown -> {
                            if (shown) {
                                boolean isNew = model.savedProperty().get() == null;
                                Platform.runLater(
                                        isNew ? tenantBox::requestFocus : sql::requestFocus);
                            }
                        });
    }

    private void bindFields() {
        tenantBox.setItems(model.activeTenants());
        tenantBox.setCellFactory(list -> new TenantCell());
        tenantBox.setButtonCell(new TenantCell());
        tenantBox.valueProperty().bindBidirectional(model.tenantProperty());
        tenantField.messageProperty().bind(model.message(EditorViewModel.Field.TENANT));
        tenantField.visibleProperty().bind(model.savedProperty().isNull());
        bind(EditorViewModel.Field.TITLE, titleField, titleText);
        titleText.textProperty().bindBidirectional(model.titleProperty());
        bind(EditorViewModel.Field.WORKFLOW_ID, workflowIdField, workflowIdText);
        workflowIdText.textProperty().bindBidirectional(model.workflowIdProperty());
        workflowIdField.visibleProperty().bind(model.savedProperty().isNull());
        for (Node field : new Node[] {tenantField, workflowIdField}) {
            field.managedProperty().bind(field.visibleProperty());
        }
        descriptionText.textProperty().bindBidirectional(model.descriptionProperty());
    }

    private void bind(EditorViewModel.Field what, Field field, TextField text) {
        field.messageProperty().bind(model.message(what));
        text.focusedProperty()
                .subscribe(
                        (had, has) -> {
                            if (had && !has) {
                                model.left(what);
                            }
                        });
    }

    private void showProblem() {
        Problem now = model.problemProperty().get();
        problem.setVisible(now != null);
        problem.setManaged(now != null);
        problem.getChildren().clear();
        if (now != null) {
            problem.getChildren()
                    .add(
                            model.conflictProperty().get()
                                    ? new ProblemView(
                                            now,
                                            null,
                                            new ViewState.Action(
                                                    MESSAGES.text("conflict.reload"),
                                                    model::reload),
                                            new ViewState.Action(
                                                    MESSAGES.text("conflict.overwrite"),
                                                    model::overwrite))
                                    : new ProblemView(now, null));
        }
    }

    private void showParameters() {
        if (model.parameters().isEmpty() && model.undeclared().isEmpty()) {
            Label none = new Label(MESSAGES.text("parameters.none"));
            none.getStyleClass().add("muted");
            parameters.getChildren().setAll(none);
        } else {
            parameters
                    .getChildren()
                    .setAll(
                            model.parameters().stream()
                                    .map(draft -> new ParameterCard(draft, model))
                                    .toList());
        }
    }

    private void showUndeclared() {
        undeclared.getChildren().setAll(model.undeclared().stream().map(this::undeclared).toList());
        undeclared.setManaged(!model.undeclared().isEmpty());
        showParameters();
    }

    private Node undeclared(String name) {
        Label text = new Label(MESSAGES.text("parameter.undeclared", name));
        text.setWrapText(true);
        text.setMinHeight(Label.USE_PREF_SIZE);
        text.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(text, Priority.ALWAYS);
        Button declare = new Button(MESSAGES.text("parameter.declare"));
        declare.setId("declare-" + name);
        declare.setMinWidth(Button.USE_PREF_SIZE);
        declare.setOnAction(event -> model.declare(name));
        HBox box = new HBox(8, new FontIcon("fth-alert-triangle"), text, declare);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().add("undeclared");
        return box;
    }

    private static final class TenantCell extends ListCell<@Nullable Tenant> {
        @Override
        protected void updateItem(@Nullable Tenant tenant, boolean empty) {
            super.updateItem(tenant, empty);
            setText(tenant == null ? "" : tenant.name());
        }
    }
}
