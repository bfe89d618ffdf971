package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Batch;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.WorkflowRequest.Capacity;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.Rows;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.places.ShowDataset;
import io.amcinsights.desktop.places.ShowDelivery;
import io.amcinsights.desktop.places.ShowRun;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pipeline: four lists, and the page of what is chosen in them. */
public final class PipelineController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(PipelineController.class);

    /** Stands for the file among the stages. */
    private static final String FILE = "file";

    private final PipelineViewModel model;
    private final DetailViewModel details;
    private final ExecutionViewModel execution;
    private final DatasetsViewModel datasets;
    private final ReadersViewModel readers;
    private final DropsViewModel drops;
    private final Toasts toasts;

    @FXML private VBox list;
    @FXML private Label updated;
    @FXML private Button refresh;
    @FXML private ComboBox<@Nullable Tenant> runTenant;
    @FXML private ComboBox<Run.@Nullable Status> runStatus;
    @FXML private TextField runText;
    @FXML private StateView runsState;
    @FXML private TableView<PipelineViewModel.RunRow> runs;
    @FXML private Hyperlink olderRuns;
    @FXML private ComboBox<@Nullable Tenant> deliveryTenant;
    @FXML private ComboBox<Delivery.@Nullable Status> deliveryStatus;
    @FXML private TextField deliveryText;
    @FXML private StateView deliveriesState;
    @FXML private TableView<PipelineViewModel.DeliveryRow> deliveries;
    @FXML private Hyperlink olderDeliveries;
    @FXML private TabPane lists;
    @FXML private Tab datasetsTab;
    @FXML private StackPane datasetsPlace;
    @FXML private TextField onboardingText;
    @FXML private StateView onboardingsState;
    @FXML private TableView<Tenant> onboardings;

    @FXML private VBox page;
    @FXML private Hyperlink back;
    @FXML private Label pageTitle;
    @FXML private StackPane pageState;
    @FXML private Button query;
    @FXML private Button cancel;
    @FXML private HBox batch;
    @FXML private Label batchText;
    @FXML private ProgressBar batchProgress;
    @FXML private Button cancelBatch;
    @FXML private Button resumeBatch;
    @FXML private Button runAgain;
    @FXML private Button loadAgain;
    @FXML private Button goToTenant;
    @FXML private Button openWorkflow;
    @FXML private Button redrive;
    @FXML private StackPane problem;
    @FXML private HBox stations;
    @FXML private FlowPane facts;
    @FXML private Label remark;
    @FXML private HBox stages;
    @FXML private StackPane executionPlace;
    @FXML private Button loadFailed;
    private Node executionView = new StackPane();
    private Node fileView = new StackPane();

    private @Nullable String stage;

    public PipelineController(
            PipelineViewModel model,
            DetailViewModel details,
            ExecutionViewModel execution,
            DatasetsViewModel datasets,
            ReadersViewModel readers,
            DropsViewModel drops,
            Toasts toasts) {
        this.model = model;
        this.details = details;
        this.execution = execution;
        this.datasets = datasets;
        this.readers = readers;
        this.drops = drops;
        this.toasts = toasts;
    }

    @FXML
    void initialize() {
        bindList();
        bindPage();
        showDatasets();
        datasetsTab.selectedProperty().subscribe(this::refreshDatasets);
        model.refreshedAtProperty().subscribe(this::refreshDatasets);
    }

    /** The list of datasets, or in its place the campaign report or a transformation. */
    private void showDatasets() {
        ReportViewModel report = datasets.report();
        DatasetsView list = new DatasetsView(datasets, readers, drops, model.tenants());
        TransformationViewModel transformation = datasets.transformation();
        list.visibleProperty()
                .bind(report.shownProperty().or(transformation.shownProperty()).not());
        ReportView reportView = new ReportView(report);
        reportView.visibleProperty().bind(report.shownProperty());
        TransformationView transformationView = new TransformationView(transformation);
        transformationView.visibleProperty().bind(transformation.shownProperty());
        datasetsPlace.getChildren().setAll(list, reportView, transformationView);
    }

    private void refreshDatasets() {
        if (datasetsTab.isSelected()) {
            datasets.refresh();
            datasets.report().refresh();
        }
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
        if (argument instanceof ShowRun run) {
            details.openRun(run.runId());
        }
        if (argument instanceof ShowDelivery delivery) {
            details.openDelivery(delivery.deliveryId());
        }
        if (argument instanceof ShowDataset dataset) {
            details.close();
            datasets.report().hide();
            datasets.transformation().hide();
            lists.getSelectionModel().select(datasetsTab);
            datasets.open(dataset.name());
        }
        if (details.detailProperty().get() != null) {
            execution.follow();
        }
    }

    @Override
    public void hidden() {
        model.stop();
        execution.stop();
    }

    private void bindList() {
        refresh.setOnAction(event -> model.refresh());
        model.refreshedAtProperty().subscribe(this::showFreshness);
        model.refreshProblemProperty().subscribe(this::showFreshness);
        for (ComboBox<@Nullable Tenant> box : List.of(runTenant, deliveryTenant)) {
            Choices.follow(box, model.tenants());
            Choices.bind(box, model.tenantProperty(), Tenant::name, MESSAGES.text("filter.tenant"));
        }
        Choices.offer(runStatus, Arrays.asList(Run.Status.values()));
        Choices.bind(
                runStatus,
                model.runStatusProperty(),
                status -> MESSAGES.text("run." + status),
                MESSAGES.text("filter.state"));
        Choices.offer(deliveryStatus, Arrays.asList(Delivery.Status.values()));
        Choices.bind(
                deliveryStatus,
                model.deliveryStatusProperty(),
                status -> MESSAGES.text("delivery." + status),
                MESSAGES.text("filter.state"));
        for (TextField field : List.of(runText, deliveryText, onboardingText)) {
            field.textProperty().bindBidirectional(model.textProperty());
        }
        runsState.stateProperty().bind(model.runsStateProperty());
        deliveriesState.stateProperty().bind(model.deliveriesStateProperty());
        onboardingsState.stateProperty().bind(model.onboardingsStateProperty());
        olderRuns.visibleProperty().bind(model.moreRunsProperty());
        olderRuns.managedProperty().bind(model.moreRunsProperty());
        olderRuns.setOnAction(event -> model.showOlderRuns());
        olderDeliveries.visibleProperty().bind(model.moreDeliveriesProperty());
        olderDeliveries.managedProperty().bind(model.moreDeliveriesProperty());
        olderDeliveries.setOnAction(event -> model.showOlderDeliveries());
        Tables.runs(runs);
        runs.setItems(model.runs());
        Rows.open(runs, row -> details.openRun(row.run().runId()));
        Tables.deliveries(deliveries);
        deliveries.setItems(model.deliveries());
        Rows.open(deliveries, row -> details.openDelivery(row.delivery().deliveryId()));
        Tables.onboardings(onboardings);
        onboardings.setItems(model.onboardings());
        Rows.open(onboardings, tenant -> details.openOnboarding(tenant.tenantId()));
    }

    private void showFreshness() {
        Instant at = model.refreshedAtProperty().get();
        updated.setText(
                at == null
                        ? ""
                        : MESSAGES.text(
                                model.refreshProblemProperty().get() == null
                                        ? "updated"
                                        : "updatedLate",
                                Format.relative(at, Instant.now())));
    }

    private void bindPage() {
        executionView = new ExecutionView(execution);
        fileView = new FileView(details);
        executionPlace.getChildren().setAll(executionView, fileView);
        back.setOnAction(event -> details.close());
        page.addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        details.close();
                        event.consume();
                    }
                });
        query.setOnAction(event -> details.queryDataset());
        cancel.setOnAction(event -> details.cancel());
        runAgain.setOnAction(event -> details.runAgain());
        loadAgain.setOnAction(event -> details.loadAgain());
        goToTenant.setOnAction(event -> details.goToTenant());
        openWorkflow.setOnAction(event -> details.openWorkflow());
        redrive.setOnAction(event -> execution.redrive());
        loadFailed.setOnAction(event -> model.loadFailed());
        model.failedDeliveriesProperty()
                .subscribe(
                        failed -> {
                            loadFailed.setText(MESSAGES.text("loadFailed", failed));
                            shows(loadFailed, failed.intValue() > 0);
                        });
        redrive.setTooltip(new Tooltip(MESSAGES.text("redrive.hint")));
        for (Button button : List.of(cancel, runAgain, loadAgain, cancelBatch, resumeBatch)) {
            button.disableProperty().bind(details.busyProperty());
        }
        redrive.visibleProperty().bind(execution.redrivableProperty());
        redrive.managedProperty().bind(execution.redrivableProperty());
        cancelBatch.setOnAction(event -> details.cancelBatch());
        resumeBatch.setOnAction(event -> details.resumeBatch());
        details.batchProperty().subscribe(this::showBatch);
        details.capacityProperty().subscribe(now -> showRemark());
        details.detailProperty().subscribe(this::show);
        details.refusedProperty().subscribe(() -> showProblem(details.detailProperty().get()));
        execution.refusedProperty().subscribe(() -> showProblem(details.detailProperty().get()));
    }

    private void showBatch(@Nullable Batch now) {
        shows(batch, now != null);
        if (now == null) {
            return;
        }
        long refused = now.parts().stream().filter(p -> p.run() == null).count();
        batchText.setText(
                MESSAGES.text(
                        "batch.text",
                        now.parts().size(),
                        now.count(Run.Status.SUCCEEDED),
                        now.count(Run.Status.RUNNING),
                        now.count(Run.Status.QUEUED),
                        now.count(Run.Status.FAILED) + refused,
                        now.count(Run.Status.CANCELLED)));
        batchProgress.setProgress(
                (double)
                                (now.parts().size()
                                        - now.count(Run.Status.RUNNING)
                                        - now.count(Run.Status.QUEUED))
                        / now.parts().size());
        shows(cancelBatch, !now.hasEnded());
        shows(resumeBatch, now.parts().stream().anyMatch(Batch.Part::isOpen));
    }

    private void show(@Nullable Detail detail) {
        boolean open = detail != null;
        boolean opening = open && !page.isVisible();
        list.setVisible(!open);
        page.setVisible(open);
        if (detail == null) {
            execution.stop();
            stage = null;
            return;
        }
        pageTitle.setText(detail.title());
        pageState.getChildren().setAll(new StatusBadge(detail.tone(), detail.state()));
        shows(query, detail.dataset() != null);
        shows(cancel, details.canCancel());
        shows(runAgain, details.canRunAgain());
        shows(loadAgain, details.canLoadAgain());
        shows(goToTenant, details.canGoToTenant());
        shows(openWorkflow, details.canOpenWorkflow());
        openWorkflow.setText(MESSAGES.text(details.isAdHoc() ? "openQuery" : "openWorkflow"));
        showProblem(detail);
        stations.getChildren().setAll(StationLine.of(detail.stations()));
        shows(stations, !detail.stations().isEmpty());
        facts.getChildren().setAll(detail.facts().stream().map(this::fact).toList());
        showRemark();
        showStages(detail);
        if (opening) {
            back.requestFocus();
        }
    }

    private void showRemark() {
        Detail detail = details.detailProperty().get();
        Capacity capacity = details.capacityProperty().get();
        String text =
                capacity != null
                        ? MESSAGES.text(
                                "capacity", capacity.taken(), capacity.places(), capacity.waiting())
                        : detail == null ? null : detail.remark();
        remark.setText(text == null ? "" : text);
        remark.getStyleClass().remove("mono");
        if (capacity == null && details.isAdHoc()) {
            remark.getStyleClass().add("mono");
        }
        shows(remark, text != null);
    }

    private void showProblem(@Nullable Detail detail) {
        Problem shown =
                details.refusedProperty().get() != null
                        ? details.refusedProperty().get()
                        : execution.refusedProperty().get() != null
                                ? execution.refusedProperty().get()
                                : detail == null ? null : detail.problem();
        if (shown == null) {
            problem.getChildren().clear();
        } else {
            problem.getChildren().setAll(new ProblemView(shown, null));
        }
        shows(problem, shown != null);
    }

    /** The newest execution is shown unless another one, or the file, was chosen. */
    private void showStages(Detail detail) {
        List<Detail.Stage> executions = detail.executions();
        List<Detail.Stage> all = new ArrayList<>(executions);
        if (details.hasFile()) {
            all.add(new Detail.Stage(MESSAGES.text("stage.file"), FILE));
        }
        if (all.stream().noneMatch(s -> s.execution().equals(stage))) {
            stage = null;
        }
        String chosen =
                stage != null
                        ? stage
                        : executions.isEmpty() ? null : executions.getLast().execution();
        stages.getChildren().setAll(all.stream().map(s -> stageButton(s, all, chosen)).toList());
        shows(stages, !all.isEmpty());
        if (chosen == null) {
            execution.showNone(detail.awaitsExecution());
            showFile(false);
        } else {
            showStage(chosen);
        }
    }

    private void showStage(String chosen) {
        boolean isFile = chosen.equals(FILE);
        showFile(isFile);
        if (isFile) {
            execution.stop();
            details.readFile();
        } else {
            execution.show(chosen);
        }
    }

    private void showFile(boolean shown) {
        shows(fileView, shown);
        shows(executionView, !shown);
    }

    private ToggleButton stageButton(
            Detail.Stage of, List<Detail.Stage> all, @Nullable String chosen) {
        ToggleButton button = new ToggleButton(of.name());
        if (of.execution().equals(FILE)) {
            button.setId("stageFile");
        }
        if (all.size() > 1) {
            button.getStyleClass()
                    .add(
                            of.equals(all.getFirst())
                                    ? "left-pill"
                                    : of.equals(all.getLast()) ? "right-pill" : "center-pill");
        }
        button.setSelected(of.execution().equals(chosen));
        button.setOnAction(
                event -> {
                    stage = of.execution();
                    stages.getChildren()
                            .forEach(
                                    child ->
                                            ((ToggleButton) child)
                                                    .setSelected(child.equals(button)));
                    showStage(of.execution());
                });
        return button;
    }

    private Node fact(Detail.Fact fact) {
        Label name = new Label(fact.name());
        name.getStyleClass().addAll("muted", "small");
        Label value = new Label(fact.value());
        value.setMaxWidth(360);
        HBox line = new HBox(4, value);
        line.getStyleClass().add("fact-value");
        if (fact.mono()) {
            value.getStyleClass().add("mono");
            value.setTooltip(new Tooltip(fact.value()));
            Button copy = new Button(null, new FontIcon("fth-copy"));
            copy.getStyleClass().addAll("flat", "button-icon", "tiny");
            copy.setAccessibleText(MESSAGES.text("copy") + " " + fact.name());
            copy.setTooltip(new Tooltip(MESSAGES.text("copy")));
            copy.setOnAction(
                    event -> {
                        ClipboardText.copy(fact.value());
                        toasts.done(MESSAGES.text("copied"));
                    });
            line.getChildren().add(copy);
        } else {
            value.getStyleClass().add("small");
            Tooltip whole = new Tooltip(fact.value());
            whole.setWrapText(true);
            whole.setMaxWidth(480);
            value.setTooltip(whole);
        }
        return new VBox(name, line);
    }

    private static void shows(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }
}
