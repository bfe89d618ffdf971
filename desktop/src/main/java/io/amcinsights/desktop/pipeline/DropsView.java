package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.RawDataset;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Choices;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** How a dataset is registered for dropped files, and where they are dropped. */
final class DropsView {

    private static final Messages MESSAGES = Messages.of(DropsView.class);

    private final DropsViewModel model;
    private final ObservableList<Tenant> tenants;

    DropsView(DropsViewModel model, ObservableList<Tenant> tenants) {
        this.model = model;
        this.tenants = tenants;
    }

    /** What is entered to register a dataset. */
    Node form() {
        TextField name = new TextField();
        name.setId("dropsName");
        name.textProperty().bindBidirectional(model.nameProperty());
        TextField description = new TextField();
        description.setId("dropsDescription");
        description.textProperty().bindBidirectional(model.descriptionProperty());
        VBox form = new VBox(16);
        form.getStyleClass().add("form");
        form.getChildren()
                .setAll(
                        new ProblemPlace(model.refusedProperty()),
                        new WrappedLabel(MESSAGES.text("drops.purpose"), "muted"),
                        field("drops.name", name),
                        field("drops.description", description));
        return form;
    }

    /** The button below the form. */
    Node registers(Consumer<RawDataset> registered) {
        Button register = new Button(MESSAGES.text("drops.register"));
        register.setId("registerDataset");
        register.getStyleClass().add("accent");
        register.disableProperty().bind(model.nameProperty().isEmpty().or(model.busyProperty()));
        register.setOnAction(event -> model.register(registered));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return new HBox(8, gap, register);
    }

    /** Where files of a dataset are dropped. */
    Node places(RawDataset dataset) {
        ComboBox<@Nullable String> tenant = new ComboBox<>();
        tenant.setId("dropsTenant");
        tenant.setMaxWidth(Double.MAX_VALUE);
        tenant.getItems().setAll(tenants.stream().map(Tenant::tenantId).toList());
        if (model.tenantIdProperty().get() == null && !tenants.isEmpty()) {
            model.tenantIdProperty().set(tenants.getFirst().tenantId());
        }
        Choices.bind(
                tenant, model.tenantIdProperty(), this::nameOf, MESSAGES.text("drops.tenant.none"));
        WrappedLabel address = new WrappedLabel(model.address(dataset), "mono", "small");
        address.setId("dropsAddress");
        HBox.setHgrow(address, Priority.ALWAYS);
        tenant.valueProperty().subscribe(() -> address.setText(model.address(dataset)));
        Button copy = new Button(null, new FontIcon("fth-copy"));
        copy.setId("copyAddress");
        copy.getStyleClass().addAll("flat", "tiny");
        copy.setTooltip(new Tooltip(MESSAGES.text("copy")));
        copy.setAccessibleText(MESSAGES.text("copy"));
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setOnAction(event -> model.copyAddress(dataset));
        Button drop = new Button(MESSAGES.text("drops.drop"), new FontIcon("fth-upload"));
        drop.setId("dropFile");
        drop.disableProperty().bind(model.tenantIdProperty().isNull().or(model.busyProperty()));
        drop.setOnAction(event -> model.drop(dataset));
        ProgressBar progress = new ProgressBar(ProgressBar.INDETERMINATE_PROGRESS);
        progress.visibleProperty().bind(model.busyProperty());
        progress.setPrefWidth(96);
        HBox buttons = new HBox(12, drop, progress);
        buttons.setAlignment(Pos.CENTER_LEFT);
        Label title = new Label(MESSAGES.text("drops.where"));
        title.getStyleClass().add("subtitle");
        VBox places = new VBox(12);
        places.setId("drops");
        places.getChildren()
                .setAll(
                        new ProblemPlace(model.refusedProperty()),
                        title,
                        field("drops.tenant", tenant),
                        new HBox(8, address, copy),
                        new WrappedLabel(MESSAGES.text("drops.formats"), "muted", "small"),
                        buttons);
        return places;
    }

    /** The button that forgets a dataset without rows. */
    Button removes(RawDataset dataset, Runnable removed) {
        Button remove = new Button(MESSAGES.text("drops.remove"));
        remove.setId("removeDataset");
        remove.disableProperty().bind(model.busyProperty());
        remove.setOnAction(event -> model.remove(dataset, removed));
        return remove;
    }

    private String nameOf(String tenantId) {
        return tenants.stream()
                .filter(t -> t.tenantId().equals(tenantId))
                .map(Tenant::name)
                .findFirst()
                .orElse(tenantId);
    }

    private static Field field(String key, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(key));
        field.setHint(MESSAGES.text(key + ".hint"));
        field.getControl().add(control);
        return field;
    }
}
