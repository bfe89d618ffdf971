package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.Operation;
import io.amcinsights.desktop.deployment.Progress;
import io.amcinsights.desktop.deployment.StackState;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** What CloudFormation is doing, as it happens. */
final class FollowView extends VBox {

    private static final Messages MESSAGES = Messages.of(FollowView.class);

    private final InstallationViewModel model;
    private final HBox head = new HBox(12);
    private final ProgressBar bar = new ProgressBar();
    private final Label share = new Label();
    private final Label count = new Label();
    private final Label left = new Label();
    private final StackPane cause = new StackPane();
    private final Button cancel = new Button(MESSAGES.text("follow.cancel"));
    private final Parts.EventTable events = new Parts.EventTable();
    private String shownCause = "";

    FollowView(InstallationViewModel model) {
        super(16);
        this.model = model;
        head.setAlignment(Pos.CENTER_LEFT);
        bar.setMaxWidth(Double.MAX_VALUE);
        share.setId("share");
        share.getStyleClass().add("screen-title");
        count.getStyleClass().add("muted");
        left.setId("left");
        left.getStyleClass().add("muted");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        cancel.setId("cancelUpdate");
        cancel.managedProperty().bind(cancel.visibleProperty());
        HBox line = new HBox(12, share, count, left, space, cancel);
        line.setAlignment(Pos.CENTER_LEFT);
        VBox card =
                new VBox(
                        12,
                        head,
                        bar,
                        line,
                        new WrappedLabel(MESSAGES.text("follow.leave"), "muted", "small"));
        card.getStyleClass().add("card");
        cause.managedProperty().bind(cause.visibleProperty());
        cause.setVisible(false);
        VBox.setVgrow(events, Priority.ALWAYS);
        getChildren().addAll(card, cause, events);
    }

    void show(Operation.Standing standing) {
        Progress progress = standing.progress();
        Label title =
                new Label(
                        MESSAGES.text(
                                "follow." + standing.stack().state(), standing.stack().name()));
        title.getStyleClass().add("subtitle");
        HBox.setHgrow(title, Priority.ALWAYS);
        title.setMaxWidth(Double.MAX_VALUE);
        head.getChildren().setAll(title, StackBadge.of(standing.stack().state()));
        boolean known = progress.expected() > 0;
        bar.setProgress(known ? progress.share() : ProgressBar.INDETERMINATE_PROGRESS);
        share.setText(known ? MESSAGES.text("follow.share", (int) (progress.share() * 100)) : "");
        count.setText(
                known
                        ? MESSAGES.text(
                                progress.goingBack() ? "follow.back" : "follow.count",
                                progress.done(),
                                progress.expected())
                        : MESSAGES.text("follow.begin"));
        left.setText(progress.left() == null ? "" : Parts.about(progress.left()));
        cancel.setVisible(
                standing.stack().state() == StackState.UPDATING
                        && standing.stack().status().equals("UPDATE_IN_PROGRESS"));
        cancel.setOnAction(event -> model.cancelUpdate(standing.stack()));
        if (progress.cause() != null && !progress.cause().id().equals(shownCause)) {
            shownCause = progress.cause().id();
            cause.getChildren()
                    .setAll(
                            Parts.cause(
                                    MESSAGES.text(
                                            "cause.now."
                                                    + (model.isRemoval() ? "removal" : "other")),
                                    progress.cause()));
            cause.setVisible(true);
        }
        events.show(standing.events());
    }
}
