package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Credentials;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/** The Amazon Ads credentials in the drawer: the list, and the form that leads to Amazon's page. */
final class CredentialsView extends VBox {

    private static final Messages MESSAGES = Messages.of(CredentialsView.class);

    private final CredentialsViewModel model;
    private final ProblemPlace problem;
    private final VBox list = new VBox(16);
    private final StateView state = new StateView();
    private final VBox form;
    private final HBox buttons = new HBox(8);

    CredentialsView(CredentialsViewModel model) {
        super(16);
        this.model = model;
        setId("credentials");
        buttons.getStyleClass().add("buttons");
        state.stateProperty().bind(model.stateProperty());
        state.setContent(list);
        problem = new ProblemPlace(model.problemProperty());
        form = form();
        model.all().subscribe(this::showList);
        model.enteringProperty().subscribe(entering -> showPage());
        model.waitingProperty().subscribe(waiting -> showPage());
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private void showPage() {
        boolean waiting = model.waitingProperty().get();
        if (!model.enteringProperty().get()) {
            getChildren()
                    .setAll(new WrappedLabel(MESSAGES.text("credentials.text")), problem, state);
            buttons.getChildren().setAll(accent("add", "credentials.add", model::add));
            return;
        }
        form.setDisable(waiting);
        getChildren().setAll(problem, form);
        if (waiting) {
            ProgressIndicator progress = new ProgressIndicator();
            progress.setPrefSize(24, 24);
            HBox line =
                    new HBox(12, progress, new WrappedLabel(MESSAGES.text("credentials.waiting")));
            line.setAlignment(Pos.CENTER_LEFT);
            getChildren().add(line);
            buttons.getChildren()
                    .setAll(button("stopSignIn", "credentials.stop", model::stopWaiting));
        } else {
            buttons.getChildren()
                    .setAll(
                            button("backToCredentials", "back", model::show),
                            accent("signIn", "credentials.signIn", model::signIn));
        }
    }

    private void showList() {
        list.getChildren().setAll(model.all().stream().map(this::card).toList());
    }

    private Node card(Credentials credentials) {
        Label label = new Label(credentials.label());
        label.getStyleClass().add("subtitle");
        VBox card =
                new VBox(
                        8,
                        label,
                        muted(
                                credentials.clientId().isEmpty()
                                        ? MESSAGES.text("credentials.notSetUp")
                                        : MESSAGES.text(
                                                "credentials.facts",
                                                credentials.region().title(),
                                                credentials.clientId())),
                        muted(
                                credentials.tenants().isEmpty()
                                        ? MESSAGES.text("credentials.unused")
                                        : MESSAGES.text(
                                                "credentials.tenants",
                                                String.join(", ", credentials.tenants()))));
        if (credentials.authorizedAt() != null) {
            card.getChildren()
                    .add(
                            muted(
                                    MESSAGES.text(
                                            "credentials.since",
                                            Format.absolute(credentials.authorizedAt()))));
        }
        if (credentials.problem() != null) {
            card.getChildren().add(new ProblemView(Problem.of(credentials.problem()), null));
        }
        Button again =
                button(
                        "again-" + credentials.credentialsId(),
                        "credentials.again",
                        () -> model.signInAgain(credentials));
        Button delete =
                button(
                        "delete-" + credentials.credentialsId(),
                        "credentials.delete",
                        () -> model.delete(credentials));
        delete.getStyleClass().addAll("flat", "danger");
        delete.setDisable(!credentials.tenants().isEmpty());
        card.getChildren().add(new HBox(8, again, delete));
        card.getStyleClass().add("card");
        return card;
    }

    private VBox form() {
        ComboBox<@Nullable AmcRegion> region = new ComboBox<>();
        region.setId("credentialsRegion");
        region.getItems().setAll(AmcRegion.values());
        Choices.words(region, AmcRegion::title);
        region.valueProperty().bindBidirectional(model.regionProperty());
        region.setMaxWidth(Double.MAX_VALUE);
        Field where = new Field();
        where.setLabel(MESSAGES.text("credentials.region"));
        where.setHint(MESSAGES.text("credentials.region.hint"));
        where.getControl().add(region);
        TextField wayBack = new TextField(CredentialsViewModel.wayBack());
        wayBack.setEditable(false);
        wayBack.getStyleClass().add("mono-field");
        Field back = new Field();
        back.setLabel(MESSAGES.text("credentials.wayBack"));
        back.setHint(MESSAGES.text("credentials.wayBack.hint"));
        HBox.setHgrow(wayBack, Priority.ALWAYS);
        back.getControl()
                .add(
                        new HBox(
                                8,
                                wayBack,
                                button(
                                        "copyWayBack",
                                        "copy",
                                        () -> ClipboardText.copy(CredentialsViewModel.wayBack()))));
        return new VBox(
                16,
                new WrappedLabel(MESSAGES.text("credentials.form")),
                field(CredentialsViewModel.Field.LABEL, new TextField(), "credentials.label"),
                where,
                back,
                field(
                        CredentialsViewModel.Field.CLIENT_ID,
                        new TextField(),
                        "credentials.clientId"),
                field(
                        CredentialsViewModel.Field.CLIENT_SECRET,
                        new PasswordField(),
                        "credentials.clientSecret"));
    }

    private Field field(CredentialsViewModel.Field of, TextField text, String key) {
        text.setId("credentials" + of);
        text.textProperty().bindBidirectional(model.value(of));
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.setHint(MESSAGES.text(key + ".hint"));
        field.getControl().add(text);
        field.messageProperty().bind(model.message(of));
        return field;
    }

    private static Button button(String id, String key, Runnable command) {
        Button button = new Button(MESSAGES.text(key));
        button.setId(id);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(event -> command.run());
        return button;
    }

    private static Label muted(String text) {
        return new WrappedLabel(text, "muted", "small");
    }

    private static Button accent(String id, String key, Runnable command) {
        Button button = button(id, key, command);
        button.getStyleClass().add("accent");
        return button;
    }
}
