package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.results.Column;

import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuButton;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** A chart and the choices that make it. */
public final class ChartPanel extends VBox {

    private static final Messages MESSAGES = Messages.of(ChartPanel.class);

    private final ChartViewModel model;
    private final ComboBox<ChartKind> kind = new ComboBox<>();
    private final ComboBox<String> x = new ComboBox<>();
    private final MenuButton measures = new MenuButton();
    private final ComboBox<String> series = new ComboBox<>();
    private final ComboBox<Aggregate> aggregate = new ComboBox<>();
    private final StateView state = new StateView();
    private boolean showing;

    public ChartPanel(ChartViewModel model) {
        this.model = model;
        getStyleClass().add("chart-panel");
        getStylesheets().add(ChartPanel.class.getResource("charts.css").toExternalForm());

        kind.getItems().setAll(ChartKind.values());
        words(kind, value -> MESSAGES.text("kind." + value));
        aggregate.getItems().setAll(Aggregate.values());
        words(aggregate, value -> MESSAGES.text("aggregate." + value));
        words(x, Function.identity());
        words(series, name -> name.isEmpty() ? MESSAGES.text("series.none") : name);
        HBox choices =
                new HBox(
                        choice("kind", kind, 144),
                        choice("x", x, 168),
                        choice("measure", measures, 168),
                        choice("aggregate", aggregate, 112),
                        choice("series", series, 168));
        choices.getStyleClass().add("chart-choices");
        VBox.setVgrow(state, Priority.ALWAYS);
        getChildren().addAll(choices, state);

        on(kind, model::choose);
        on(x, model::chooseX);
        on(aggregate, model::choose);
        on(series, name -> model.chooseSeries(name.isEmpty() ? null : name));
        model.specProperty().subscribe(this::show);
        model.chartProperty()
                .subscribe(chart -> state.setContent(chart == null ? null : new ChartView(chart)));
        state.stateProperty().bind(model.stateProperty());
    }

    private static VBox choice(String id, Control control, double width) {
        Label label = new Label(MESSAGES.text("choice." + id));
        label.getStyleClass().add("field-label");
        label.setLabelFor(control);
        control.setId("chart" + Character.toUpperCase(id.charAt(0)) + id.substring(1));
        control.setPrefWidth(width);
        control.setMinWidth(id.equals("kind") ? width : 72);
        control.setAccessibleText(label.getText());
        VBox box = new VBox(2, label, control);
        HBox.setHgrow(box, Priority.SOMETIMES);
        box.setMaxWidth(width);
        return box;
    }

    private static <T> void words(ComboBox<T> box, Function<T, String> word) {
        box.setCellFactory(list -> cell(word));
        box.setButtonCell(cell(word));
    }

    private static <T> ListCell<T> cell(Function<T, String> word) {
        return new ListCell<>() {
            @Override
            protected void updateItem(@Nullable T value, boolean empty) {
                super.updateItem(value, empty);
                setText(value == null || empty ? null : word.apply(value));
            }
        };
    }

    /** What its person chooses; what the model chose is no choice. */
    private <T> void on(ComboBox<T> box, Consumer<T> choose) {
        box.valueProperty()
                .addListener(
                        (property, old, now) -> {
                            if (!showing && now != null) {
                                choose.accept(now);
                            }
                        });
    }

    private void show(@Nullable ChartSpec spec) {
        showing = true;
        try {
            setDisable(spec == null);
            boolean numbers = spec == null || spec.kind() == ChartKind.NUMBER;
            kind.setValue(spec == null ? null : spec.kind());
            x.getItems().setAll(names(model.xChoices()));
            x.setValue(spec == null ? null : spec.x());
            x.setDisable(numbers);
            measures(spec);
            series.getItems()
                    .setAll(
                            Stream.concat(Stream.of(""), names(model.seriesChoices()).stream())
                                    .toList());
            series.setValue(spec == null ? null : spec.series() == null ? "" : spec.series());
            series.setDisable(numbers);
            aggregate.setValue(spec == null ? null : spec.aggregate());
            aggregate.setDisable(spec != null && spec.kind() == ChartKind.SCATTER);
        } finally {
            showing = false;
        }
    }

    private void measures(@Nullable ChartSpec spec) {
        measures.getItems().clear();
        if (spec == null) {
            measures.setText("");
            return;
        }
        measures.setText(
                spec.measures().size() == 1
                        ? spec.measures().getFirst()
                        : MESSAGES.text(
                                "measures.more",
                                spec.measures().getFirst(),
                                spec.measures().size() - 1));
        for (Column column : model.measureChoices()) {
            CheckMenuItem item = new CheckMenuItem(column.name());
            item.setSelected(spec.measures().contains(column.name()));
            item.setMnemonicParsing(false);
            item.setOnAction(event -> model.chooseMeasures(chosen(spec, item)));
            measures.getItems().add(item);
        }
    }

    /** Several at once only where they can be drawn together; else the new one for the old. */
    private static List<String> chosen(ChartSpec spec, CheckMenuItem item) {
        boolean several = spec.series() == null && spec.kind() != ChartKind.SCATTER;
        List<String> chosen = new ArrayList<>();
        if (several) {
            chosen.addAll(spec.measures());
            chosen.remove(item.getText());
        }
        if (item.isSelected() || chosen.isEmpty()) {
            chosen.add(item.getText());
        }
        return chosen;
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).distinct().toList();
    }

    /** A picture of the chart with title and caption; empty where there is none. */
    public Optional<WritableImage> picture() {
        Chart chart = model.chartProperty().get();
        return chart == null || !model.drawable() || getScene() == null
                ? Optional.empty()
                : Optional.of(ChartView.picture(chart, getScene()));
    }
}
