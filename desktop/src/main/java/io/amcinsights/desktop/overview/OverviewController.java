package io.amcinsights.desktop.overview;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Run;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.places.ShowRun;

import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/** The line of the product with its counts, the next step, and what is newest. */
public final class OverviewController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(OverviewController.class);
    private static final int NEWEST = 6;

    private final OverviewViewModel model;

    @FXML private StateView state;
    @FXML private Label nextTitle;
    @FXML private Label nextText;
    @FXML private Button next;
    @FXML private Button plan;
    @FXML private Button run;
    @FXML private Button load;
    @FXML private Button ask;
    @FXML private Label planCount;
    @FXML private Label planText;
    @FXML private Label runCount;
    @FXML private Label runText;
    @FXML private Label loadCount;
    @FXML private Label loadText;
    @FXML private Label askCount;
    @FXML private Label askText;
    @FXML private VBox runs;
    @FXML private VBox deliveries;

    public OverviewController(OverviewViewModel model) {
        this.model = model;
    }

    @FXML
    void initialize() {
        state.stateProperty().bind(model.stateProperty());
        plan.setOnAction(event -> model.go(Screen.WORKFLOWS, null));
        run.setOnAction(event -> model.go(Screen.PIPELINE, null));
        load.setOnAction(event -> model.go(Screen.PIPELINE, null));
        ask.setOnAction(event -> model.go(Screen.QUERIES, null));
        model.summaryProperty()
                .subscribe(
                        summary -> {
                            if (summary != null) {
                                show(summary);
                            }
                        });
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
    }

    @Override
    public void hidden() {
        model.stop();
    }

    private void show(Summary summary) {
        NextStep step = NextStep.of(summary);
        nextTitle.setText(step.title());
        nextText.setText(step.text());
        next.setText(step.action());
        next.setOnAction(event -> model.go(step.screen(), step.argument()));

        planCount.setText(Format.number(summary.workflows().size()));
        planText.setText(
                MESSAGES.text("plan.text", summary.workflows().size(), summary.enabledSchedules()));
        runCount.setText(Format.number(summary.runs(Run.Status.SUCCEEDED)));
        runText.setText(
                MESSAGES.text(
                        "run.text",
                        summary.runs(Run.Status.SUCCEEDED),
                        summary.unfinishedRuns(),
                        summary.runs(Run.Status.FAILED)));
        loadCount.setText(Format.number(summary.deliveries(Delivery.Status.LOADED)));
        loadText.setText(
                MESSAGES.text(
                        "load.text",
                        summary.deliveries(Delivery.Status.LOADED),
                        summary.rows(),
                        summary.deliveries(Delivery.Status.FAILED)));
        askCount.setText(Format.number(summary.datasets().size()));
        askText.setText(MESSAGES.text("ask.text", summary.datasets().size(), summary.rows()));

        list(runs, summary.runs(), "runs.none", each -> row(summary, each));
        list(deliveries, summary.deliveries(), "deliveries.none", each -> row(summary, each));
    }

    private static <T> void list(VBox box, List<T> items, String none, Function<T, Node> row) {
        if (items.isEmpty()) {
            Label label = new Label(MESSAGES.text(none));
            label.getStyleClass().add("muted");
            label.setWrapText(true);
            box.getChildren().setAll(label);
        } else {
            box.getChildren().setAll(items.stream().limit(NEWEST).map(row).toList());
        }
    }

    private Node row(Summary summary, Run each) {
        return row(
                summary.workflowTitle(each.tenantId(), each.workflowId()),
                summary.tenantName(each.tenantId()),
                StatusBadge.of(each.status()),
                new TimeLabel(each.requestedAt()),
                new ShowRun(each.runId()));
    }

    private Node row(Summary summary, Delivery each) {
        String dataset = each.dataset();
        String tenant =
                each.tenantId() == null
                        ? MESSAGES.text("tenant.none")
                        : summary.tenantName(each.tenantId());
        return row(
                dataset == null ? each.key().substring(each.key().lastIndexOf('/') + 1) : dataset,
                each.status() == Delivery.Status.LOADED
                        ? MESSAGES.text("deliveries.rows", tenant, each.rows())
                        : tenant,
                StatusBadge.of(each.status()),
                new TimeLabel(each.seenAt()),
                each.runId() == null ? null : new ShowRun(each.runId()));
    }

    private Node row(
            String title,
            String text,
            StatusBadge badge,
            TimeLabel time,
            @Nullable Object argument) {
        Label first = new Label(title);
        Label second = new Label(text);
        second.getStyleClass().addAll("muted", "small");
        VBox words = new VBox(first, second);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        badge.setMinWidth(HBox.USE_PREF_SIZE);
        time.setMinWidth(80);
        time.setAlignment(Pos.CENTER_RIGHT);
        HBox line = new HBox(12, words, badge, time);
        line.setAlignment(Pos.CENTER_LEFT);
        Button row = new Button(null, line);
        line.prefWidthProperty().bind(row.widthProperty().subtract(16));
        row.setMaxWidth(Double.MAX_VALUE);
        row.getStyleClass().add("newest-row");
        row.setAccessibleText("%s, %s, %s".formatted(title, text, badge.getText()));
        row.setOnAction(event -> model.go(Screen.PIPELINE, argument));
        return row;
    }
}
