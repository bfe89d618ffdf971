package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.Tone;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The steps of a provisioning, one below the other, and what went wrong. */
final class ProvisioningView extends VBox {

    private static final Messages MESSAGES = Messages.of(ProvisioningView.class);

    private final ProvisioningViewModel model;
    private final Map<ProvisioningStep, StepRow> rows = new EnumMap<>(ProvisioningStep.class);
    private final StackPane problem = new StackPane();

    ProvisioningView(ProvisioningViewModel model) {
        this.model = model;
        getStyleClass().add("provisioning");
        for (ProvisioningStep step : ProvisioningStep.values()) {
            StepRow row = new StepRow(step);
            rows.put(step, row);
            getChildren().add(row);
        }
        problem.managedProperty().bind(problem.visibleProperty());
        getChildren().addFirst(problem);
        model.progressProperty().subscribe(this::show);
        model.problemProperty().subscribe(this::show);
    }

    private void show(Map<ProvisioningStep, ProvisioningStep.Progress> progress) {
        progress.forEach((step, where) -> Objects.requireNonNull(rows.get(step)).show(where));
    }

    private void show(@Nullable Problem now) {
        problem.setVisible(now != null);
        problem.getChildren().clear();
        if (now != null) {
            Tenant tenant = model.tenantProperty().get();
            boolean failed = tenant != null && tenant.status() == Tenant.Status.FAILED;
            problem.getChildren().add(new ProblemView(now, failed ? model::retry : null));
        }
    }

    private static final class StepRow extends HBox {

        private final FontIcon icon = new FontIcon("fth-circle");
        private final Label title;

        StepRow(ProvisioningStep step) {
            super(12);
            setAlignment(Pos.TOP_LEFT);
            title = new Label(MESSAGES.text("step." + step));
            Label what = new Label(MESSAGES.text("step." + step + ".text"));
            what.getStyleClass().addAll("muted", "small");
            what.setWrapText(true);
            what.setMinHeight(USE_PREF_SIZE);
            getChildren().addAll(icon, new VBox(2, title, what));
            setId("step" + step);
        }

        void show(ProvisioningStep.Progress progress) {
            getStyleClass().removeIf(name -> name.startsWith("tone-") || name.equals("ahead"));
            icon.setIconLiteral(
                    switch (progress) {
                        case AHEAD -> "fth-circle";
                        case RUNNING -> Tone.RUNNING.icon();
                        case DONE -> Tone.SUCCEEDED.icon();
                        case FAILED -> Tone.FAILED.icon();
                    });
            getStyleClass()
                    .add(
                            switch (progress) {
                                case AHEAD -> "ahead";
                                case RUNNING -> Tone.RUNNING.styleClass();
                                case DONE -> Tone.SUCCEEDED.styleClass();
                                case FAILED -> Tone.FAILED.styleClass();
                            });
            setAccessibleText(title.getText() + ": " + MESSAGES.text("progress." + progress));
        }
    }
}
