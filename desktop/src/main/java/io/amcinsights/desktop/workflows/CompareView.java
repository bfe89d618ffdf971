package io.amcinsights.desktop.workflows;

import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow.Side;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.DiffView;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/** What differs between here and AMC, in the drawer. */
final class CompareView extends VBox {

    private static final Messages MESSAGES = Messages.of(CompareView.class);

    private final CompareViewModel model;

    CompareView(CompareViewModel model) {
        super(16);
        this.model = model;
        setId("compare");
        ComboBox<@Nullable Tenant> tenant = new ComboBox<>();
        tenant.setId("compareTenant");
        tenant.setMaxWidth(Double.MAX_VALUE);
        tenant.setItems(model.tenants());
        Choices.words(tenant, Tenant::name);
        tenant.valueProperty().bindBidirectional(model.tenantProperty());
        Field field = new Field();
        field.setLabel(MESSAGES.text("compare.tenant"));
        field.getControl().add(tenant);
        Label text = new WrappedLabel(MESSAGES.text("compare.text"));
        text.getStyleClass().add("muted");
        VBox list = new VBox(16);
        StateView state = new StateView();
        state.stateProperty().bind(model.stateProperty());
        state.setContent(list);
        VBox.setVgrow(state, Priority.ALWAYS);
        getChildren().addAll(text, field, state);
        model.entries()
                .subscribe(
                        () ->
                                list.getChildren()
                                        .setAll(model.entries().stream().map(this::card).toList()));
    }

    private Node card(CompareViewModel.Entry entry) {
        String workflowId = entry.difference().workflowId();
        Workflow ours = entry.difference().ours();
        Workflow theirs = entry.difference().theirs();
        Label title = new WrappedLabel(ours == null ? workflowId : ours.title());
        title.getStyleClass().add("subtitle");
        Label where =
                new WrappedLabel(
                        MESSAGES.text(
                                ours == null
                                        ? "compare.onlyAmc"
                                        : theirs == null ? "compare.onlyHere" : "compare.differs"));
        where.getStyleClass().addAll("muted", "small");
        VBox card = new VBox(8, title, where);
        card.getStyleClass().add("card");
        if (!entry.changes().lines().isEmpty()) {
            card.getChildren().add(new DiffView(entry.changes()));
        } else if (theirs != null) {
            Label sql = new WrappedLabel(theirs.sql(), "mono", "small");
            sql.setMaxHeight(160);
            sql.setMinHeight(0);
            card.getChildren().add(sql);
        }
        HBox ways = new HBox(8);
        if (theirs != null) {
            ways.getChildren().add(way("compare.take", "take-" + workflowId, entry, Side.AMCS));
        }
        if (ours != null) {
            ways.getChildren().add(way("compare.send", "send-" + workflowId, entry, Side.OURS));
        }
        card.getChildren().addAll(new ProblemPlace(entry.problem()), ways);
        return card;
    }

    private Button way(String key, String id, CompareViewModel.Entry entry, Side keep) {
        Button button = new Button(MESSAGES.text(key));
        button.setId(id);
        button.disableProperty().bind(model.busyProperty());
        button.setOnAction(event -> model.settle(entry, keep));
        return button;
    }
}
