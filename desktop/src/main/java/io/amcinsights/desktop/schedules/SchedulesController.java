package io.amcinsights.desktop.schedules;

import atlantafx.base.controls.ToggleSwitch;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Columns;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.places.NewSchedule;

import javafx.beans.binding.Bindings;
import javafx.collections.SetChangeListener;
import javafx.event.Event;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The list of schedules, and the drawer where one is edited. */
public final class SchedulesController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(SchedulesController.class);
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ENGLISH);

    private final SchedulesViewModel model;

    @FXML private Button create;
    @FXML private TextField search;
    @FXML private ComboBox<@Nullable Tenant> tenantFilter;
    @FXML private ComboBox<@Nullable Boolean> enabledFilter;
    @FXML private Label refreshProblem;
    @FXML private Label count;
    @FXML private StateView state;
    @FXML private TableView<ScheduleRow> table;
    @FXML private TableColumn<ScheduleRow, ScheduleRow> name;
    @FXML private TableColumn<ScheduleRow, String> workflow;
    @FXML private TableColumn<ScheduleRow, String> tenant;
    @FXML private TableColumn<ScheduleRow, ScheduleRow> rule;
    @FXML private TableColumn<ScheduleRow, ScheduleRow> next;
    @FXML private TableColumn<ScheduleRow, ScheduleRow> last;
    @FXML private TableColumn<ScheduleRow, ScheduleRow> enabled;
    @FXML private Drawer drawer;

    public SchedulesController(SchedulesViewModel model) {
        this.model = model;
    }

    @FXML
    void initialize() {
        create.setOnAction(event -> model.beginNew());
        search.textProperty().bindBidirectional(model.searchProperty());
        Choices.follow(tenantFilter, model.tenants());
        Choices.bind(
                tenantFilter, model.tenantProperty(), Tenant::name, MESSAGES.text("filter.tenant"));
        Choices.offer(enabledFilter, List.of(true, false));
        Choices.bind(
                enabledFilter,
                model.enabledProperty(),
                on -> MESSAGES.text(on ? "filter.on" : "filter.off"),
                MESSAGES.text("filter.enabled"));
        model.refreshProblemProperty()
                .subscribe(
                        problem -> {
                            refreshProblem.setText(
                                    problem == null
                                            ? ""
                                            : MESSAGES.text("refreshFailed", problem.message()));
                            refreshProblem.setVisible(problem != null);
                        });
        refreshProblem.managedProperty().bind(refreshProblem.visibleProperty());
        count.textProperty().bind(Bindings.createStringBinding(model::count, model.found()));
        state.stateProperty().bind(model.stateProperty());
        bindTable();
        bindDrawer();
    }

    private void bindTable() {
        table.setItems(model.found());
        Columns.drawn(
                name,
                (cell, row) -> {
                    Label label = new Label(row.schedule().name());
                    label.getStyleClass().add("subtitle");
                    cell.setGraphic(label);
                    cell.setTooltip(new Tooltip(row.schedule().name()));
                });
        Columns.text(workflow, ScheduleRow::workflow);
        Columns.text(tenant, ScheduleRow::tenant);
        Columns.drawn(rule, SchedulesController::drawRule);
        Columns.drawn(next, SchedulesController::drawNext);
        Columns.drawn(last, this::drawLast);
        Columns.drawn(enabled, this::drawSwitch);
        table.setRowFactory(
                any -> {
                    TableRow<ScheduleRow> row = new TableRow<>();
                    row.getStyleClass().add("opens");
                    row.setOnMouseClicked(
                            event -> {
                                if (!row.isEmpty() && event.getButton() == MouseButton.PRIMARY) {
                                    model.open(row.getItem().schedule());
                                    selectOpen();
                                }
                            });
                    return row;
                });
        table.setOnKeyPressed(
                event -> {
                    ScheduleRow chosen = table.getSelectionModel().getSelectedItem();
                    if (event.getCode() == KeyCode.ENTER && chosen != null) {
                        model.open(chosen.schedule());
                        selectOpen();
                        event.consume();
                    }
                });
        model.found().subscribe(this::selectOpen);
        model.switching().addListener((SetChangeListener<String>) change -> table.refresh());
        // The drawer says these, and the others need their room.
        for (TableColumn<ScheduleRow, ?> column : List.of(workflow, tenant, rule)) {
            column.visibleProperty().bind(drawer.shownProperty().not());
        }
    }

    private static void drawRule(TableCell<ScheduleRow, ScheduleRow> cell, ScheduleRow row) {
        Schedule schedule = row.schedule();
        HBox box = new HBox(8, new Label(row.rule()));
        box.setAlignment(Pos.CENTER_LEFT);
        ZoneId zoneId = ZoneId.of(schedule.zone());
        if (!zoneId.getRules().equals(ZoneId.systemDefault().getRules())) {
            // Its name is long, and on hover.
            FontIcon globe = new FontIcon("fth-globe");
            globe.getStyleClass().add("other-zone");
            box.getChildren().add(globe);
        }
        cell.setGraphic(box);
        cell.setTooltip(
                new Tooltip(
                        "%s\n%s, %s"
                                .formatted(row.rule(), schedule.expression(), schedule.zone())));
    }

    private static void drawNext(TableCell<ScheduleRow, ScheduleRow> cell, ScheduleRow row) {
        ZonedDateTime time = row.next();
        if (time == null) {
            Label none =
                    new Label(MESSAGES.text(row.schedule().enabled() ? "next.none" : "paused"));
            none.getStyleClass().add("muted");
            cell.setGraphic(none);
            return;
        }
        cell.setText(WHEN.format(time.withZoneSameInstant(ZoneId.systemDefault())));
        cell.setTooltip(
                new Tooltip(
                        "%s\n%s"
                                .formatted(
                                        Format.relative(time.toInstant(), Instant.now()),
                                        RuleView.inLocalAndUtc(time))));
    }

    private void drawLast(TableCell<ScheduleRow, ScheduleRow> cell, ScheduleRow row) {
        Run run = row.lastRun();
        if (run == null) {
            Label none = new Label(MESSAGES.text("last.none"));
            none.getStyleClass().add("muted");
            cell.setGraphic(none);
            return;
        }
        Button show = new Button(null, StatusBadge.of(run.status()));
        show.getStyleClass().addAll("flat", "last-run");
        show.setTooltip(new Tooltip(MESSAGES.text("last.show")));
        show.setAccessibleText(MESSAGES.text("last.show.of", row.schedule().name()));
        show.setOnAction(event -> model.showRun(row));
        show.addEventHandler(MouseEvent.MOUSE_CLICKED, Event::consume);
        HBox box = new HBox(8, show, new TimeLabel(run.requestedAt()));
        box.setAlignment(Pos.CENTER_LEFT);
        cell.setGraphic(box);
    }

    private void drawSwitch(TableCell<ScheduleRow, ScheduleRow> cell, ScheduleRow row) {
        Schedule schedule = row.schedule();
        ToggleSwitch toggle = new ToggleSwitch();
        toggle.setId("switch-" + schedule.scheduleId());
        toggle.setSelected(schedule.enabled());
        toggle.setDisable(model.switching().contains(schedule.scheduleId()));
        String what = MESSAGES.text(schedule.enabled() ? "switch.pause" : "switch.resume");
        toggle.setTooltip(new Tooltip(what));
        toggle.setAccessibleText(what + ": " + schedule.name());
        toggle.selectedProperty()
                .addListener((property, was, now) -> model.setEnabled(schedule, now));
        toggle.addEventHandler(MouseEvent.MOUSE_CLICKED, Event::consume);
        cell.setGraphic(toggle);
    }

    private void bindDrawer() {
        model.editorProperty().subscribe(this::show);
        drawer.setMayClose(model::leave);
        drawer.setOnClose(
                () -> {
                    model.closed();
                    table.getSelectionModel().clearSelection();
                });
    }

    private void show(@Nullable ScheduleEditorViewModel editor) {
        if (editor == null) {
            drawer.hide();
            return;
        }
        ScheduleEditorView view = new ScheduleEditorView(editor, drawer::reveal);
        drawer.show("", view, view.buttons());
        editor.savedProperty()
                .subscribe(saved -> drawer.rename(MESSAGES.text(saved == null ? "new" : "edit")));
        selectOpen();
    }

    /** The row of the open schedule is the selected one, whatever was clicked. */
    private void selectOpen() {
        ScheduleEditorViewModel editor = model.editorProperty().get();
        if (editor == null) {
            return;
        }
        ScheduleRow open =
                model.found().stream()
                        .filter(row -> editor.edits(row.schedule()))
                        .findFirst()
                        .orElse(null);
        if (open == null) {
            table.getSelectionModel().clearSelection();
        } else {
            table.getSelectionModel().select(open);
        }
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
        if (argument instanceof NewSchedule wanted) {
            model.beginNew(wanted);
        }
    }

    @Override
    public void hidden() {
        model.stop();
    }
}
