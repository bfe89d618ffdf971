package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.charts.Plot.CategorySeries;
import io.amcinsights.desktop.charts.Plot.Point;
import io.amcinsights.desktop.charts.Plot.PointSeries;
import io.amcinsights.desktop.common.Tone;

import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.chart.Axis;
import javafx.scene.chart.BarChart;
import javafx.scene.chart.CategoryAxis;
import javafx.scene.chart.LineChart;
import javafx.scene.chart.NumberAxis;
import javafx.scene.chart.ScatterChart;
import javafx.scene.chart.StackedBarChart;
import javafx.scene.chart.ValueAxis;
import javafx.scene.chart.XYChart;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.transform.Transform;
import javafx.util.Duration;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;

/** A chart with its title, its caption and what a reader could misread. */
public final class ChartView extends VBox {

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
    private static final PseudoClass HIDDEN = PseudoClass.getPseudoClass("privacy");

    /** More categories, or longer names, read better as lines of text. */
    private static final int UPRIGHT_CATEGORIES = 12;

    private static final int UPRIGHT_LETTERS = 14;

    private static final int COLOURS = 8;

    private static final double LOWEST = 160;

    /** What an axis with labels and title takes. */
    private static final double AXIS = 60;

    private static final double GAP = 6;
    private static final double PICTURE_WIDTH = 960;
    private static final double PICTURE_HEIGHT = 540;
    private static final DateTimeFormatter SHORT_DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}( .*)?");

    /** Fewer points are marked one by one. */
    private static final int MARKED_POINTS = 60;

    /** A chart in whatever room it gets: what needs more can be scrolled. */
    public ChartView(Chart chart) {
        this(chart, true);
    }

    private ChartView(Chart chart, boolean scrolls) {
        getStyleClass().add("chart-view");
        getStylesheets().add(ChartView.class.getResource("charts.css").toExternalForm());
        Label title = new Label(ChartWords.title(chart.spec()));
        title.getStyleClass().add("subtitle");
        title.setId("chartTitle");
        Region plot = plot(chart.spec(), chart.plot());
        VBox.setVgrow(plot, Priority.ALWAYS);
        if (scrolls && plot.getMinHeight() > LOWEST) {
            ScrollPane scroll = new ScrollPane(plot);
            scroll.setFitToWidth(true);
            scroll.setFitToHeight(true);
            scroll.getStyleClass().add("chart-scroll");
            VBox.setVgrow(scroll, Priority.ALWAYS);
            getChildren().addAll(title, scroll);
        } else {
            getChildren().addAll(title, plot);
        }
        for (String warning : ChartWords.warnings(chart.caption())) {
            Label label = wrapped(warning);
            label.setGraphic(new FontIcon("fth-alert-triangle"));
            label.getStyleClass().add("chart-warning");
            getChildren().add(label);
        }
        Label caption = wrapped(ChartWords.caption(chart.caption()));
        caption.setId("chartCaption");
        caption.getStyleClass().add("muted");
        Long hidden = chart.caption().hiddenRows();
        if (hidden != null && hidden > 0) {
            caption.setGraphic(new FontIcon(Tone.PRIVACY.icon()));
            caption.getStyleClass().add("chart-privacy");
        }
        getChildren().add(caption);
    }

    /**
     * A picture of a chart for slides, twice as fine as a screen.
     *
     * @param like gives the picture its colours
     */
    static WritableImage picture(Chart chart, Scene like) {
        ChartView view = new ChartView(chart, false);
        StackPane root = new StackPane(view);
        Scene scene = new Scene(root, PICTURE_WIDTH, PICTURE_HEIGHT);
        scene.getStylesheets().setAll(like.getStylesheets());
        root.pseudoClassStateChanged(DARK, like.getRoot().getPseudoClassStates().contains(DARK));
        root.applyCss();
        root.resize(PICTURE_WIDTH, Math.max(PICTURE_HEIGHT, root.minHeight(PICTURE_WIDTH)));
        root.layout();
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setTransform(Transform.scale(2, 2));
        return root.snapshot(parameters, null);
    }

    private static Label wrapped(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("small");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private static Region plot(ChartSpec spec, Plot plot) {
        return switch (plot) {
            case Plot.Numbers numbers -> numbers(numbers);
            case Plot.Categories categories when spec.kind() == ChartKind.LINE -> steps(categories);
            case Plot.Categories categories ->
                    bars(categories, spec.kind() == ChartKind.STACKED_BAR);
            case Plot.Points points when spec.kind() == ChartKind.SCATTER -> scatter(points);
            case Plot.Points points -> lines(points);
            case Plot.Nothing nothing -> new Region();
        };
    }

    private static Region numbers(Plot.Numbers numbers) {
        FlowPane pane = new FlowPane();
        pane.getStyleClass().add("figures");
        for (Plot.Figure figure : numbers.figures()) {
            Double value = figure.value();
            Label name = new Label(figure.name());
            name.getStyleClass().add("muted");
            Label number = new Label(value == null ? "–" : ChartWords.value(value));
            number.getStyleClass().add("figure-value");
            VBox box = new VBox(4, name, number);
            box.getStyleClass().addAll("figure", "card");
            if (!figure.unit().isEmpty()) {
                Label unit = new Label(figure.unit());
                unit.getStyleClass().addAll("muted", "small");
                box.getChildren().add(unit);
            }
            pane.getChildren().add(box);
        }
        return pane;
    }

    private static Region bars(Plot.Categories asked, boolean stacked) {
        boolean dates = asked.labels().stream().allMatch(label -> DATE.matcher(label).matches());
        Plot.Categories plot = dates ? withShortDates(asked) : asked;
        boolean upright =
                dates
                        || (plot.labels().size() <= UPRIGHT_CATEGORIES
                                && plot.labels().stream()
                                        .allMatch(label -> label.length() <= UPRIGHT_LETTERS));
        CategoryAxis categories = categoryAxis(plot.x());
        NumberAxis values = valueAxis(plot.y(), true);
        if (upright) {
            XYChart<String, Number> standing =
                    finished(
                            stacked
                                    ? new StackedBarChart<>(categories, values)
                                    : new BarChart<>(categories, values),
                            plot,
                            (label, value) -> new XYChart.Data<>(label, value));
            order(categories, plot.labels());
            return standing;
        }
        XYChart<Number, String> lying =
                finished(
                        stacked
                                ? new StackedBarChart<>(values, categories)
                                : new BarChart<>(values, categories),
                        plot,
                        (label, value) -> new XYChart.Data<>(value, label));
        // This axis begins at the bottom.
        order(categories, plot.labels().reversed());
        int thick = stacked ? 1 : plot.series().size();
        lying.setMinHeight(
                Math.max(
                        LOWEST, AXIS + plot.labels().size() * (GAP + Math.max(12.0, 5.0 * thick))));
        return lying;
    }

    /** A line over steps that have an order but no distance. */
    private static Region steps(Plot.Categories plot) {
        CategoryAxis categories = categoryAxis(plot.x());
        XYChart<String, Number> chart =
                finished(
                        new LineChart<>(categories, valueAxis(plot.y(), true)),
                        plot,
                        (label, value) -> new XYChart.Data<>(label, value));
        order(categories, plot.labels());
        return chart;
    }

    /** Places a value of a category on the two axes. */
    private interface Place<X, Y> {
        XYChart.Data<X, Y> of(String label, Double value);
    }

    private static <X, Y> XYChart<X, Y> finished(
            XYChart<X, Y> chart, Plot.Categories plot, Place<X, Y> place) {
        String hidden = plot.hidden() < 0 ? null : plot.labels().get(plot.hidden());
        for (CategorySeries of : plot.series()) {
            XYChart.Series<X, Y> series = new XYChart.Series<>();
            series.setName(of.name());
            for (int i = 0; i < plot.labels().size(); i++) {
                Double value = of.values().get(i);
                if (value == null) {
                    continue;
                }
                String label = plot.labels().get(i);
                XYChart.Data<X, Y> data = place.of(label, value);
                series.getData().add(data);
                data.nodeProperty()
                        .subscribe(
                                node -> {
                                    if (node != null) {
                                        dress(
                                                node,
                                                label,
                                                plot.series().size() == 1 ? "" : of.name(),
                                                value,
                                                label.equals(hidden) || hiddenSeries(of.name()));
                                    }
                                });
            }
            chart.getData().add(series);
        }
        finish(chart, plot.series().stream().map(CategorySeries::name).toList());
        return chart;
    }

    private static boolean hiddenSeries(String name) {
        return name.equals(ChartWords.hidden());
    }

    private static void dress(
            Node node, String label, String series, double value, boolean hidden) {
        node.pseudoClassStateChanged(HIDDEN, hidden);
        tooltip(
                node,
                series.isEmpty()
                        ? "%s\n%s".formatted(label, ChartWords.value(value))
                        : "%s · %s\n%s".formatted(label, series, ChartWords.value(value)));
    }

    private static void tooltip(Node node, String text) {
        Tooltip tooltip = new Tooltip(text);
        tooltip.setShowDelay(Duration.millis(100));
        Tooltip.install(node, tooltip);
    }

    private static Region lines(Plot.Points plot) {
        int points = plot.series().stream().mapToInt(s -> s.points().size()).max().orElse(0);
        ValueAxis<Number> x = plot.time() ? timeAxis(plot) : numberAxis(plot);
        LineChart<Number, Number> chart = new LineChart<>(x, valueAxis(plot.y(), true));
        chart.setCreateSymbols(points <= MARKED_POINTS);
        fill(chart, plot);
        finish(chart, plot.series().stream().map(PointSeries::name).toList());
        return new Crosshair(chart, plot);
    }

    private static Region scatter(Plot.Points plot) {
        ScatterChart<Number, Number> chart =
                new ScatterChart<>(numberAxis(plot), valueAxis(plot.y(), false));
        fill(chart, plot);
        finish(chart, plot.series().stream().map(PointSeries::name).toList());
        return chart;
    }

    private static void fill(XYChart<Number, Number> chart, Plot.Points plot) {
        for (PointSeries of : plot.series()) {
            XYChart.Series<Number, Number> series = new XYChart.Series<>();
            series.setName(of.name());
            for (Point point : of.points()) {
                XYChart.Data<Number, Number> data = new XYChart.Data<>(point.x(), point.y());
                if (!point.label().isEmpty()) {
                    data.nodeProperty()
                            .subscribe(
                                    node -> {
                                        if (node != null) {
                                            tooltip(node, text(point));
                                        }
                                    });
                }
                series.getData().add(data);
            }
            chart.getData().add(series);
        }
    }

    private static String text(Point point) {
        return "%s\n%s / %s"
                .formatted(point.label(), ChartWords.value(point.x()), ChartWords.value(point.y()));
    }

    private static void finish(XYChart<?, ?> chart, List<String> series) {
        chart.setAnimated(false);
        chart.setLegendVisible(series.size() > 1);
        // What privacy hides has its own colour, in the legend as well.
        int hidden = series.indexOf(ChartWords.hidden());
        if (hidden >= 0) {
            chart.setStyle("CHART_COLOR_%d: -tone-privacy;".formatted(hidden % COLOURS + 1));
        }
        chart.setMinHeight(LOWEST);
        chart.setAlternativeRowFillVisible(false);
        chart.setAlternativeColumnFillVisible(false);
        chart.setVerticalGridLinesVisible(chart.getYAxis() instanceof CategoryAxis);
        chart.setHorizontalGridLinesVisible(!(chart.getYAxis() instanceof CategoryAxis));
        switch (chart) {
            case BarChart<?, ?> bars -> {
                bars.setBarGap(1);
                bars.setCategoryGap(GAP);
            }
            case StackedBarChart<?, ?> bars -> bars.setCategoryGap(GAP);
            default -> {}
        }
    }

    private static CategoryAxis categoryAxis(Plot.AxisText text) {
        CategoryAxis axis = new CategoryAxis();
        finish(axis, text);
        return axis;
    }

    /** An axis takes an order from outside only while it does not range by itself. */
    private static void order(CategoryAxis axis, List<String> labels) {
        axis.setAutoRanging(false);
        axis.getCategories().setAll(labels);
        axis.setAutoRanging(true);
    }

    /** Days as people write them, if that leaves them different. */
    private static Plot.Categories withShortDates(Plot.Categories plot) {
        List<String> labels =
                plot.labels().stream()
                        .map(label -> SHORT_DAY.format(LocalDate.parse(label.substring(0, 10))))
                        .distinct()
                        .toList();
        return labels.size() < plot.labels().size()
                ? plot
                : new Plot.Categories(plot.x(), plot.y(), labels, plot.hidden(), plot.series());
    }

    private static NumberAxis valueAxis(Plot.AxisText text, boolean fromZero) {
        NumberAxis axis = new NumberAxis();
        axis.setForceZeroInRange(fromZero);
        axis.setMinorTickVisible(false);
        axis.setTickLabelFormatter(label(ChartWords::compact));
        finish(axis, text);
        return axis;
    }

    private static NumberAxis numberAxis(Plot.Points plot) {
        return valueAxis(plot.x(), false);
    }

    private static TimeAxis timeAxis(Plot.Points plot) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        boolean days = true;
        for (PointSeries series : plot.series()) {
            for (Point point : series.points()) {
                least = Math.min(least, point.x());
                greatest = Math.max(greatest, point.x());
                days &= TimeTicks.day(point.x());
            }
        }
        TimeAxis axis = new TimeAxis(TimeTicks.of(least, greatest, days));
        finish(axis, plot.x());
        return axis;
    }

    private static void finish(Axis<?> axis, Plot.AxisText text) {
        axis.setAnimated(false);
        axis.setTickLabelGap(6);
        String title = ChartWords.axis(text);
        if (!title.isEmpty()) {
            axis.setLabel(title);
        }
    }

    private static StringConverter<Number> label(DoubleFunction<String> text) {
        return new StringConverter<>() {
            @Override
            public String toString(Number value) {
                return text.apply(value.doubleValue());
            }

            @Override
            public @Nullable Number fromString(String any) {
                throw new UnsupportedOperationException("An axis only writes.");
            }
        };
    }
}
