package io.amcinsights.desktop.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;

import io.amcinsights.contract.Json;
import io.amcinsights.desktop.aws.Executions.Event;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Tone;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;
import java.util.function.Function;

/** An execution: its state machine's graph, its events, and what the chosen state did. */
final class ExecutionView extends StackPane {

    private static final Messages MESSAGES = Messages.of(ExecutionView.class);
    private static final ObjectWriter PRETTY = Json.mapper().writerWithDefaultPrettyPrinter();

    private final ExecutionViewModel model;
    private final GraphView graph = new GraphView();
    private final VBox look = new VBox(12);
    private final TabPane texts = new TabPane();
    private final TextArea input = text("stateInput");
    private final TextArea request = text("stateRequest");
    private final TextArea output = text("stateOutput");
    private final TextArea error = text("stateError");
    private final Label name = new Label();
    private final HBox heading = new HBox(8);
    private final Label comment = new Label();

    ExecutionView(ExecutionViewModel model) {
        this.model = model;
        graph.selectedProperty().bindBidirectional(model.selectedProperty());
        graph.setId("graph");

        TabPane tabs =
                new TabPane(tab("execution.graph", withTools()), tab("execution.events", events()));
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        SplitPane split = new SplitPane(tabs, look());
        split.setDividerPositions(0.55);
        StateView face = new StateView();
        face.setContent(split);
        face.stateProperty().bind(model.stateProperty());
        getChildren().add(face);

        model.shownProperty().subscribe(this::show);
        model.selectedProperty().subscribe(any -> showState());
    }

    private StackPane withTools() {
        HBox tools =
                new HBox(
                        tool("fth-zoom-out", "execution.zoomOut", () -> graph.zoom(1 / 1.25)),
                        tool("fth-zoom-in", "execution.zoomIn", () -> graph.zoom(1.25)),
                        tool("fth-maximize", "execution.fit", graph::fit));
        tools.getStyleClass().add("graph-tools");
        tools.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(tools, Pos.BOTTOM_LEFT);
        return new StackPane(graph, tools);
    }

    private static Button tool(String icon, String key, Runnable command) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon");
        button.setTooltip(new Tooltip(MESSAGES.text(key)));
        button.setAccessibleText(MESSAGES.text(key));
        button.setOnAction(event -> command.run());
        return button;
    }

    private TableView<Event> events() {
        TableView<Event> table = new TableView<>(model.events());
        table.setId("events");
        table.getStyleClass().add("dense");
        table.getColumns()
                .add(column("event.number", 48, event -> String.valueOf(event.id()), "numeric"));
        table.getColumns().add(column("event.type", 200, Event::type, null));
        table.getColumns().add(column("event.state", 120, Event::state, null));
        table.getColumns().add(column("event.after", 88, this::after, "numeric"));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        table.getSelectionModel()
                .selectedItemProperty()
                .subscribe(
                        event -> {
                            if (event != null && event.state() != null) {
                                model.selectedProperty().set(event.state());
                            }
                        });
        return table;
    }

    private static TableColumn<Event, String> column(
            String key,
            double width,
            Function<Event, @Nullable String> value,
            @Nullable String style) {
        TableColumn<Event, String> column = Columns.text(MESSAGES.text(key), width, value);
        if (style != null) {
            column.getStyleClass().add(style);
        }
        return column;
    }

    private String after(Event event) {
        ExecutionViewModel.Shown shown = model.shownProperty().get();
        return shown == null
                ? ""
                : Format.duration(Duration.between(shown.execution().startedAt(), event.time()));
    }

    private VBox look() {
        name.getStyleClass().add("subtitle");
        heading.setAlignment(Pos.CENTER_LEFT);
        comment.getStyleClass().addAll("muted", "small");
        comment.setWrapText(true);
        comment.setMinHeight(Region.USE_PREF_SIZE);
        texts.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        texts.getTabs()
                .addAll(
                        tab("state.input", input),
                        tab("state.request", request),
                        tab("state.output", output),
                        tab("state.error", error));
        VBox.setVgrow(texts, Priority.ALWAYS);
        look.getStyleClass().add("state-look");
        look.setMinWidth(280);
        return look;
    }

    private static Tab tab(String key, Node content) {
        return new Tab(MESSAGES.text(key), content);
    }

    private static TextArea text(String id) {
        TextArea area = new TextArea();
        area.setId(id);
        area.setEditable(false);
        area.setWrapText(true);
        area.getStyleClass().addAll("mono", "json");
        area.setPromptText(MESSAGES.text("state.none"));
        return area;
    }

    private void show(ExecutionViewModel.@Nullable Shown shown) {
        if (shown != null) {
            graph.show(shown);
        }
        showState();
    }

    private void showState() {
        ExecutionViewModel.Shown shown = model.shownProperty().get();
        String state = model.selectedProperty().get();
        if (shown == null || state == null) {
            Label choose = new Label(MESSAGES.text("execution.choose"));
            choose.getStyleClass().add("muted");
            choose.setWrapText(true);
            look.getChildren().setAll(choose);
            return;
        }
        name.setText(state);
        comment.setText(
                shown.graph().nodes().stream()
                        .filter(node -> node.id().equals(state))
                        .map(StateGraph.Node::comment)
                        .findFirst()
                        .orElse(""));
        comment.setVisible(!comment.getText().isEmpty());
        comment.setManaged(comment.isVisible());
        heading.getChildren().setAll(name);
        look.getChildren().setAll(heading, comment);
        ExecutionTrace.Visit visit = shown.trace().latest(state).orElse(null);
        if (visit == null) {
            heading.getChildren().add(new StatusBadge(Tone.WAITING, MESSAGES.text("visit.notYet")));
            return;
        }
        Label took = new Label(took(visit));
        took.getStyleClass().addAll("muted", "small");
        heading.getChildren()
                .addAll(
                        new StatusBadge(
                                visit.outcome().tone(), MESSAGES.text("visit." + visit.outcome())),
                        took);
        if (visit.error() != null) {
            look.getChildren()
                    .add(new ProblemView(FailureText.problem(visit.error(), visit.cause()), null));
        }
        show(input, visit.input());
        show(request, visit.request());
        show(output, visit.output());
        show(error, visit.error() == null ? null : visit.error() + "\n" + pretty(visit.cause()));
        look.getChildren().add(texts);
    }

    private static String took(ExecutionTrace.Visit visit) {
        return visit.exitedAt() == null
                ? ""
                : Format.duration(Duration.between(visit.enteredAt(), visit.exitedAt()));
    }

    /** Keeps the place of reading where the text stays the same. */
    private static void show(TextArea area, @Nullable String json) {
        String text = pretty(json);
        if (!area.getText().equals(text)) {
            area.setText(text);
        }
    }

    private static String pretty(@Nullable String json) {
        if (json == null) {
            return "";
        }
        try {
            return PRETTY.writeValueAsString(Json.mapper().readTree(json));
        } catch (JsonProcessingException e) {
            return json;
        }
    }
}
