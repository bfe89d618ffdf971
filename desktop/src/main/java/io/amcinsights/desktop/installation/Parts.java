package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;
import io.amcinsights.desktop.deployment.Losses;
import io.amcinsights.desktop.deployment.Preflight;
import io.amcinsights.desktop.deployment.Repair;
import io.amcinsights.desktop.deployment.StackEvent;
import io.amcinsights.desktop.deployment.Stacks;

import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What several pages are made of. */
final class Parts {

    private static final Messages MESSAGES = Messages.of(Parts.class);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Parts() {}

    static Label heading(String key) {
        Label heading = new Label(MESSAGES.text(key));
        heading.getStyleClass().add("subtitle");
        return heading;
    }

    /** Cards one below the other; what is too much for the window scrolls. */
    static Node page(Node... cards) {
        VBox box = new VBox(16, cards);
        box.getStyleClass().add("installation-page");
        ScrollPane scroll = new ScrollPane(box);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("installation-scroll");
        return scroll;
    }

    /** A line with the colour and icon of a state. */
    static HBox marked(Tone tone, Node text) {
        HBox row = told(tone.icon(), text);
        row.getStyleClass().add(tone.styleClass());
        return row;
    }

    /** A line with an icon that is of no state. */
    static HBox told(String icon, Node text) {
        HBox row = new HBox(8, new FontIcon(icon), text);
        HBox.setHgrow(text, Priority.ALWAYS);
        row.setAlignment(Pos.TOP_LEFT);
        row.getStyleClass().add("installation-marked");
        return row;
    }

    static VBox checks(List<Preflight.Check> checks) {
        VBox list = new VBox(8);
        list.setId("checks");
        for (Preflight.Check check : checks) {
            Label topic = new Label(check.topic());
            topic.setMinWidth(112);
            topic.getStyleClass().add("field-label");
            VBox text = new VBox(2, new WrappedLabel(check.found()));
            HBox.setHgrow(text, Priority.ALWAYS);
            if (!check.next().isEmpty()) {
                text.getChildren().add(new WrappedLabel(check.next(), "muted", "small"));
            }
            list.getChildren().add(marked(tone(check.outcome()), new HBox(12, topic, text)));
        }
        return list;
    }

    private static Tone tone(Preflight.Outcome outcome) {
        return switch (outcome) {
            case FINE -> Tone.SUCCEEDED;
            case NOTE -> Tone.WAITING;
            case UNKNOWN -> Tone.CANCELLED;
            case BLOCKED -> Tone.FAILED;
        };
    }

    /** The failure that all others follow from, and what repairs it. */
    static Node cause(String title, StackEvent cause) {
        Label heading = new WrappedLabel(title, "problem-title");
        heading.setId("causeTitle");
        Label what =
                new WrappedLabel(
                        MESSAGES.text(
                                "cause.what",
                                cause.ofStack()
                                        ? cause.resource()
                                        : MESSAGES.text(
                                                "resource",
                                                Losses.name(cause.type()),
                                                cause.resource()),
                                status(cause.status()).toLowerCase(Locale.ROOT)));
        Label reason = new WrappedLabel(cause.reason(), "mono");
        reason.setId("causeReason");
        Label repair = new WrappedLabel(Repair.of(cause.reason(), cause.type()));
        repair.setId("causeRepair");
        Button copy = new Button(MESSAGES.text("cause.copy"), new FontIcon("fth-copy"));
        copy.getStyleClass().add("flat");
        copy.setOnAction(
                event ->
                        ClipboardText.copy(
                                "%s %s %s\n%s\n%s"
                                        .formatted(
                                                cause.at(),
                                                cause.resource(),
                                                cause.status(),
                                                cause.physicalId(),
                                                cause.reason())));
        FontIcon icon = new FontIcon(Tone.FAILED.icon());
        icon.getStyleClass().add("problem-icon");
        VBox text = new VBox(4, heading, what, reason, repair, copy);
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox box = new HBox(12, icon, text);
        box.getStyleClass().add("problem-view");
        return box;
    }

    /** CloudFormation's word for what happened, in ours. */
    static String status(String status) {
        String key = "event." + status;
        return MESSAGES.bundle().containsKey(key) ? MESSAGES.text(key) : status;
    }

    /** Events, the newest first, with a filter. */
    static final class EventTable extends VBox {

        private final ObservableList<StackEvent> events = FXCollections.observableArrayList();
        private final FilteredList<StackEvent> shown = new FilteredList<>(events);

        EventTable() {
            super(8);
            CheckBox failures = new CheckBox(MESSAGES.text("events.failures"));
            failures.setId("onlyFailures");
            failures.selectedProperty()
                    .subscribe(
                            only -> shown.setPredicate(only ? StackEvent::failed : event -> true));
            Label title = heading("events.title");
            title.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(title, Priority.ALWAYS);
            HBox head = new HBox(8, title, failures);
            head.setAlignment(Pos.CENTER_LEFT);

            TableView<StackEvent> table = new TableView<>(shown);
            table.setId("events");
            table.setPlaceholder(new Label(MESSAGES.text("events.none")));
            table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
            table.getColumns()
                    .add(
                            column(
                                    "events.at",
                                    90,
                                    event ->
                                            event.at()
                                                    .atZone(ZoneId.systemDefault())
                                                    .format(CLOCK)));
            table.getColumns()
                    .add(
                            column(
                                    "events.resource",
                                    220,
                                    event ->
                                            event.ofStack()
                                                    ? MESSAGES.text("events.stack")
                                                    : event.resource()));
            table.getColumns().add(column("events.type", 180, event -> Losses.name(event.type())));
            table.getColumns().add(statusColumn());
            table.getColumns().add(column("events.reason", 360, StackEvent::reason));
            table.setMinHeight(160);
            VBox.setVgrow(table, Priority.ALWAYS);
            getChildren().addAll(head, table);
        }

        void show(List<StackEvent> newestFirst) {
            // What is there already stays where it is, so that a scroll position does, too.
            int more = newestFirst.size() - events.size();
            if (more > 0 && newestFirst.subList(more, newestFirst.size()).equals(events)) {
                events.addAll(0, newestFirst.subList(0, more));
            } else if (!newestFirst.equals(events)) {
                events.setAll(newestFirst);
            }
        }

        private static TableColumn<StackEvent, String> column(
                String key, double width, Function<StackEvent, String> text) {
            TableColumn<StackEvent, String> column = new TableColumn<>(MESSAGES.text(key));
            column.setSortable(false);
            column.setPrefWidth(width);
            column.setCellValueFactory(
                    row -> new SimpleObjectProperty<>(text.apply(row.getValue())));
            column.setCellFactory(
                    any ->
                            new TableCell<>() {
                                @Override
                                protected void updateItem(@Nullable String item, boolean empty) {
                                    super.updateItem(item, empty);
                                    setText(item);
                                    setTooltip(
                                            item == null || item.length() < 24
                                                    ? null
                                                    : tooltip(item));
                                }
                            });
            return column;
        }

        private static Tooltip tooltip(String text) {
            Tooltip tooltip = new Tooltip(text);
            tooltip.setWrapText(true);
            tooltip.setMaxWidth(560);
            return tooltip;
        }

        private static TableColumn<StackEvent, StackEvent> statusColumn() {
            TableColumn<StackEvent, StackEvent> column =
                    new TableColumn<>(MESSAGES.text("events.status"));
            column.setSortable(false);
            column.setPrefWidth(180);
            column.setCellValueFactory(row -> new SimpleObjectProperty<>(row.getValue()));
            column.setCellFactory(
                    any ->
                            new TableCell<>() {
                                @Override
                                protected void updateItem(
                                        @Nullable StackEvent item, boolean empty) {
                                    super.updateItem(item, empty);
                                    setText(null);
                                    setGraphic(
                                            item == null
                                                    ? null
                                                    : marked(
                                                            tone(item),
                                                            new Label(status(item.status()))));
                                }
                            });
            return column;
        }

        private static Tone tone(StackEvent event) {
            if (event.failed()) {
                return event.collateral() ? Tone.CANCELLED : Tone.FAILED;
            }
            if (event.status().equals("DELETE_SKIPPED")) {
                return Tone.WAITING;
            }
            return event.ended() ? Tone.SUCCEEDED : Tone.RUNNING;
        }
    }

    /** A resource with its type and id. */
    static Node resource(String name, String type, String physicalId, @Nullable String more) {
        Label title = new Label(MESSAGES.text("resource", Losses.name(type), name));
        VBox text = new VBox(2, title);
        HBox.setHgrow(text, Priority.ALWAYS);
        if (!physicalId.isEmpty()) {
            Label id = new WrappedLabel(physicalId, "mono", "muted");
            text.getChildren().add(id);
        }
        if (more != null) {
            text.getChildren().add(new WrappedLabel(more, "muted", "small"));
        }
        HBox row = new HBox(8, text);
        row.setAlignment(Pos.TOP_LEFT);
        if (!physicalId.isEmpty()) {
            row.getChildren().add(copy(physicalId));
        }
        return row;
    }

    static Node resource(Stacks.Existing existing, @Nullable String more) {
        return resource(existing.resource(), existing.type(), existing.physicalId(), more);
    }

    static Button copy(String text) {
        Button copy = new Button(null, new FontIcon("fth-copy"));
        copy.getStyleClass().addAll("flat", "button-icon", "copy");
        copy.setTooltip(new Tooltip(MESSAGES.text("copy")));
        copy.setAccessibleText(MESSAGES.text("copy"));
        copy.setOnAction(event -> ClipboardText.copy(text));
        return copy;
    }

    static String about(Duration left) {
        return MESSAGES.text(
                "left",
                left.toSeconds() < 60
                        ? MESSAGES.text("left.minute")
                        : MESSAGES.text("left.minutes", (left.toSeconds() + 59) / 60));
    }

    static String money(double dollars) {
        return dollars < 10 ? "$%.2f".formatted(dollars) : "$" + Format.number(Math.round(dollars));
    }
}
