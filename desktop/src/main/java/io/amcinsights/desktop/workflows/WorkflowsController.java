package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Columns;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Rows;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.places.OpenLibrary;
import io.amcinsights.desktop.places.OpenTrial;
import io.amcinsights.desktop.places.OpenWorkflow;

import javafx.beans.binding.Bindings;
import javafx.fxml.FXML;
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

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Comparator;

/** The list of workflows; the library and the editor in its place; the drawer to run one. */
public final class WorkflowsController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(WorkflowsController.class);

    private final WorkflowsViewModel model;
    private final RunViewModel run;

    @FXML private Node list;
    @FXML private Node library;
    @FXML private Node editor;
    @FXML private EditorController editorController;
    @FXML private Button compare;
    @FXML private Button begin;
    @FXML private ComboBox<@Nullable Tenant> tenantFilter;
    @FXML private TextField search;
    @FXML private Label remark;
    @FXML private Label count;
    @FXML private StateView state;
    @FXML private TableView<WorkflowsViewModel.Row> table;
    @FXML private TableColumn<WorkflowsViewModel.Row, WorkflowsViewModel.Row> title;
    @FXML private TableColumn<WorkflowsViewModel.Row, WorkflowsViewModel.Row> workflowId;
    @FXML private TableColumn<WorkflowsViewModel.Row, String> tenant;
    @FXML private TableColumn<WorkflowsViewModel.Row, String> template;
    @FXML private TableColumn<WorkflowsViewModel.Row, WorkflowsViewModel.Row> lastRun;
    @FXML private TableColumn<WorkflowsViewModel.Row, WorkflowsViewModel.Row> updated;
    @FXML private TableColumn<WorkflowsViewModel.Row, WorkflowsViewModel.Row> actions;
    @FXML private Label purpose;
    @FXML private Drawer drawer;

    public WorkflowsController(WorkflowsViewModel model, RunViewModel run) {
        this.model = model;
        this.run = run;
    }

    @FXML
    void initialize() {
        purpose.visibleProperty().bind(drawer.shownProperty().not());
        model.pageProperty()
                .subscribe(
                        page -> {
                            list.setVisible(page == WorkflowsViewModel.Page.LIST);
                            library.setVisible(page == WorkflowsViewModel.Page.LIBRARY);
                            editor.setVisible(page == WorkflowsViewModel.Page.EDITOR);
                            drawer.hide();
                        });
        compare.setOnAction(event -> model.showComparison());
        begin.setOnAction(event -> model.openLibrary());
        Choices.follow(tenantFilter, model.tenants());
        Choices.bind(
                tenantFilter, model.tenantProperty(), Tenant::name, MESSAGES.text("filter.tenant"));
        search.textProperty().bindBidirectional(model.searchProperty());
        remark.textProperty().bind(model.remarkProperty());
        count.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                model::count, model.found(), model.stateProperty()));
        state.stateProperty().bind(model.stateProperty());
        bindTable();

        RunView form = new RunView(run);
        run.workflowProperty()
                .subscribe(
                        workflow -> {
                            if (workflow == null) {
                                drawer.hide();
                            } else {
                                drawer.show(
                                        run.tryingProperty().get()
                                                ? MESSAGES.text("try.title")
                                                : MESSAGES.text("run.title", workflow.title()),
                                        form,
                                        form.submission());
                                form.focusFirst();
                            }
                        });
        HistoryView history = new HistoryView(model.history(), model::restore);
        model.history()
                .workflowProperty()
                .subscribe(workflow -> show(workflow, "history.drawer", history, null));
        CopyView copy = new CopyView(model.copy());
        model.copy()
                .workflowProperty()
                .subscribe(workflow -> show(workflow, "copy.drawer", copy, copy.buttons()));
        CompareView comparison = new CompareView(model.compare());
        model.compare()
                .openProperty()
                .subscribe(
                        open -> {
                            if (open) {
                                drawer.show(MESSAGES.text("compare.drawer"), comparison);
                            } else {
                                drawer.hide();
                            }
                        });
        BatchView batch = new BatchView(model.batch());
        model.batch()
                .workflowProperty()
                .subscribe(workflow -> show(workflow, "batch.drawer", batch, batch.submission()));
        drawer.setOnClose(model::closeDrawer);
        // The drawer needs the room.
        editorController.giveRoom(drawer.shownProperty());
        for (TableColumn<?, ?> column :
                new TableColumn<?, ?>[] {workflowId, template, updated, actions}) {
            column.visibleProperty().bind(drawer.shownProperty().not());
        }
    }

    private void show(
            @Nullable Workflow workflow, String title, Node details, @Nullable Node below) {
        if (workflow == null) {
            drawer.hide();
        } else if (below == null) {
            drawer.show(MESSAGES.text(title, workflow.title()), details);
        } else {
            drawer.show(MESSAGES.text(title, workflow.title()), details, below);
        }
    }

    private void bindTable() {
        table.setItems(model.found());
        Rows.open(table, row -> model.open(row.workflow()));
        Columns.drawn(
                title,
                (cell, row) -> {
                    Label label = new Label(row.workflow().title());
                    label.getStyleClass().add("subtitle");
                    label.setTooltip(new Tooltip(row.workflow().title()));
                    cell.setGraphic(label);
                });
        Columns.drawn(
                workflowId,
                (cell, row) -> {
                    Label id = new Label(row.workflow().workflowId());
                    id.getStyleClass().add("mono");
                    id.setTooltip(new Tooltip(row.workflow().workflowId()));
                    cell.setGraphic(id);
                });
        Columns.text(tenant, WorkflowsViewModel.Row::tenant);
        Columns.text(
                template,
                row -> row.template() == null ? MESSAGES.text("template.none") : row.template());
        Columns.drawn(lastRun, (cell, row) -> cell.setGraphic(lastRun(row)));
        Columns.drawn(
                updated, (cell, row) -> cell.setGraphic(new TimeLabel(row.workflow().updatedAt())));
        Columns.drawn(actions, (cell, row) -> cell.setGraphic(runButton(row.workflow())));
        title.setComparator(
                Comparator.comparing(row -> row.workflow().title(), String.CASE_INSENSITIVE_ORDER));
        workflowId.setComparator(Comparator.comparing(row -> row.workflow().workflowId()));
        updated.setComparator(Comparator.comparing(row -> row.workflow().updatedAt()));
        lastRun.setSortable(false);
    }

    private static Node lastRun(WorkflowsViewModel.Row row) {
        Run last = row.lastRun();
        if (last == null) {
            Label none = new Label(row.neverRun() ? MESSAGES.text("lastRun.never") : "–");
            none.getStyleClass().add("muted");
            if (!row.neverRun()) {
                none.setTooltip(new Tooltip(MESSAGES.text("lastRun.older")));
            }
            return none;
        }
        StatusBadge badge = StatusBadge.of(last.status());
        badge.setMinWidth(HBox.USE_PREF_SIZE);
        HBox box = new HBox(8, badge, new TimeLabel(last.requestedAt()));
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }

    private Button runButton(Workflow workflow) {
        Button button = new Button(null, new FontIcon("fth-play"));
        button.getStyleClass().addAll("flat", "button-icon", "run-row");
        button.setTooltip(new Tooltip(MESSAGES.text("run")));
        button.setAccessibleText(MESSAGES.text("run.title", workflow.title()));
        button.setOnAction(event -> model.runNow(workflow));
        return button;
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
        switch (argument) {
            case OpenWorkflow wanted -> model.open(wanted);
            case OpenTrial wanted -> model.open(wanted);
            case OpenLibrary wanted -> model.openLibrary();
            case null, default -> {}
        }
    }

    @Override
    public void hidden() {
        model.stop();
    }
}
