package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.Losses;
import io.amcinsights.desktop.deployment.PlannedChange;
import io.amcinsights.desktop.deployment.Preflight;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What would change, in words. */
final class PlanView extends VBox {

    private static final Messages MESSAGES = Messages.of(PlanView.class);

    PlanView(InstallationViewModel model, Page.Planned page) {
        super(16);
        boolean creates = page.plan().creates();
        List<PlannedChange> changes = page.plan().changes();
        boolean loses = changes.stream().anyMatch(PlannedChange::loses);

        Map<PlannedChange.Kind, List<PlannedChange>> byKind =
                new EnumMap<>(PlannedChange.Kind.class);
        for (PlannedChange change : changes) {
            byKind.computeIfAbsent(change.kind(), kind -> new ArrayList<>()).add(change);
        }
        VBox summary =
                new VBox(
                        8,
                        Parts.heading(creates ? "plan.new" : "plan.update"),
                        new WrappedLabel(summary(byKind)));
        summary.getStyleClass().add("card");
        summary.getChildren()
                .add(Parts.told("fth-info", new WrappedLabel(cost(page.idleCost(), creates))));
        if (loses) {
            summary.getChildren()
                    .add(
                            Parts.marked(
                                    Tone.FAILED,
                                    new WrappedLabel(MESSAGES.text("plan.loses"), "plan-loses")));
        }
        List<Preflight.Check> notes =
                page.checks().stream()
                        .filter(check -> check.outcome() != Preflight.Outcome.FINE)
                        .toList();
        if (!notes.isEmpty()) {
            summary.getChildren().add(Parts.checks(notes));
        }

        VBox list = new VBox(16, summary);
        byKind.forEach((kind, each) -> list.getChildren().add(group(kind, each)));
        StackPane scrolled = new StackPane(Parts.page(list));
        VBox.setVgrow(scrolled, Priority.ALWAYS);

        Button go = new Button(MESSAGES.text(creates ? "plan.create" : "plan.go"));
        go.setId("execute");
        go.getStyleClass().add(loses ? "danger" : "accent");
        go.setOnAction(event -> model.execute(page.plan()));
        Button discard = new Button(MESSAGES.text("plan.discard"));
        discard.setId("discard");
        discard.setOnAction(event -> model.discard(page.plan()));
        getChildren().addAll(scrolled, new HBox(8, go, discard));
    }

    private static String summary(Map<PlannedChange.Kind, List<PlannedChange>> byKind) {
        List<String> parts = new ArrayList<>();
        byKind.forEach(
                (kind, changes) -> parts.add(MESSAGES.text("plan.count." + kind, changes.size())));
        return MESSAGES.text("plan.summary", String.join(", ", parts));
    }

    private static String cost(double difference, boolean creates) {
        if (creates) {
            return MESSAGES.text("cost.new", Parts.money(difference));
        }
        if (Math.abs(difference) < 0.005) {
            return MESSAGES.text("cost.same");
        }
        return MESSAGES.text(
                difference > 0 ? "cost.more" : "cost.less", Parts.money(Math.abs(difference)));
    }

    private static Node group(PlannedChange.Kind kind, List<PlannedChange> changes) {
        VBox rows = new VBox(8);
        if (kind == PlannedChange.Kind.ADDED && changes.size() > 12) {
            // Most of a new installation: what there is of each type says more than every name.
            Map<String, List<String>> byType = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            changes.forEach(
                    change ->
                            byType.computeIfAbsent(
                                            Losses.name(change.type()), type -> new ArrayList<>())
                                    .add(change.resource()));
            byType.forEach(
                    (type, names) -> {
                        Label title = new Label(MESSAGES.text("plan.type", type, names.size()));
                        title.setMinWidth(200);
                        HBox row =
                                new HBox(
                                        12,
                                        title,
                                        new WrappedLabel(
                                                String.join(", ", names), "muted", "small"));
                        rows.getChildren().add(row);
                    });
        } else {
            changes.forEach(change -> rows.getChildren().add(row(change)));
        }
        TitledPane pane = new TitledPane(MESSAGES.text("plan.kind." + kind, changes.size()), rows);
        pane.setId("kind" + kind);
        pane.setAnimated(false);
        boolean red = changes.stream().anyMatch(PlannedChange::loses);
        if (red) {
            pane.getStyleClass().add("plan-danger");
        }
        // What changes in place is routine; what is lost must be seen.
        pane.setExpanded(kind != PlannedChange.Kind.CHANGED || changes.size() <= 12);
        return pane;
    }

    private static Node row(PlannedChange change) {
        VBox text =
                new VBox(
                        2,
                        new Label(
                                MESSAGES.text(
                                        "resource",
                                        Losses.name(change.type()),
                                        change.resource())));
        if (!change.properties().isEmpty()) {
            text.getChildren()
                    .add(
                            new WrappedLabel(
                                    MESSAGES.text(
                                            "plan.properties",
                                            String.join(", ", change.properties())),
                                    "muted",
                                    "small"));
        }
        text.getChildren().addAll(consequence(change));
        return Parts.marked(tone(change), text);
    }

    private static List<Node> consequence(PlannedChange change) {
        String lost = Losses.of(change.type());
        return switch (change.kind()) {
            case ADDED, CHANGED -> List.of();
            case TAKEN_OVER ->
                    List.of(new WrappedLabel(MESSAGES.text("plan.takenOver"), "muted", "small"));
            case REPLACED, REMOVED -> {
                String key =
                        change.kept()
                                ? "plan.kept"
                                : lost.isEmpty()
                                        ? "plan.harmless." + change.kind()
                                        : change.perhaps() ? "plan.mayLose" : "plan.lost";
                yield List.of(
                        new WrappedLabel(
                                MESSAGES.text(key, lost, change.physicalId()),
                                change.loses() ? "plan-loses" : "muted",
                                "small"));
            }
        };
    }

    private static Tone tone(PlannedChange change) {
        if (change.loses()) {
            return Tone.FAILED;
        }
        return switch (change.kind()) {
            case ADDED, TAKEN_OVER -> Tone.SUCCEEDED;
            case CHANGED -> Tone.RUNNING;
            case REPLACED, REMOVED -> Tone.WAITING;
        };
    }
}
