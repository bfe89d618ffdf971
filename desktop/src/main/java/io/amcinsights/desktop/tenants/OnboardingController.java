package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Columns;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.places.OpenLibrary;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** Onboarding in three steps. */
public final class OnboardingController {

    private static final Messages MESSAGES = Messages.of(OnboardingController.class);
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
    private static final PseudoClass DONE = PseudoClass.getPseudoClass("done");
    private static final PseudoClass OBSTACLE = PseudoClass.getPseudoClass("obstacle");

    private final OnboardingViewModel model;
    private final Navigation navigation;
    private Runnable onClose = () -> {};

    @FXML private Button back;
    @FXML private Label stepChoose;
    @FXML private Label stepCheck;
    @FXML private Label stepBucket;
    @FXML private Label stepProvision;
    @FXML private Node choose;
    @FXML private Node check;
    @FXML private Node bucket;
    @FXML private VBox bucketCard;
    @FXML private Node provision;
    @FXML private StateView state;
    @FXML private TableView<AmcInstance> table;
    @FXML private TableColumn<AmcInstance, AmcInstance> name;
    @FXML private TableColumn<AmcInstance, AmcInstance> instance;
    @FXML private TableColumn<AmcInstance, String> account;
    @FXML private TableColumn<AmcInstance, String> marketplace;
    @FXML private TableColumn<AmcInstance, AmcInstance> remark;
    @FXML private Field credentialsField;
    @FXML private ComboBox<@Nullable Credentials> credentials;
    @FXML private Button next;
    @FXML private Hyperlink all;
    @FXML private ProgressIndicator sendingSeveral;
    @FXML private StackPane choiceProblem;
    @FXML private Label facts;
    @FXML private Field tenantName;
    @FXML private Field bucketName;
    @FXML private Field bucketRegion;
    @FXML private Field awsAccountId;
    @FXML private TextField tenantNameText;
    @FXML private TextField bucketNameText;
    @FXML private TextField bucketRegionText;
    @FXML private TextField awsAccountIdText;
    @FXML private StackPane problem;
    @FXML private Button backToChoice;
    @FXML private Button submit;
    @FXML private ProgressIndicator sending;
    @FXML private Label provisionTitle;
    @FXML private VBox steps;
    @FXML private Button finish;
    @FXML private Button chooseTemplate;

    public OnboardingController(OnboardingViewModel model, Navigation navigation) {
        this.model = model;
        this.navigation = navigation;
    }

    /** What leads back to the list. */
    void setOnClose(Runnable command) {
        onClose = command;
    }

    @FXML
    void initialize() {
        back.setOnAction(event -> close());
        model.stepProperty().subscribe(this::show);

        credentials.setItems(model.credentials());
        Choices.words(credentials, Credentials::label);
        model.usedProperty().subscribe(credentials::setValue);
        credentials.setOnAction(
                event -> {
                    Credentials now = credentials.getValue();
                    if (now != null && !now.equals(model.usedProperty().get())) {
                        model.use(now);
                    }
                });
        BooleanBinding several = Bindings.size(model.credentials()).greaterThan(1);
        credentialsField.visibleProperty().bind(several);
        credentialsField.managedProperty().bind(several);
        state.stateProperty().bind(model.stateProperty());
        table.setItems(model.instances());
        Columns.drawn(
                name,
                (cell, row) -> {
                    Label label = new Label(row.instanceName());
                    label.getStyleClass().add("subtitle");
                    HBox box = new HBox(8, label);
                    box.setAlignment(Pos.CENTER_LEFT);
                    if (row.sandbox()) {
                        Label sandbox = new Label(MESSAGES.text("sandbox"));
                        sandbox.getStyleClass().add("tag");
                        box.getChildren().add(sandbox);
                    }
                    cell.setGraphic(box);
                });
        Columns.drawn(
                instance,
                (cell, row) -> {
                    Label id = new Label(row.instanceId());
                    id.getStyleClass().add("mono");
                    cell.setGraphic(id);
                });
        Columns.text(account, AmcInstance::accountName);
        Columns.text(marketplace, row -> AmcIds.marketplaceTitle(row.marketplaceId()));
        Columns.drawn(
                remark,
                (cell, row) -> {
                    String obstacle = OnboardingViewModel.obstacle(row);
                    Label label =
                            new Label(
                                    obstacle == null ? MESSAGES.text("instance.free") : obstacle,
                                    new FontIcon(obstacle == null ? "fth-circle" : "fth-check"));
                    label.getStyleClass().add("muted");
                    cell.setGraphic(label);
                });
        table.setRowFactory(
                shown -> {
                    TableRow<AmcInstance> row = new TableRow<>();
                    row.itemProperty()
                            .subscribe(
                                    item ->
                                            row.pseudoClassStateChanged(
                                                    OBSTACLE,
                                                    item != null
                                                            && OnboardingViewModel.obstacle(item)
                                                                    != null));
                    row.setOnMouseClicked(
                            event -> {
                                if (event.getClickCount() == 2) {
                                    model.check();
                                }
                            });
                    return row;
                });
        table.getSelectionModel()
                .selectedItemProperty()
                .subscribe(item -> model.chosenProperty().set(item));
        table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        ObservableList<AmcInstance> selected = table.getSelectionModel().getSelectedItems();
        selected.subscribe(this::offerNext);
        model.sendingProperty().subscribe(this::offerNext);
        next.setOnAction(
                event -> {
                    List<AmcInstance> free = OnboardingViewModel.free(selected);
                    if (free.size() == 1) {
                        model.chosenProperty().set(free.getFirst());
                        model.check();
                    } else {
                        model.onboard(free, this::close);
                    }
                });
        all.setOnAction(
                event -> {
                    table.getSelectionModel().clearSelection();
                    OnboardingViewModel.free(model.instances())
                            .forEach(table.getSelectionModel()::select);
                    table.requestFocus();
                });

        bind(OnboardingViewModel.Field.NAME, tenantName, tenantNameText);
        bind(OnboardingViewModel.Field.BUCKET_NAME, bucketName, bucketNameText);
        bind(OnboardingViewModel.Field.BUCKET_REGION, bucketRegion, bucketRegionText);
        bind(OnboardingViewModel.Field.AWS_ACCOUNT_ID, awsAccountId, awsAccountIdText);
        backToChoice.setOnAction(event -> model.backToChoice());
        submit.setOnAction(event -> model.lookAtBucket());
        submit.disableProperty().bind(model.sendingProperty());
        sending.visibleProperty().bind(model.sendingProperty());
        sendingSeveral.visibleProperty().bind(model.sendingProperty());
        for (StackPane place : List.of(problem, choiceProblem)) {
            place.getChildren().setAll(new ProblemPlace(model.problemProperty()));
            place.managedProperty().bind(model.problemProperty().isNotNull());
        }

        BucketView bucketView =
                new BucketView(
                        model.bucket(),
                        model::backToFields,
                        MESSAGES.text("bucket.prepareAndOnboard"),
                        MESSAGES.text("check.submit"),
                        model::onboard);
        bucketCard.getChildren().setAll(bucketView, bucketView.buttons());
        steps.getChildren().setAll(new ProvisioningView(model.provisioning()));
        model.provisioning().tenantProperty().subscribe(this::tell);
        finish.setOnAction(event -> close());
        chooseTemplate.managedProperty().bind(chooseTemplate.visibleProperty());
        chooseTemplate.setOnAction(
                event -> {
                    close();
                    navigation.show(Screen.WORKFLOWS, new OpenLibrary());
                });
    }

    private void offerNext() {
        int free = OnboardingViewModel.free(table.getSelectionModel().getSelectedItems()).size();
        next.setDisable(free == 0 || model.sendingProperty().get());
        next.setText(
                free > 1 ? MESSAGES.text("choose.several", free) : MESSAGES.text("choose.next"));
    }

    private void close() {
        model.provisioning().stop();
        onClose.run();
    }

    private void bind(OnboardingViewModel.Field what, Field field, TextField text) {
        text.textProperty().bindBidirectional(model.value(what));
        field.messageProperty().bind(model.message(what));
        text.focusedProperty()
                .subscribe(
                        (had, has) -> {
                            if (had
                                    && !has
                                    && model.stepProperty().get()
                                            == OnboardingViewModel.Step.CHECK) {
                                model.left(what);
                            }
                        });
    }

    private void show(OnboardingViewModel.Step step) {
        show(step, OnboardingViewModel.Step.CHOOSE, stepChoose, choose);
        show(step, OnboardingViewModel.Step.CHECK, stepCheck, check);
        show(step, OnboardingViewModel.Step.BUCKET, stepBucket, bucket);
        show(step, OnboardingViewModel.Step.PROVISION, stepProvision, provision);
        AmcInstance chosen = model.chosenProperty().get();
        if (step == OnboardingViewModel.Step.CHOOSE && chosen == null) {
            table.getSelectionModel().clearSelection();
        }
        if (step == OnboardingViewModel.Step.CHECK && chosen != null) {
            facts.setText(
                    MESSAGES.text(
                            "check.facts",
                            chosen.instanceName(),
                            chosen.instanceId(),
                            chosen.accountName(),
                            chosen.accountId(),
                            AmcIds.marketplaceTitle(chosen.marketplaceId())));
            Platform.runLater(tenantNameText::requestFocus);
        }
    }

    private static void show(
            OnboardingViewModel.Step current,
            OnboardingViewModel.Step step,
            Label label,
            Node pane) {
        label.pseudoClassStateChanged(CURRENT, step == current);
        label.pseudoClassStateChanged(DONE, step.compareTo(current) < 0);
        pane.setVisible(step == current);
    }

    private void tell(@Nullable Tenant tenant) {
        chooseTemplate.setVisible(tenant != null && tenant.status() == Tenant.Status.ACTIVE);
        if (tenant != null) {
            provisionTitle.setText(MESSAGES.text("provision." + tenant.status(), tenant.name()));
        }
    }
}
