package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.deployment.Release;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters, in the groups of the template. */
final class FormView extends VBox {

    private static final Messages MESSAGES = Messages.of(FormView.class);

    FormView(InstallationViewModel model, Page.Form page) {
        super(16);
        FormViewModel form = page.fields();
        DeployedStack before = page.before();
        VBox card = new VBox(16);
        card.getStyleClass().addAll("card", "form");
        card.setMaxWidth(720);
        card.getChildren()
                .add(
                        new VBox(
                                4,
                                Parts.heading(before == null ? "form.new" : "form.update"),
                                new WrappedLabel(
                                        MESSAGES.text(
                                                before == null
                                                        ? "form.new.text"
                                                        : "form.update.text"),
                                        "muted")));
        Release release = model.release();
        if (release != null) {
            card.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text(
                                            "form.release",
                                            release.hash().substring(0, 12),
                                            release.files().size(),
                                            Format.bytes(release.size())),
                                    "muted",
                                    "small"));
        }
        if (before == null) {
            TextField name = new TextField();
            name.setId("newName");
            name.textProperty().bindBidirectional(form.nameProperty());
            Field field = new Field();
            field.setLabel(MESSAGES.text("form.name"));
            field.setHint(MESSAGES.text("form.name.hint"));
            field.getControl().add(name);
            field.messageProperty().bind(form.nameMessageProperty());
            card.getChildren().add(field);
        }
        Map<String, VBox> groups = new LinkedHashMap<>();
        VBox advanced = new VBox(16);
        for (FormViewModel.Entry entry : form.entries()) {
            VBox group =
                    entry.parameter().advanced()
                            ? advanced
                            : groups.computeIfAbsent(entry.parameter().group(), FormView::group);
            group.getChildren().add(field(entry));
        }
        card.getChildren().addAll(groups.values());
        if (!advanced.getChildren().isEmpty()) {
            TitledPane few = new TitledPane(MESSAGES.text("form.advanced"), advanced);
            few.setId("advanced");
            few.setExpanded(false);
            few.setAnimated(false);
            card.getChildren().add(few);
        }
        Node scrolled = Parts.page(card);
        VBox.setVgrow(scrolled, Priority.ALWAYS);
        getChildren().addAll(scrolled, buttons(model, before));
    }

    private static HBox buttons(InstallationViewModel model, @Nullable DeployedStack before) {
        Button plan = new Button(MESSAGES.text("form.plan"));
        plan.setId("plan");
        plan.setDefaultButton(true);
        plan.getStyleClass().add("accent");
        plan.setOnAction(event -> model.plan());
        HBox buttons = new HBox(8, plan);
        if (before != null) {
            Button cancel = new Button(MESSAGES.text("back"));
            cancel.setOnAction(event -> model.backTo(before));
            buttons.getChildren().add(cancel);
        }
        return buttons;
    }

    private static VBox group(String title) {
        VBox group = new VBox(16);
        if (!title.isEmpty()) {
            Label heading = new Label(title);
            heading.getStyleClass().add("subtitle");
            group.getChildren().add(heading);
        }
        return group;
    }

    private static Field field(FormViewModel.Entry entry) {
        Field field = new Field();
        field.setLabel(entry.parameter().label());
        // A description that only repeats the label says nothing.
        String description = entry.parameter().description();
        field.setHint(description.equals(entry.parameter().label() + ".") ? "" : description);
        field.getControl().add(control(entry));
        field.messageProperty().bind(entry.message());
        return field;
    }

    private static Node control(FormViewModel.Entry entry) {
        String id = "parameter" + entry.parameter().name();
        if (entry.parameter().allowed().isEmpty()) {
            TextField text = new TextField();
            text.setId(id);
            text.textProperty().bindBidirectional(entry.value());
            return text;
        }
        ComboBox<String> box = new ComboBox<>();
        box.setId(id);
        box.getItems().setAll(entry.parameter().allowed());
        box.valueProperty().bindBidirectional(entry.value());
        return box;
    }
}
