package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.PortalSession.Assigned;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** Where the organisation's sign-in page is, the wait for its answer, and the choice of a role. */
final class IdentityCenterView extends VBox {

    private static final Messages MESSAGES = Messages.of(IdentityCenterView.class);

    /** So many are seen at a glance. */
    private static final int FEW = 5;

    private static final double ROW = 44;

    private final IdentityCenterViewModel model;
    private final Consumer<AwsAccount> onChosen;
    private final VBox place = new VBox(12);
    private final StackPane problem = new StackPane();

    IdentityCenterView(IdentityCenterViewModel model, Consumer<AwsAccount> onChosen) {
        super(12);
        this.model = model;
        this.onChosen = onChosen;
        problem.managedProperty().bind(problem.visibleProperty());
        getChildren().addAll(place, problem);
        model.stageProperty().subscribe(this::show);
        model.problemProperty().subscribe(this::show);
    }

    private void show(IdentityCenterViewModel.Stage stage) {
        place.getChildren()
                .setAll(
                        switch (stage) {
                            case ENTERING -> entering();
                            case WAITING -> waiting();
                            case CHOOSING -> choosing();
                        });
    }

    private Node entering() {
        TextField startUrl = new TextField();
        startUrl.setId("startUrl");
        startUrl.setPromptText(MESSAGES.text("center.start.prompt"));
        startUrl.textProperty().bindBidirectional(model.startUrlProperty());
        startUrl.setOnAction(event -> model.signIn());
        Field start = field("center.start", startUrl);
        Field region = field("center.region", regions("centerRegion", model.regionProperty()));
        Button signIn = new Button(MESSAGES.text("center.signIn"), new FontIcon("fth-log-in"));
        signIn.setId("signIn");
        signIn.setMaxWidth(Double.MAX_VALUE);
        signIn.getStyleClass().add("accent");
        signIn.disableProperty()
                .bind(startUrl.textProperty().isEmpty().or(model.regionProperty().isEmpty()));
        signIn.setOnAction(event -> model.signIn());
        WrappedLabel kept = new WrappedLabel(MESSAGES.text("center.kept"));
        kept.getStyleClass().addAll("muted", "small");
        return new VBox(12, start, region, signIn, kept);
    }

    private Node waiting() {
        ProgressBar bar = new ProgressBar();
        bar.setMaxWidth(Double.MAX_VALUE);
        Hyperlink again = new Hyperlink(MESSAGES.text("center.openAgain"));
        again.setId("openAgain");
        again.setOnAction(event -> model.openAgain());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button cancel = new Button(MESSAGES.text("local.cancel"));
        cancel.setId("cancelSignIn");
        cancel.setCancelButton(true);
        cancel.setOnAction(event -> model.cancel());
        HBox ways = new HBox(8, again, gap, cancel);
        ways.setAlignment(Pos.CENTER_LEFT);
        return new VBox(8, bar, new WrappedLabel(MESSAGES.text("center.waiting")), ways);
    }

    private Node choosing() {
        Label title = new Label(MESSAGES.text("center.choose"));
        title.getStyleClass().add("field-label");
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        Hyperlink signOut = new Hyperlink(MESSAGES.text("center.signOut"));
        signOut.setId("centerSignOut");
        signOut.setOnAction(event -> model.signOut());
        HBox head = new HBox(8, title, signOut);
        head.setAlignment(Pos.CENTER_LEFT);
        if (model.roles().isEmpty()) {
            return new VBox(8, head, new WrappedLabel(MESSAGES.text("center.noRole")));
        }
        VBox choosing = new VBox(8, head);
        if (model.roles().size() > FEW) {
            choosing.getChildren().add(search());
        }
        Button go = new Button(MESSAGES.text("center.continue"));
        go.setId("continue");
        go.setMaxWidth(Double.MAX_VALUE);
        go.getStyleClass().add("accent");
        go.disableProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () ->
                                        model.roleProperty().get() == null
                                                || model.installationRegionProperty()
                                                        .get()
                                                        .isBlank(),
                                model.roleProperty(),
                                model.installationRegionProperty()));
        go.setOnAction(event -> go());
        choosing.getChildren()
                .addAll(
                        list(),
                        field(
                                "center.installationRegion",
                                regions("installationRegion", model.installationRegionProperty())),
                        go);
        return choosing;
    }

    private Node search() {
        TextField search = new TextField();
        search.setId("searchRoles");
        search.setPromptText(MESSAGES.text("center.search"));
        search.setAccessibleText(MESSAGES.text("center.search"));
        search.textProperty().bindBidirectional(model.searchProperty());
        search.setOnAction(event -> go());
        return search;
    }

    private Node list() {
        ListView<Assigned> list = new ListView<>(model.found());
        list.setId("roles");
        list.setAccessibleText(MESSAGES.text("center.choose"));
        list.setFixedCellSize(ROW);
        double height = ROW * Math.min(FEW, model.roles().size()) + 2;
        list.setMinHeight(height);
        list.setPrefHeight(height);
        list.setCellFactory(view -> new RoleCell());
        list.setPlaceholder(new Label(MESSAGES.text("center.notFound")));
        list.getSelectionModel().select(model.roleProperty().get());
        list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex()));
        list.getSelectionModel().selectedItemProperty().subscribe(model.roleProperty()::set);
        // What a search has hidden is not chosen any more; its first find is.
        model.searchProperty()
                .subscribe(
                        text -> {
                            if (!text.isEmpty()) {
                                list.getSelectionModel().selectFirst();
                            }
                        });
        list.setOnKeyPressed(
                event -> {
                    // Else it would press the window's default button, which is another way.
                    if (event.getCode() == KeyCode.ENTER) {
                        event.consume();
                        go();
                    }
                });
        list.setOnMouseClicked(
                event -> {
                    if (event.getClickCount() == 2) {
                        go();
                    }
                });
        return list;
    }

    private void go() {
        AwsAccount account = model.account();
        if (account != null) {
            onChosen.accept(account);
        }
    }

    /** The account's name and number, and the role in it. */
    private static final class RoleCell extends ListCell<Assigned> {

        private final Label account = new Label();
        private final Label number = new Label();
        private final Label role = new Label();
        private final HBox content;

        RoleCell() {
            number.getStyleClass().addAll("muted", "small", "mono");
            account.setMinWidth(0);
            VBox where = new VBox(account, number);
            where.setMinWidth(0);
            where.setAlignment(Pos.CENTER_LEFT);
            HBox.setHgrow(where, Priority.ALWAYS);
            role.setMinWidth(Region.USE_PREF_SIZE);
            content = new HBox(12, where, role);
            content.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable Assigned assigned, boolean empty) {
            super.updateItem(assigned, empty);
            setGraphic(assigned == null ? null : content);
            if (assigned != null) {
                account.setText(assigned.accountName());
                number.setText(assigned.accountId());
                role.setText(assigned.roleName());
            }
        }
    }

    private void show(@Nullable Problem now) {
        problem.setVisible(now != null);
        problem.getChildren().clear();
        if (now != null) {
            problem.getChildren().add(new ProblemView(now, model::signInAgain));
        }
    }

    private static ComboBox<String> regions(String id, StringProperty chosen) {
        ComboBox<String> regions = new ComboBox<>();
        regions.setId(id);
        regions.setEditable(true);
        regions.setMaxWidth(Double.MAX_VALUE);
        regions.getItems().setAll(AwsProfiles.regions());
        regions.getEditor().textProperty().bindBidirectional(chosen);
        return regions;
    }

    private static Field field(String key, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.getControl().add(control);
        return field;
    }
}
