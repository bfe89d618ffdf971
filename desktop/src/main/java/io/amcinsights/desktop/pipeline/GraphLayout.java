package io.amcinsights.desktop.pipeline;

import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.CycleBreakingStrategy;
import org.eclipse.elk.alg.layered.options.LayerConstraint;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.LayeringStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Where the states of a graph stand, from top to bottom, and how the lines between them run.
 *
 * @param boxes by node id
 */
record GraphLayout(double width, double height, Map<String, Box> boxes, List<Line> lines) {

    static final double NODE_HEIGHT = 40;

    private static final double END_SIZE = 16;
    private static final double LABEL_HEIGHT = 16;
    private static final double CHARACTER_WIDTH = 6.6;

    record Box(double x, double y, double width, double height) {}

    record Spot(double x, double y) {}

    /**
     * @param spots the corners of the line, from its beginning to its arrow
     * @param label where the edge's label stands; null where it has none
     */
    record Line(StateGraph.Edge edge, List<Spot> spots, @Nullable Box label) {}

    /**
     * Lays a graph out. The first call in a program takes about half a second; not for the JavaFX
     * thread.
     *
     * @param textWidth how wide a state's name is drawn
     */
    static GraphLayout of(StateGraph graph, ToDoubleFunction<String> textWidth) {
        // Its making teaches ELK to copy the types of its own options.
        LayoutMetaDataService.getInstance();
        ElkNode root = ElkGraphUtil.createGraph();
        root.setProperty(LayeredOptions.DIRECTION, Direction.DOWN);
        root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        // A loop goes back up to where it was entered.
        root.setProperty(LayeredOptions.CYCLE_BREAKING_STRATEGY, CycleBreakingStrategy.DEPTH_FIRST);
        root.setProperty(LayeredOptions.LAYERING_STRATEGY, LayeringStrategy.NETWORK_SIMPLEX);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE, 32.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_NODE, 16.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 12.0);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 40.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 16.0);
        root.setProperty(LayeredOptions.PADDING, new ElkPadding(16));

        Map<String, ElkNode> nodes = new HashMap<>();
        for (StateGraph.Node node : graph.nodes()) {
            ElkNode box = ElkGraphUtil.createNode(root);
            boolean end = node.type().isEmpty();
            box.setWidth(end ? END_SIZE : Math.max(120, textWidth.applyAsDouble(node.id()) + 56));
            box.setHeight(end ? END_SIZE : NODE_HEIGHT);
            if (end) {
                box.setProperty(
                        LayeredOptions.LAYERING_LAYER_CONSTRAINT,
                        node.id().equals(StateGraph.START)
                                ? LayerConstraint.FIRST
                                : LayerConstraint.LAST);
            }
            nodes.put(node.id(), box);
        }
        Map<ElkEdge, StateGraph.Edge> edges = new LinkedHashMap<>();
        for (StateGraph.Edge edge : graph.edges()) {
            ElkNode from = nodes.get(edge.from());
            ElkNode to = nodes.get(edge.to());
            if (from == null || to == null) {
                throw new IllegalArgumentException(
                        "The definition goes from “%s” to “%s”, and one of them does not exist."
                                .formatted(edge.from(), edge.to()));
            }
            ElkEdge line = ElkGraphUtil.createSimpleEdge(from, to);
            // What happens after a failure must not push the normal way aside.
            line.setProperty(LayeredOptions.PRIORITY_STRAIGHTNESS, edge.error() ? 0 : 10);
            if (!edge.label().isEmpty()) {
                ElkLabel label = ElkGraphUtil.createLabel(edge.label(), line);
                label.setWidth(edge.label().length() * CHARACTER_WIDTH);
                label.setHeight(LABEL_HEIGHT);
                label.setProperty(LayeredOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
            }
            edges.put(line, edge);
        }
        new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());

        Map<String, Box> boxes = new LinkedHashMap<>();
        nodes.forEach(
                (id, node) ->
                        boxes.put(
                                id,
                                new Box(
                                        node.getX(),
                                        node.getY(),
                                        node.getWidth(),
                                        node.getHeight())));
        List<Line> lines = new ArrayList<>();
        edges.forEach((line, edge) -> lines.add(line(line, edge)));
        return new GraphLayout(root.getWidth(), root.getHeight(), boxes, lines);
    }

    private static Line line(ElkEdge line, StateGraph.Edge edge) {
        List<Spot> spots = new ArrayList<>();
        for (ElkEdgeSection section : line.getSections()) {
            spots.add(new Spot(section.getStartX(), section.getStartY()));
            for (ElkBendPoint bend : section.getBendPoints()) {
                spots.add(new Spot(bend.getX(), bend.getY()));
            }
            spots.add(new Spot(section.getEndX(), section.getEndY()));
        }
        Box label =
                line.getLabels().stream()
                        .findFirst()
                        .map(l -> new Box(l.getX(), l.getY(), l.getWidth(), l.getHeight()))
                        .orElse(null);
        return new Line(edge, spots, label);
    }
}
