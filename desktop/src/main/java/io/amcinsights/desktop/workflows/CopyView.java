package io.amcinsights.desktop.workflows;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** The choice of tenants that a workflow is copied to, in the drawer. */
final class CopyView extends VBox {

    private static final Messages MESSAGES = Messages.of(CopyView.class);

    private final VBox targets = new VBox(12);
    private final HBox buttons = new HBox(8);

    CopyView(CopyViewModel model) {
        super(16);
        setId("copyTo");
        CheckBox replace = new CheckBox(MESSAGES.text("copy.replace"));
        replace.setId("replace");
        replace.setWrapText(true);
        replace.selectedProperty().bindBidirectional(model.replaceProperty());
        Label text = new WrappedLabel(MESSAGES.text("copy.text"));
        getChildren().addAll(text, new ProblemPlace(model.problemProperty()), targets, replace);
        Button go = new Button(MESSAGES.text("copy.do"));
        go.setId("doCopy");
        go.getStyleClass().add("accent");
        go.disableProperty().bind(model.busyProperty());
        go.setOnAction(event -> model.copy());
        buttons.getStyleClass().add("buttons");
        buttons.getChildren().add(go);
        model.targets()
                .subscribe(
                        () ->
                                targets.getChildren()
                                        .setAll(
                                                model.targets().isEmpty()
                                                        ? List.of(none())
                                                        : model.targets().stream()
                                                                .map(CopyView::row)
                                                                .toList()));
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private static Node none() {
        Label none = new Label(MESSAGES.text("copy.none"));
        none.getStyleClass().add("muted");
        none.setWrapText(true);
        return none;
    }

    private static Node row(CopyViewModel.Target target) {
        CheckBox chosen = new CheckBox(target.tenant().name());
        chosen.setId("to-" + target.tenant().tenantId());
        chosen.selectedProperty().bindBidirectional(target.chosen());
        chosen.disableProperty().bind(target.done());
        FontIcon done = new FontIcon(Tone.SUCCEEDED.icon());
        done.visibleProperty().bind(target.done());
        HBox line = new HBox(8, chosen, done);
        line.setAlignment(Pos.CENTER_LEFT);
        return new VBox(8, line, new ProblemPlace(target.problem()));
    }
}
