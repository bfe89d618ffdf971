package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.Belonging;
import io.amcinsights.contract.TenantRequest.Connection;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.tenants.TenantViewModel.Page;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** A tenant in the drawer: its details, the form that changes it, what its offboarding does. */
final class TenantView extends VBox {

    private static final Messages MESSAGES = Messages.of(TenantView.class);

    private final TenantViewModel model;
    private final ProvisioningView provisioningView;
    private final StackPane page = new StackPane();
    private final VBox checks = new VBox(8);
    private final VBox plan = new VBox(8);
    private final CheckBox cancel = new CheckBox(MESSAGES.text("offboard.cancel"));
    private final HBox buttons = new HBox(8);
    private final BucketView bucketView;
    private final NoticeChoiceView noticesView;

    TenantView(TenantViewModel model, ProvisioningViewModel provisioning) {
        super(16);
        this.model = model;
        provisioningView = new ProvisioningView(provisioning);
        bucketView =
                new BucketView(
                        model.bucket(),
                        model::back,
                        MESSAGES.text("bucket.prepare"),
                        null,
                        model::bucketPrepared);
        noticesView = new NoticeChoiceView(model.notices(), model::back, model::noticesChosen);
        setId("tenantDetails");
        buttons.getStyleClass().add("buttons");
        checks.setId("checks");
        plan.setId("plan");
        cancel.setId("cancelRuns");
        cancel.managedProperty().bind(cancel.visibleProperty());
        cancel.selectedProperty().bindBidirectional(model.cancelRunsProperty());
        checks.managedProperty().bind(checks.visibleProperty());
        getChildren().addAll(new ProblemPlace(model.refusedProperty()), page);
        model.connectionProperty().subscribe(this::show);
        model.pageProperty().addListener((page, before, now) -> show(now));
        model.belongingsProperty().subscribe(this::showPlan);
        model.cancelRunsProperty().subscribe(this::showPlan);
        model.deleteAtAmcProperty().subscribe(this::showPlan);
        model.deleteDataProperty().subscribe(this::showPlan);
        provisioning
                .tenantProperty()
                .subscribe(
                        now -> {
                            if (now != null
                                    && model.follow(now)
                                    && model.pageProperty().get() == Page.DETAILS) {
                                show(Page.DETAILS);
                            }
                        });
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private void show(Page now) {
        switch (now) {
            case DETAILS -> {
                page.getChildren().setAll(details(model.tenant()));
                buttons.getChildren().setAll(ways(model.tenant()));
            }
            case EDIT -> {
                page.getChildren().setAll(form());
                Button save = button("save", "edit.save", model::save);
                save.getStyleClass().add("accent");
                save.setDefaultButton(true);
                buttons.getChildren().setAll(back(), save);
            }
            case BUCKET -> {
                page.getChildren().setAll(bucketView);
                buttons.getChildren().setAll(bucketView.buttons());
            }
            case NOTICES -> {
                page.getChildren().setAll(noticesView);
                buttons.getChildren().setAll(noticesView.buttons());
            }
            case OFFBOARD -> {
                page.getChildren().setAll(offboarding());
                showPlan();
            }
        }
    }

    private List<Node> ways(Tenant tenant) {
        Button edit = button("edit", "edit", model::edit);
        Button test = button("test", "test", model::test);
        Button offboard = button("offboard", "offboard", model::planOffboarding);
        offboard.getStyleClass().addAll("flat", "danger");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return switch (tenant.status()) {
            case ACTIVE ->
                    List.of(edit, button("pause", "pause", model::pause), test, gap, offboard);
            case PAUSED ->
                    List.of(edit, button("resume", "resume", model::resume), test, gap, offboard);
            case FAILED -> List.of(edit, test, gap, offboard);
            case PROVISIONING ->
                    tenant.execution() == null // interrupted before it began
                            ? List.of(edit, test, gap, offboard)
                            : List.of(test);
        };
    }

    private Button back() {
        return button("backToDetails", "back", model::back);
    }

    private Button button(String id, String key, Runnable command) {
        Button button = new Button(MESSAGES.text(key));
        button.setId(id + "Tenant");
        button.setMinWidth(USE_PREF_SIZE);
        button.disableProperty().bind(model.busyProperty());
        button.setOnAction(event -> command.run());
        return button;
    }

    private Node details(Tenant tenant) {
        VBox status = new VBox(8, StatusBadge.of(tenant.status()));
        if (tenant.status() == Tenant.Status.PAUSED) {
            status.getChildren().add(new WrappedLabel(MESSAGES.text("paused"), "muted"));
        }
        VBox history = new VBox(8);
        history.setId("history");
        tenant.history().reversed().forEach(change -> history.getChildren().add(line(change)));
        VBox details =
                new VBox(
                        16,
                        status,
                        checks,
                        fact("details.instance", tenant.tenantId(), true),
                        fact("details.account", tenant.accountId(), true),
                        fact(
                                "details.marketplace",
                                AmcIds.marketplaceTitle(tenant.marketplaceId())
                                        + ", "
                                        + tenant.region().title(),
                                false),
                        fact("details.bucket", tenant.bucketName(), true),
                        fact("details.bucketRegion", tenant.bucketRegion(), false),
                        fact("details.awsAccount", tenant.awsAccountId(), true),
                        more(tenant),
                        subtitle("details.provisioning"),
                        provisioningView,
                        subtitle("details.history"),
                        history);
        return details;
    }

    private Node more(Tenant tenant) {
        Button prepare = button("bucketOf", "bucket", model::lookAtBucket);
        prepare.setVisible(tenant.status() != Tenant.Status.PROVISIONING);
        prepare.managedProperty().bind(prepare.visibleProperty());
        return new HBox(8, prepare, button("noticesOf", "notices", model::chooseNotices));
    }

    private static Node line(Tenant.Change change) {
        Label what =
                new WrappedLabel(
                        MESSAGES.text(
                                "history.line",
                                MESSAGES.text("history." + change.to()),
                                change.cause()));
        Label when = new Label(Format.absolute(change.at()));
        when.getStyleClass().addAll("muted", "small");
        return new VBox(2, what, when);
    }

    private static Label subtitle(String key) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().add("subtitle");
        return label;
    }

    private void show(@Nullable Connection connection) {
        checks.setVisible(connection != null);
        checks.getChildren().clear();
        if (connection != null) {
            connection.checks().forEach(check -> checks.getChildren().add(row(check)));
        }
    }

    private static Node row(Connection.Check check) {
        Tone tone = check.problem() == null ? Tone.SUCCEEDED : Tone.FAILED;
        HBox row =
                marked(
                        tone,
                        tone.icon(),
                        MESSAGES.text(
                                check.problem() == null
                                        ? "check." + check.subject()
                                        : "check." + check.subject() + ".failed"));
        row.setId("check" + check.subject());
        return check.problem() == null
                ? row
                : new VBox(8, row, new ProblemView(Problem.of(check.problem()), null));
    }

    private static HBox marked(Tone tone, String icon, String text) {
        HBox row = new HBox(8, new FontIcon(icon), new WrappedLabel(text));
        row.getStyleClass().addAll("marked", tone.styleClass());
        return row;
    }

    private Node form() {
        return new VBox(
                16,
                field(TenantViewModel.Field.NAME, "field.name", "field.name.hint"),
                field(TenantViewModel.Field.BUCKET_NAME, "field.bucketName", "edit.access"),
                field(TenantViewModel.Field.BUCKET_REGION, "field.bucketRegion", "edit.access"),
                field(TenantViewModel.Field.AWS_ACCOUNT_ID, "field.awsAccountId", "edit.access"),
                credentials());
    }

    private Field credentials() {
        ComboBox<@Nullable Credentials> choice = new ComboBox<>();
        choice.setItems(model.credentials());
        choice.setId("editCredentials");
        choice.setMaxWidth(Double.MAX_VALUE);
        Choices.words(choice, Credentials::label);
        choice.valueProperty().bindBidirectional(model.chosenProperty());
        Field field = new Field();
        field.setLabel(MESSAGES.text("onboarding.credentials"));
        field.setHint(MESSAGES.text("edit.access"));
        field.getControl().add(choice);
        return field;
    }

    private Field field(TenantViewModel.Field of, String label, String hint) {
        TextField text = new TextField();
        text.setId("edit" + of);
        text.textProperty().bindBidirectional(model.value(of));
        Field field = new Field();
        field.setLabel(MESSAGES.text(label));
        field.setHint(MESSAGES.text(hint));
        field.getControl().add(text);
        field.messageProperty().bind(model.message(of));
        return field;
    }

    private Node offboarding() {
        CheckBox atAmc = new CheckBox(MESSAGES.text("offboard.atAmc"));
        atAmc.setId("deleteAtAmc");
        atAmc.selectedProperty().bindBidirectional(model.deleteAtAmcProperty());
        CheckBox data = new CheckBox(MESSAGES.text("offboard.withData"));
        data.setId("deleteData");
        data.selectedProperty().bindBidirectional(model.deleteDataProperty());
        return new VBox(16, subtitle("offboard.title"), plan, cancel, atAmc, data);
    }

    private void showPlan() {
        if (model.pageProperty().get() != Page.OFFBOARD) {
            return;
        }
        List<Belonging> found = model.belongingsProperty().get();
        plan.getChildren().clear();
        buttons.getChildren().setAll(back());
        if (found == null) {
            plan.getChildren().add(new ProgressIndicator());
            return;
        }
        cancel.setVisible(model.runsUnderWay() > 0);
        if (model.runsUnderWay() > 0) {
            boolean cancelled = model.cancelRunsProperty().get();
            plan.getChildren()
                    .add(
                            marked(
                                    cancelled ? Tone.FAILED : Tone.WAITING,
                                    cancelled ? "fth-trash-2" : Tone.WAITING.icon(),
                                    MESSAGES.text(
                                            cancelled ? "offboard.cancelled" : "offboard.underWay",
                                            model.runsUnderWay())));
        }
        for (TenantViewModel.Line line : model.plan()) {
            plan.getChildren()
                    .add(
                            line.removed()
                                    ? marked(Tone.FAILED, "fth-trash-2", line.text())
                                    : marked(Tone.SUCCEEDED, "fth-check", line.text()));
        }
        Button go = button("doOffboard", "offboard.do", model::offboard);
        go.getStyleClass().add("danger");
        buttons.getChildren().add(go);
    }

    private static Node fact(String key, String value, boolean id) {
        Label label = new Label(MESSAGES.text(key));
        label.getStyleClass().add("field-label");
        Label text = new Label(value);
        text.setWrapText(true);
        HBox line = new HBox(8, text);
        line.setAlignment(Pos.CENTER_LEFT);
        if (id) {
            text.getStyleClass().add("mono");
            Button copy = new Button(null, new FontIcon("fth-copy"));
            copy.getStyleClass().addAll("flat", "button-icon", "small", "copy");
            copy.setTooltip(new Tooltip(MESSAGES.text("copy")));
            copy.setAccessibleText(MESSAGES.text("copy.of", label.getText()));
            copy.setOnAction(event -> ClipboardText.copy(value));
            line.getChildren().add(copy);
            HBox.setHgrow(text, Priority.SOMETIMES);
        }
        return new VBox(2, label, line);
    }
}
