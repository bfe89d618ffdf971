package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.charts.Plot.Point;
import io.amcinsights.desktop.charts.Plot.PointSeries;

import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.chart.ValueAxis;
import javafx.scene.chart.XYChart;
import javafx.scene.control.Label;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Pane;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.Line;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A chart of lines that tells all values at the place under the pointer. */
final class Crosshair extends StackPane {

    private final XYChart<Number, Number> chart;
    private final Plot.Points plot;
    private final Line line = new Line();
    private final Label values = new Label();

    Crosshair(XYChart<Number, Number> chart, Plot.Points plot) {
        this.chart = chart;
        this.plot = plot;
        line.getStyleClass().add("crosshair");
        values.getStyleClass().add("crosshair-values");
        Pane over = new Pane(line, values);
        over.setMouseTransparent(true);
        getChildren().addAll(chart, over);
        show(false);
        setOnMouseMoved(this::moved);
        setOnMouseExited(event -> show(false));
    }

    private void show(boolean visible) {
        line.setVisible(visible);
        values.setVisible(visible);
    }

    private void moved(MouseEvent event) {
        Node background = chart.lookup(".chart-plot-background");
        Bounds area = sceneToLocal(background.localToScene(background.getBoundsInLocal()));
        if (!area.contains(event.getX(), event.getY())) {
            show(false);
            return;
        }
        ValueAxis<Number> x = (ValueAxis<Number>) chart.getXAxis();
        Point2D inAxis = x.sceneToLocal(localToScene(event.getX(), event.getY()));
        double at = nearest(x.getValueForDisplay(inAxis.getX()).doubleValue());
        double place = sceneToLocal(x.localToScene(x.getDisplayPosition(at), 0)).getX();
        line.setStartX(place);
        line.setEndX(place);
        line.setStartY(area.getMinY());
        line.setEndY(area.getMaxY());
        values.setText(text(at));
        values.autosize();
        boolean left = place + 12 + values.getWidth() > area.getMaxX();
        values.relocate(
                left ? place - 12 - values.getWidth() : place + 12,
                Math.clamp(
                        event.getY() - values.getHeight() / 2,
                        area.getMinY(),
                        Math.max(area.getMinY(), area.getMaxY() - values.getHeight())));
        show(true);
    }

    private double nearest(double wanted) {
        double best = Double.NaN;
        for (PointSeries series : plot.series()) {
            Point point = nearest(series.points(), wanted);
            if (point != null && !(Math.abs(best - wanted) <= Math.abs(point.x() - wanted))) {
                best = point.x();
            }
        }
        return best;
    }

    private static @Nullable Point nearest(List<Point> points, double wanted) {
        Point best = null;
        for (Point point : points) {
            if (best == null || Math.abs(point.x() - wanted) < Math.abs(best.x() - wanted)) {
                best = point;
            }
        }
        return best;
    }

    private String text(double at) {
        StringBuilder text =
                new StringBuilder(plot.time() ? TimeTicks.full(at) : ChartWords.value(at));
        for (PointSeries series : plot.series()) {
            series.points().stream()
                    .filter(point -> point.x() == at)
                    .findFirst()
                    .ifPresent(
                            point ->
                                    text.append('\n')
                                            .append(series.name())
                                            .append("  ")
                                            .append(ChartWords.value(point.y())));
        }
        return text.toString();
    }
}
