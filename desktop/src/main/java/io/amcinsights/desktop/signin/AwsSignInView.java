package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.AwsProfiles.AwsProfile;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.DeployedStack;
import io.amcinsights.desktop.installation.StackBadge;
import io.amcinsights.desktop.signin.AwsSignInViewModel.Connected;
import io.amcinsights.desktop.signin.KnownInstallations.Known;

import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The installations known, the choice of a profile, and what there is behind it. */
final class AwsSignInView extends VBox {

    private static final Messages MESSAGES = Messages.of(AwsSignInView.class);

    private final AwsSignInViewModel model;
    private final IdentityCenterViewModel center;
    private final VBox recent = new VBox(4);
    private final VBox place = new VBox(12);
    private final StackPane problem = new StackPane();
    private Runnable showWay = () -> {};
    private boolean centerShown;

    AwsSignInView(AwsSignInViewModel model) {
        super(16);
        this.model = model;
        center = model.center();
        VBox known = new VBox(4, heading("aws.recent"), recent);
        known.visibleProperty().bind(Bindings.isNotEmpty(model.recent()));
        known.managedProperty().bind(known.visibleProperty());
        model.recent().addListener((ListChangeListener<Known>) change -> showRecent());
        showRecent();

        problem.managedProperty().bind(problem.visibleProperty());
        model.problemProperty().subscribe(this::show);
        place.disableProperty().bind(model.busyProperty().isNotEmpty());
        recent.disableProperty().bind(model.busyProperty().isNotEmpty());
        getChildren().addAll(known, place, busy(), problem);
        model.connectedProperty().subscribe(this::show);
        center.stageProperty()
                .subscribe(
                        stage -> {
                            if (stage == IdentityCenterViewModel.Stage.WAITING) {
                                showCenter();
                            }
                        });
        center.problemProperty()
                .subscribe(
                        now -> {
                            if (now != null) {
                                showCenter();
                            }
                        });
    }

    /** Whoever signs in anew is done with what came of the last time, and with the other way. */
    private void showCenter() {
        model.disconnect();
        if (!centerShown) {
            showWay.run();
        }
    }

    private Node busy() {
        Label doing = new Label();
        doing.textProperty().bind(model.busyProperty());
        doing.setMaxWidth(Double.MAX_VALUE);
        doing.getStyleClass().addAll("muted", "small");
        HBox.setHgrow(doing, Priority.ALWAYS);
        Button cancel = new Button(MESSAGES.text("local.cancel"));
        cancel.setOnAction(event -> model.cancel());
        HBox row = new HBox(8, doing, cancel);
        row.setAlignment(Pos.CENTER_LEFT);
        ProgressBar bar = new ProgressBar();
        bar.setMaxWidth(Double.MAX_VALUE);
        VBox busy = new VBox(8, bar, row);
        busy.visibleProperty().bind(model.busyProperty().isNotEmpty());
        busy.managedProperty().bind(busy.visibleProperty());
        return busy;
    }

    private void showRecent() {
        recent.getChildren().setAll(model.recent().stream().map(this::row).toList());
    }

    private Node row(Known known) {
        Label name = new Label(known.stackName());
        name.getStyleClass().add("subtitle");
        AwsAccount.Role role = known.role();
        Label where =
                new Label(
                        role == null
                                ? MESSAGES.text(
                                        "aws.where",
                                        known.region(),
                                        String.valueOf(known.profile()))
                                : MESSAGES.text(
                                        "aws.where.center",
                                        known.region(),
                                        role.roleName(),
                                        role.accountId()));
        where.getStyleClass().addAll("muted", "small");
        VBox text = new VBox(2, name, where);
        HBox.setHgrow(text, Priority.ALWAYS);
        TimeLabel when = new TimeLabel(known.opened());
        when.getStyleClass().add("small");
        HBox content = new HBox(8, new FontIcon("fth-cloud"), text, when);
        content.setAlignment(Pos.CENTER_LEFT);
        Button open = new Button(null, content);
        open.setId("open-" + known.stackName());
        open.setAccessibleText(MESSAGES.text("aws.open.known", known.stackName()));
        open.setMaxWidth(Double.MAX_VALUE);
        open.getStyleClass().add("sign-in-known");
        open.setOnAction(event -> model.open(known));
        HBox.setHgrow(open, Priority.ALWAYS);
        Button forget = new Button(null, new FontIcon("fth-x"));
        forget.getStyleClass().addAll("flat", "button-icon");
        forget.setTooltip(new Tooltip(MESSAGES.text("aws.forget")));
        forget.setAccessibleText(MESSAGES.text("aws.forget"));
        forget.setOnAction(event -> model.forget(known));
        HBox row = new HBox(4, open, forget);
        row.setAlignment(Pos.CENTER_LEFT);
        // Content of a button is as wide as the button, not as wide as it likes.
        content.prefWidthProperty().bind(open.widthProperty().subtract(24));
        return row;
    }

    private void show(@Nullable Connected connected) {
        place.getChildren().setAll(connected == null ? choice() : found(connected));
    }

    private Node choice() {
        ToggleButton byCenter = new ToggleButton(MESSAGES.text("aws.way.center"));
        byCenter.setId("wayCenter");
        byCenter.getStyleClass().add("left-pill");
        ToggleButton byProfile = new ToggleButton(MESSAGES.text("aws.way.profile"));
        byProfile.setId("wayProfile");
        byProfile.getStyleClass().add("right-pill");
        VBox way = new VBox();
        showWay =
                () -> {
                    boolean preferred = center.preferred(model.profiles().isEmpty());
                    centerShown = preferred;
                    byCenter.setSelected(preferred);
                    byProfile.setSelected(!preferred);
                    way.getChildren()
                            .setAll(
                                    preferred
                                            ? new IdentityCenterView(center, model::connect)
                                            : profileChoice());
                };
        byCenter.setOnAction(event -> prefer(true));
        byProfile.setOnAction(event -> prefer(false));
        showWay.run();
        return new VBox(12, heading("aws.connect.title"), new HBox(byCenter, byProfile), way);
    }

    private void prefer(boolean preferred) {
        center.prefer(preferred);
        showWay.run();
    }

    private Node profileChoice() {
        if (model.profiles().isEmpty()) {
            Button again = new Button(MESSAGES.text("aws.look"), new FontIcon("fth-rotate-cw"));
            again.setOnAction(
                    event -> {
                        model.readProfiles();
                        show((Connected) null);
                    });
            return new VBox(
                    8,
                    new WrappedLabel(MESSAGES.text("aws.noProfiles", model.configFile())),
                    again);
        }
        ComboBox<@Nullable AwsProfile> profiles = new ComboBox<>();
        profiles.setId("profile");
        profiles.setMaxWidth(Double.MAX_VALUE);
        Choices.words(profiles, AwsProfile::name);
        profiles.getItems().setAll(model.profiles());
        profiles.valueProperty().bindBidirectional(model.profileProperty());
        Field profile = field("aws.profile", profiles);

        ComboBox<String> regions = new ComboBox<>();
        regions.setId("region");
        regions.setEditable(true);
        regions.setMaxWidth(Double.MAX_VALUE);
        regions.getItems().setAll(AwsProfiles.regions());
        regions.getEditor().textProperty().bindBidirectional(model.regionProperty());
        Field region = field("aws.region", regions);

        HBox fields = new HBox(12, profile, region);
        for (Field each : new Field[] {profile, region}) {
            each.setPrefWidth(10);
            HBox.setHgrow(each, Priority.ALWAYS);
        }
        Button connect = new Button(MESSAGES.text("aws.connect"));
        connect.setId("connect");
        connect.setMaxWidth(Double.MAX_VALUE);
        connect.getStyleClass().add("accent");
        connect.disableProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> !model.mayConnect(),
                                model.profileProperty(),
                                model.regionProperty()));
        connect.setOnAction(event -> model.connect());
        return new VBox(12, fields, connect);
    }

    private Node found(Connected connected) {
        Label who = new Label(connected.identity().who());
        who.setId("who");
        who.getStyleClass().add("subtitle");
        Label where =
                new Label(
                        connected.account().profile() == null
                                ? MESSAGES.text(
                                        "aws.account.center",
                                        connected.identity().accountId(),
                                        connected.account().region())
                                : MESSAGES.text(
                                        "aws.account",
                                        connected.identity().accountId(),
                                        connected.account().region(),
                                        connected.account().profile()));
        where.getStyleClass().addAll("muted", "small");
        VBox identity = new VBox(2, who, where);
        HBox.setHgrow(identity, Priority.ALWAYS);
        Hyperlink change = new Hyperlink(MESSAGES.text("aws.change"));
        change.setId("changeAccount");
        change.setMinWidth(Region.USE_PREF_SIZE);
        change.setOnAction(event -> model.disconnect());
        HBox head = new HBox(8, new FontIcon("fth-user"), identity, change);
        head.setAlignment(Pos.CENTER_LEFT);

        VBox list = new VBox(8, head);
        for (DeployedStack stack : connected.installations()) {
            list.getChildren().add(row(stack));
        }
        if (!connected.listed()) {
            list.getChildren().add(named());
        } else {
            if (connected.installations().isEmpty()) {
                list.getChildren().add(new WrappedLabel(MESSAGES.text("aws.noInstallation")));
            }
            Button deploy =
                    new Button(MESSAGES.text("aws.deploy"), new FontIcon("fth-upload-cloud"));
            deploy.setId("deployNew");
            deploy.setOnAction(event -> model.manage(null));
            if (connected.installations().isEmpty()) {
                deploy.getStyleClass().add("accent");
            }
            list.getChildren().add(deploy);
        }
        return list;
    }

    private Node row(DeployedStack stack) {
        Label name = new Label(stack.name());
        HBox.setHgrow(name, Priority.ALWAYS);
        name.setMaxWidth(Double.MAX_VALUE);
        Button open = new Button(MESSAGES.text("aws.open"));
        open.setId("open");
        boolean usable = stack.state().works() || stack.state().moving();
        open.setDisable(!stack.opens() || !usable);
        open.setOnAction(event -> model.open(stack.name()));
        if (stack.state().works()) {
            open.getStyleClass().add("accent");
        }
        Button manage = new Button(MESSAGES.text("aws.manage"));
        manage.setId("manage");
        manage.setOnAction(event -> model.manage(stack.name()));
        for (Button button : new Button[] {open, manage}) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox row = new HBox(8, name, StackBadge.of(stack.state()), open, manage);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("sign-in-found");
        return row;
    }

    private Node named() {
        TextField name = new TextField();
        name.setId("stackName");
        name.textProperty().bindBidirectional(model.stackNameProperty());
        name.setOnAction(event -> model.open(model.stackNameProperty().get()));
        HBox.setHgrow(name, Priority.ALWAYS);
        Button open = new Button(MESSAGES.text("aws.open"));
        open.setId("openNamed");
        open.getStyleClass().add("accent");
        open.disableProperty().bind(name.textProperty().isEmpty());
        open.setOnAction(event -> model.open(model.stackNameProperty().get()));
        Field field = field("aws.stackName", new HBox(8, name, open));
        field.setHint(MESSAGES.text("aws.notListed"));
        return field;
    }

    private void show(@Nullable Problem now) {
        problem.setVisible(now != null);
        problem.getChildren().clear();
        if (now != null) {
            problem.getChildren().add(new ProblemView(now, this::tryAgain));
        }
    }

    /** A sign-in that has ended is not tried again, but begun again. */
    private void tryAgain() {
        if (center.ended()) {
            center.signIn();
        } else {
            model.tryAgain();
        }
    }

    private static Field field(String key, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.getControl().add(control);
        return field;
    }

    private static Label heading(String key) {
        Label heading = new Label(MESSAGES.text(key));
        heading.getStyleClass().add("field-label");
        return heading;
    }
}
