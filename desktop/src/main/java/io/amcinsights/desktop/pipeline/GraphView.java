package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.common.Messages;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Group;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.ArcTo;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.Polygon;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws a state machine, each state with the colour, icon and word of where it stands. A click or
 * the keyboard selects a state; Ctrl and the wheel zoom.
 */
final class GraphView extends ScrollPane {

    private static final Messages MESSAGES = Messages.of(GraphView.class);
    private static final PseudoClass TAKEN = PseudoClass.getPseudoClass("taken");
    private static final double RADIUS = 6;
    private static final double SMALLEST = 0.4;
    private static final double LARGEST = 2;

    private final Pane canvas = new Pane();
    private final Group scaled = new Group(canvas);
    private final Map<String, StateButton> buttons = new HashMap<>();
    private final ObjectProperty<@Nullable String> selected = new SimpleObjectProperty<>();
    private @Nullable GraphLayout drawn;
    private boolean fitted = true;

    GraphView() {
        getStyleClass().add("graph-view");
        StackPane centred = new StackPane(scaled);
        centred.minWidthProperty().bind(widthProperty().subtract(4));
        centred.minHeightProperty().bind(heightProperty().subtract(4));
        setContent(centred);
        setPannable(true);
        addEventFilter(
                ScrollEvent.SCROLL,
                event -> {
                    if (event.isShortcutDown()) {
                        zoom(event.getDeltaY() > 0 ? 1.1 : 1 / 1.1);
                        event.consume();
                    }
                });
        widthProperty().subscribe(this::fitIfWanted);
        heightProperty().subscribe(this::fitIfWanted);
        selected.subscribe(
                name -> buttons.forEach((id, button) -> button.setSelected(id.equals(name))));
    }

    ObjectProperty<@Nullable String> selectedProperty() {
        return selected;
    }

    /** Draws an execution; a graph that is drawn already only changes its colours. */
    void show(ExecutionViewModel.Shown shown) {
        if (!shown.layout().equals(drawn)) {
            draw(shown.graph(), shown.layout());
        }
        for (StateGraph.Node node : shown.graph().nodes()) {
            StateButton button = buttons.get(node.id());
            if (button != null) {
                button.colour(node, shown.trace());
            }
        }
        canvas.getChildren()
                .forEach(
                        child -> {
                            if (child.getUserData() instanceof StateGraph.Edge edge) {
                                child.pseudoClassStateChanged(TAKEN, taken(edge, shown));
                            }
                        });
    }

    private static boolean taken(StateGraph.Edge edge, ExecutionViewModel.Shown shown) {
        ExecutionTrace trace = shown.trace();
        if (edge.from().equals(StateGraph.START)) {
            return !trace.visits().isEmpty();
        }
        if (edge.to().equals(StateGraph.END)) {
            return shown.execution().status().ended()
                    && !trace.visits().isEmpty()
                    && trace.visits().getLast().state().equals(edge.from());
        }
        return trace.went(edge.from(), edge.to());
    }

    private void draw(StateGraph graph, GraphLayout layout) {
        drawn = layout;
        canvas.getChildren().clear();
        buttons.clear();
        canvas.setPrefSize(layout.width(), layout.height());
        canvas.setMinSize(layout.width(), layout.height());
        layout.lines().forEach(this::drawLine);
        for (StateGraph.Node node : graph.nodes()) {
            GraphLayout.Box box = layout.boxes().get(node.id());
            if (box != null) {
                Region region = node.type().isEmpty() ? end() : button(node);
                region.resizeRelocate(box.x(), box.y(), box.width(), box.height());
                region.setManaged(false);
                canvas.getChildren().add(region);
            }
        }
        fitted = true;
        fitIfWanted();
    }

    private static Region end() {
        Region dot = new Region();
        dot.getStyleClass().add("graph-end");
        return dot;
    }

    private StateButton button(StateGraph.Node node) {
        StateButton button = new StateButton(node);
        button.setSelected(node.id().equals(selected.get()));
        button.setOnAction(
                event -> {
                    button.setSelected(true);
                    selected.set(node.id());
                });
        buttons.put(node.id(), button);
        return button;
    }

    private void drawLine(GraphLayout.Line line) {
        List<GraphLayout.Spot> spots = line.spots();
        if (spots.size() < 2) {
            return;
        }
        Path path = new Path(new MoveTo(spots.getFirst().x(), spots.getFirst().y()));
        for (int i = 1; i < spots.size() - 1; i++) {
            corner(path, spots.get(i - 1), spots.get(i), spots.get(i + 1));
        }
        GraphLayout.Spot tip = spots.getLast();
        GraphLayout.Spot before = spots.get(spots.size() - 2);
        Point2D direction = new Point2D(tip.x() - before.x(), tip.y() - before.y()).normalize();
        path.getElements()
                .add(new LineTo(tip.x() - direction.getX() * 6, tip.y() - direction.getY() * 6));
        path.getStyleClass().add(line.edge().error() ? "graph-error-line" : "graph-line");
        path.setUserData(line.edge());

        double sideX = -direction.getY() * 4;
        double sideY = direction.getX() * 4;
        double backX = tip.x() - direction.getX() * 7;
        double backY = tip.y() - direction.getY() * 7;
        Polygon arrow =
                new Polygon(
                        tip.x(),
                        tip.y(),
                        backX + sideX,
                        backY + sideY,
                        backX - sideX,
                        backY - sideY);
        arrow.getStyleClass().add("graph-arrow");
        arrow.setUserData(line.edge());
        canvas.getChildren().addAll(path, arrow);
        GraphLayout.Box place = line.label();
        if (place != null) {
            Label label = new Label(line.edge().label());
            label.getStyleClass().add("graph-label");
            label.setManaged(false);
            label.resizeRelocate(place.x(), place.y(), place.width() + 8, place.height());
            canvas.getChildren().add(label);
        }
    }

    /** Goes to a corner and around it. */
    private static void corner(
            Path path, GraphLayout.Spot from, GraphLayout.Spot at, GraphLayout.Spot to) {
        Point2D corner = new Point2D(at.x(), at.y());
        Point2D in = corner.subtract(from.x(), from.y());
        Point2D out = new Point2D(to.x(), to.y()).subtract(corner);
        double radius = Math.min(RADIUS, Math.min(in.magnitude(), out.magnitude()) / 2);
        Point2D begin = corner.subtract(in.normalize().multiply(radius));
        Point2D end = corner.add(out.normalize().multiply(radius));
        boolean clockwise = in.getX() * out.getY() - in.getY() * out.getX() > 0;
        path.getElements()
                .addAll(
                        new LineTo(begin.getX(), begin.getY()),
                        new ArcTo(radius, radius, 0, end.getX(), end.getY(), false, clockwise));
    }

    /** Makes everything visible, never larger than it is. */
    void fit() {
        fitted = true;
        fitIfWanted();
    }

    void zoom(double factor) {
        fitted = false;
        scale(canvas.getScaleX() * factor);
    }

    private void fitIfWanted() {
        GraphLayout layout = drawn;
        if (fitted && layout != null && getWidth() > 0) {
            scale(
                    Math.min(
                            1,
                            Math.min(
                                    (getWidth() - 16) / layout.width(),
                                    (getHeight() - 16) / layout.height())));
        }
    }

    private void scale(double scale) {
        double bounded = Math.clamp(scale, SMALLEST, LARGEST);
        canvas.setScaleX(bounded);
        canvas.setScaleY(bounded);
    }

    private static final class StateButton extends ToggleButton {

        private final FontIcon icon = new FontIcon("fth-circle");
        private final Label badge = new Label("", icon);

        StateButton(StateGraph.Node node) {
            Label name = new Label(node.id());
            name.getStyleClass().add("graph-name");
            badge.getStyleClass().add("graph-state");
            VBox face = new VBox(name, badge);
            face.setAlignment(Pos.CENTER_LEFT);
            setGraphic(face);
            setId("state" + node.id());
            getStyleClass().add("graph-node");
            setAccessibleText(node.id());
            if (!node.comment().isEmpty()) {
                setTooltip(new Tooltip(node.comment()));
            }
        }

        void colour(StateGraph.Node node, ExecutionTrace trace) {
            getStyleClass().removeIf(style -> style.startsWith("tone-"));
            ExecutionTrace.Visit visit = trace.latest(node.id()).orElse(null);
            if (visit == null) {
                getStyleClass().add("tone-none");
                icon.setIconLiteral("fth-circle");
                badge.setText(node.type());
                return;
            }
            getStyleClass().add(visit.outcome().tone().styleClass());
            icon.setIconLiteral(visit.outcome().tone().icon());
            badge.setText(MESSAGES.text("visit." + visit.outcome()) + more(node, visit, trace));
        }

        private static String more(
                StateGraph.Node node, ExecutionTrace.Visit visit, ExecutionTrace trace) {
            if (visit.attempts() > 1) {
                return MESSAGES.text("visit.attempts", visit.attempts());
            }
            long times = trace.times(node.id());
            return times > 1 ? MESSAGES.text("visit.times", times) : "";
        }
    }
}
