package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.BucketPlan.Change;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Diff;
import io.amcinsights.desktop.common.DiffView;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** What is to be changed on a tenant's bucket, or what its owner deploys to let us in. */
final class BucketView extends VBox {

    private static final Messages MESSAGES = Messages.of(BucketView.class);
    private static final int TEMPLATE_ROWS = 12;

    private final BucketViewModel model;
    private final String word;
    private final @Nullable String wordWithoutChanges;
    private final VBox content = new VBox(16);
    private final HBox buttons = new HBox(8);
    private final Button back;
    private final Button go;
    private final Button again;

    /**
     * @param leave what leads back
     * @param word of the button that makes the changes
     * @param wordWithoutChanges of the same button where there are none; null for no button then
     * @param prepared called when they are made
     */
    BucketView(
            BucketViewModel model,
            Runnable leave,
            String word,
            @Nullable String wordWithoutChanges,
            Runnable prepared) {
        super(16);
        this.model = model;
        this.word = word;
        this.wordWithoutChanges = wordWithoutChanges;
        setId("bucket");
        StateView state = new StateView();
        state.stateProperty().bind(model.stateProperty());
        state.setContent(content);
        getChildren().addAll(new ProblemPlace(model.refusedProperty()), state);
        back = button("leaveBucket", MESSAGES.text("back"), leave);
        go = button("prepareBucket", word, () -> model.prepare(prepared));
        go.getStyleClass().add("accent");
        go.disableProperty().bind(model.busyProperty());
        again = button("lookAgain", MESSAGES.text("bucket.again"), model::lookAgain);
        buttons.getStyleClass().add("buttons");
        model.planProperty().subscribe(this::show);
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private static Button button(String id, String text, Runnable command) {
        Button button = new Button(text);
        button.setId(id);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(event -> command.run());
        return button;
    }

    private void show(@Nullable BucketPlan plan) {
        content.getChildren().clear();
        buttons.getChildren().setAll(back);
        if (plan == null) {
            return;
        }
        if (plan.door() != null) {
            content.getChildren().add(door(plan.door()));
            buttons.getChildren().add(again);
            return;
        }
        content.getChildren()
                .add(
                        new WrappedLabel(
                                MESSAGES.text(
                                        plan.changes().isEmpty()
                                                ? "bucket.ready"
                                                : "bucket.changes"),
                                "muted"));
        plan.changes().forEach(change -> content.getChildren().add(card(change)));
        plan.remarks().forEach(remark -> content.getChildren().add(remark(remark)));
        String ahead = plan.changes().isEmpty() ? wordWithoutChanges : word;
        if (ahead != null) {
            go.setText(ahead);
            buttons.getChildren().add(go);
        }
    }

    private static Node card(Change change) {
        WrappedLabel title =
                new WrappedLabel(
                        MESSAGES.text("bucket." + change.subject(), change.after()), "subtitle");
        VBox card = new VBox(8, title);
        card.setId("change" + change.subject());
        if (change.subject() == BucketPlan.Subject.POLICY) {
            card.getChildren()
                    .add(new DiffView(Diff.of(lines(change.before()), lines(change.after()))));
        } else {
            card.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text("bucket." + change.subject() + ".text"),
                                    "muted"));
        }
        card.getStyleClass().add("card");
        return card;
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static Node remark(String text) {
        HBox row = new HBox(8, new FontIcon(Tone.WAITING.icon()), new WrappedLabel(text));
        row.getStyleClass().addAll("marked", Tone.WAITING.styleClass());
        return row;
    }

    private Node door(BucketPlan.Door door) {
        TextArea template = new TextArea(door.template());
        template.setId("doorTemplate");
        template.setEditable(false);
        template.setPrefRowCount(TEMPLATE_ROWS);
        template.getStyleClass().add("mono-field");
        Button save = button("saveDoor", MESSAGES.text("door.save"), () -> model.save(door));
        Button copy =
                button(
                        "copyDoor",
                        MESSAGES.text("door.copy"),
                        () -> ClipboardText.copy(door.template()));
        return new VBox(
                16,
                new WrappedLabel(
                        MESSAGES.text("door.title", door.awsAccountId(), door.region()),
                        "subtitle"),
                new WrappedLabel(MESSAGES.text("door.text", door.stackName()), "muted"),
                template,
                new HBox(8, save, copy));
    }
}
