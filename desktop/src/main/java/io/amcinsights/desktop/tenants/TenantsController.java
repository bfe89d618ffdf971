package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ExportTenants;
import io.amcinsights.desktop.common.Columns;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TimeLabel;
import io.amcinsights.desktop.places.OpenTenants;

import javafx.beans.binding.Bindings;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;

import org.jspecify.annotations.Nullable;

/** The list of tenants with its drawer, and the onboarding in its place. */
public final class TenantsController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(TenantsController.class);

    private final TenantsViewModel model;
    private final ProvisioningViewModel provisioning;
    private final TenantViewModel opened;
    private final OnboardingViewModel onboardingModel;
    private final TenantView view;
    private final CredentialsViewModel credentialsModel;
    private final CredentialsView credentialsView;
    private final RegistryViewModel registry;
    private final ImportView importView;

    @FXML private Node list;
    @FXML private Node onboarding;
    @FXML private OnboardingController onboardingController;
    @FXML private MenuItem importTenants;
    @FXML private MenuItem exportCsv;
    @FXML private MenuItem exportJson;
    @FXML private Button credentials;
    @FXML private Button onboard;
    @FXML private TextField search;
    @FXML private Label count;
    @FXML private StateView state;
    @FXML private TableView<Tenant> table;
    @FXML private TableColumn<Tenant, Tenant> name;
    @FXML private TableColumn<Tenant, Tenant> instance;
    @FXML private TableColumn<Tenant, String> marketplace;
    @FXML private TableColumn<Tenant, Tenant> bucket;
    @FXML private TableColumn<Tenant, Tenant> status;
    @FXML private TableColumn<Tenant, Tenant> updated;
    @FXML private Label purpose;
    @FXML private Drawer drawer;

    public TenantsController(
            TenantsViewModel model,
            ProvisioningViewModel provisioning,
            TenantViewModel opened,
            CredentialsViewModel credentialsModel,
            RegistryViewModel registry,
            OnboardingViewModel onboardingModel) {
        this.model = model;
        this.provisioning = provisioning;
        this.opened = opened;
        this.view = new TenantView(opened, provisioning);
        this.credentialsModel = credentialsModel;
        this.credentialsView = new CredentialsView(credentialsModel);
        this.registry = registry;
        this.importView = new ImportView(registry);
        this.onboardingModel = onboardingModel;
    }

    @FXML
    void initialize() {
        purpose.visibleProperty().bind(drawer.shownProperty().not());
        list.visibleProperty().bind(model.onboardingProperty().not());
        onboarding.visibleProperty().bind(model.onboardingProperty());
        model.onboardingProperty()
                .subscribe(
                        now -> {
                            if (now) {
                                drawer.hide();
                                onboardingModel.begin();
                            }
                        });
        onboardingController.setOnClose(model::endOnboarding);

        onboard.setOnAction(event -> model.beginOnboarding());
        credentials.setOnAction(event -> openCredentials());
        importTenants.setOnAction(event -> openImport());
        exportCsv.setOnAction(event -> registry.export(ExportTenants.Format.CSV));
        exportJson.setOnAction(event -> registry.export(ExportTenants.Format.JSON));
        registry.setOnImported(model::refresh);
        credentialsModel.setOnChanged(model::refresh);
        search.textProperty().bindBidirectional(model.searchProperty());
        count.textProperty().bind(Bindings.createStringBinding(model::count, model.found()));
        state.stateProperty().bind(model.stateProperty());
        table.setItems(model.found());
        model.shutOutProperty().subscribe(table::refresh);

        Columns.drawn(
                name,
                (cell, tenant) -> {
                    Label label = new Label(tenant.name());
                    label.getStyleClass().add("subtitle");
                    HBox box = new HBox(8, label);
                    box.setAlignment(Pos.CENTER_LEFT);
                    if (tenant.sandbox()) {
                        box.getChildren().add(tag("sandbox"));
                    }
                    if (model.isShutOut(tenant)) {
                        Label shutOut = tag("shutOut");
                        shutOut.getStyleClass().add("danger");
                        box.getChildren().add(shutOut);
                    }
                    cell.setGraphic(box);
                });
        Columns.drawn(instance, (cell, tenant) -> cell.setGraphic(mono(tenant.tenantId())));
        Columns.text(marketplace, tenant -> AmcIds.marketplaceTitle(tenant.marketplaceId()));
        Columns.drawn(bucket, (cell, tenant) -> cell.setGraphic(mono(tenant.bucketName())));
        Columns.drawn(status, (cell, tenant) -> cell.setGraphic(StatusBadge.of(tenant.status())));
        Columns.drawn(
                updated, (cell, tenant) -> cell.setGraphic(new TimeLabel(tenant.updatedAt())));

        table.getSelectionModel().selectedItemProperty().subscribe(tenant -> open(tenant));
        // The drawer says these, and the others need their room.
        marketplace.visibleProperty().bind(drawer.shownProperty().not());
        bucket.visibleProperty().bind(drawer.shownProperty().not());
        opened.setOnChanged(
                tenant -> {
                    provisioning.follow(tenant);
                    drawer.rename(tenant.name());
                    model.refresh();
                });
        opened.setOnGone(
                () -> {
                    drawer.hide();
                    model.refresh();
                });
        drawer.setOnClose(
                () -> {
                    table.getSelectionModel().clearSelection();
                    provisioning.stop();
                    credentialsModel.stopWaiting();
                });
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
        switch (argument) {
            case OpenTenants.Onboarding onboarded -> model.beginOnboarding();
            case OpenTenants.Details details -> {
                model.endOnboarding();
                model.find(details.tenantId(), this::open);
            }
            case null, default -> {}
        }
    }

    @Override
    public void hidden() {
        model.stop();
    }

    private void openImport() {
        table.getSelectionModel().clearSelection();
        provisioning.stop();
        registry.begin();
        drawer.show(MESSAGES.text("import.title"), importView, importView.buttons());
    }

    private void openCredentials() {
        table.getSelectionModel().clearSelection();
        provisioning.stop();
        credentialsModel.show();
        drawer.show(MESSAGES.text("credentials.title"), credentialsView, credentialsView.buttons());
    }

    private void open(@Nullable Tenant tenant) {
        if (tenant == null) {
            return;
        }
        Tenant followed = provisioning.tenantProperty().get();
        if (drawer.isVisible()
                && view.getParent() != null
                && followed != null
                && followed.tenantId().equals(tenant.tenantId())) {
            return;
        }
        opened.open(tenant);
        provisioning.follow(tenant);
        drawer.show(tenant.name(), view, view.buttons());
    }

    private static Label tag(String key) {
        Label tag = new Label(MESSAGES.text(key));
        tag.getStyleClass().add("tag");
        return tag;
    }

    private static Label mono(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("mono");
        return label;
    }
}
