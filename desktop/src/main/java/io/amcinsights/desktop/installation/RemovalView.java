package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.Losses;
import io.amcinsights.desktop.deployment.Removal;
import io.amcinsights.desktop.deployment.Stacks;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import java.util.Comparator;
import java.util.List;

/** What a removal takes and leaves, and what was changed by hand. */
final class RemovalView {

    private static final Messages MESSAGES = Messages.of(RemovalView.class);

    private RemovalView() {}

    static Node removing(InstallationViewModel model, Page.Removing page) {
        Removal removal = page.removal();
        VBox head =
                new VBox(
                        8,
                        Parts.heading("removal.title"),
                        new WrappedLabel(
                                MESSAGES.text(
                                        "removal.text",
                                        removal.goes().size(),
                                        removal.stays().size())));
        head.getStyleClass().add("card");
        if (page.stack().isProtected()) {
            head.getChildren()
                    .add(
                            Parts.marked(
                                    Tone.WAITING,
                                    new WrappedLabel(MESSAGES.text("removal.protected"))));
        }
        Button remove = new Button(MESSAGES.text("remove.action"));
        remove.setId("remove");
        remove.getStyleClass().add("danger");
        remove.setOnAction(
                event ->
                        model.remove(
                                page.stack(),
                                removal.goes().size() + removal.stays().size(),
                                List.of()));
        Button back = new Button(MESSAGES.text("back"));
        back.setOnAction(event -> model.backTo(page.stack()));
        head.getChildren().add(new HBox(8, remove, back));

        VBox stays = new VBox(8);
        for (Stacks.Existing each : removal.stays()) {
            stays.getChildren().add(Parts.marked(Tone.SUCCEEDED, Parts.resource(each, null)));
        }
        VBox goes = new VBox(8);
        // What holds something comes first.
        removal.goes().stream()
                .sorted(
                        Comparator.comparing(
                                (Stacks.Existing each) -> Losses.of(each.type()).isEmpty()))
                .forEach(
                        each -> {
                            String lost = Losses.of(each.type());
                            goes.getChildren()
                                    .add(
                                            Parts.marked(
                                                    lost.isEmpty() ? Tone.CANCELLED : Tone.FAILED,
                                                    Parts.resource(
                                                            each,
                                                            lost.isEmpty()
                                                                    ? null
                                                                    : MESSAGES.text(
                                                                            "removal.lost",
                                                                            lost))));
                        });
        return Parts.page(
                head,
                pane("stays", MESSAGES.text("removal.stays", removal.stays().size()), stays),
                pane("goes", MESSAGES.text("removal.goes", removal.goes().size()), goes));
    }

    static Node removed(InstallationViewModel model, Page.Removed page) {
        VBox card =
                new VBox(
                        12,
                        Parts.marked(
                                Tone.SUCCEEDED,
                                new WrappedLabel(
                                        MESSAGES.text("removed.title", page.stack().name()),
                                        "subtitle")));
        card.setId("removed");
        card.getStyleClass().add("card");
        if (page.left().isEmpty()) {
            card.getChildren().add(new WrappedLabel(MESSAGES.text("removed.nothing")));
        } else {
            card.getChildren().add(new WrappedLabel(MESSAGES.text("removed.left")));
            for (Stacks.Existing each : page.left()) {
                card.getChildren()
                        .add(
                                Parts.marked(
                                        Tone.WAITING,
                                        Parts.resource(each, Removal.howToDelete(each))));
            }
        }
        Button again = new Button(MESSAGES.text("removed.again"));
        again.setId("deployAgain");
        again.setOnAction(event -> model.deployAgain(page.stack()));
        Button signIn = new Button(MESSAGES.text("removed.signIn"));
        signIn.getStyleClass().add("accent");
        signIn.setOnAction(event -> model.signIn());
        card.getChildren().add(new HBox(8, signIn, again));
        return Parts.page(card);
    }

    static Node drift(InstallationViewModel model, Page.Drift page) {
        boolean none = page.found().isEmpty();
        VBox card =
                new VBox(
                        12,
                        Parts.marked(
                                none ? Tone.SUCCEEDED : Tone.WAITING,
                                new WrappedLabel(
                                        MESSAGES.text(
                                                none ? "drift.none" : "drift.some",
                                                page.found().size()),
                                        "subtitle")));
        card.setId("drift");
        card.getStyleClass().add("card");
        if (!none) {
            card.getChildren().add(new WrappedLabel(MESSAGES.text("drift.text"), "muted"));
        }
        for (Stacks.Drifted each : page.found()) {
            card.getChildren()
                    .add(
                            Parts.marked(
                                    each.deleted() ? Tone.FAILED : Tone.WAITING,
                                    Parts.resource(
                                            each.resource(),
                                            each.type(),
                                            each.physicalId(),
                                            each.deleted()
                                                    ? MESSAGES.text("drift.deleted")
                                                    : MESSAGES.text(
                                                            "drift.changed",
                                                            String.join(
                                                                    ", ", each.properties())))));
        }
        Button back = new Button(MESSAGES.text("back"));
        back.setId("backToStack");
        back.setOnAction(event -> model.backTo(page.stack()));
        card.getChildren().add(new HBox(8, back));
        return Parts.page(card);
    }

    private static TitledPane pane(String id, String title, VBox rows) {
        TitledPane pane = new TitledPane(title, rows);
        pane.setId(id);
        pane.setAnimated(false);
        return pane;
    }
}
