package io.amcinsights.desktop.inputs;

import io.amcinsights.contract.TimeWindow;
import io.amcinsights.desktop.common.Field;
import io.amcinsights.desktop.common.Messages;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Objects;

/** The fields of a time window, and below them the period that they mean. */
public final class TimeWindowView extends VBox {

    private static final Messages MESSAGES = Messages.of(TimeWindowView.class);

    private final TimeWindowViewModel model;

    public TimeWindowView(TimeWindowViewModel model) {
        this.model = model;
        getStyleClass().addAll("form", "time-window");
        getStylesheets()
                .add(
                        Objects.requireNonNull(TimeWindowView.class.getResource("Inputs.css"))
                                .toExternalForm());

        ComboBox<TimeWindow.Type> type = new ComboBox<>();
        type.setId("windowType");
        type.setMaxWidth(Double.MAX_VALUE);
        type.setAccessibleText(MESSAGES.text("window.type"));
        type.getItems().setAll(TimeWindow.Type.values());
        type.setConverter(new TypeWords());
        type.valueProperty().bindBidirectional(model.typeProperty());

        MomentInput start = MomentInput.relative(MESSAGES.text("window.start"));
        start.field().setId("windowStart");
        Field startField = field("window.start", "window.start.hint", start);
        bind(TimeWindowViewModel.Field.START, startField, start.field());
        MomentInput end = MomentInput.relative(MESSAGES.text("window.end"));
        end.field().setId("windowEnd");
        Field endField = field("window.end", "window.end.hint", end);
        bind(TimeWindowViewModel.Field.END, endField, end.field());
        for (Field field : new Field[] {startField, endField}) {
            field.managedProperty().bind(field.visibleProperty());
            field.visibleProperty().bind(model.typeProperty().isEqualTo(TimeWindow.Type.EXPLICIT));
        }

        ZoneInput zone = new ZoneInput();
        zone.setId("windowZone");
        zone.setAccessibleText(MESSAGES.text("window.zone"));
        Field zoneField = field("window.zone", "window.zone.hint", zone);
        bind(TimeWindowViewModel.Field.ZONE, zoneField, zone);

        getChildren()
                .addAll(
                        field("window.type", null, type),
                        startField,
                        endField,
                        zoneField,
                        preview());
    }

    private Node preview() {
        Label period = wrapped();
        period.setId("windowPreview");
        period.getStyleClass().add("window-period");
        period.textProperty().bind(model.previewProperty());
        Label remark = wrapped();
        remark.getStyleClass().addAll("muted", "small");
        remark.textProperty().bind(model.remarkProperty());
        Label warning = wrapped();
        warning.setId("windowWarning");
        warning.getStyleClass().addAll("small", "window-warning", "tone-waiting");
        warning.setGraphic(new FontIcon("fth-alert-triangle"));
        warning.setAlignment(Pos.TOP_LEFT);
        warning.textProperty().bind(model.warningProperty());
        warning.visibleProperty().bind(model.warningProperty().isNotEmpty());
        warning.managedProperty().bind(warning.visibleProperty());
        FontIcon icon = new FontIcon("fth-calendar");
        VBox text = new VBox(4, period, remark, warning);
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox box = new HBox(12, icon, text);
        box.getStyleClass().add("window-preview");
        box.visibleProperty().bind(model.previewProperty().isNotEmpty());
        box.managedProperty().bind(box.visibleProperty());
        return box;
    }

    private void bind(TimeWindowViewModel.Field what, Field field, TextField text) {
        text.textProperty().bindBidirectional(model.value(what));
        field.messageProperty().bind(model.message(what));
        text.focusedProperty()
                .subscribe(
                        (had, has) -> {
                            if (had && !has) {
                                model.left(what);
                            }
                        });
    }

    private static Field field(String label, @Nullable String hint, Node control) {
        Field field = new Field();
        field.setLabel(MESSAGES.text(label));
        if (hint != null) {
            field.setHint(MESSAGES.text(hint));
        }
        field.getControl().add(control);
        return field;
    }

    private static Label wrapped() {
        Label label = new Label();
        label.setWrapText(true);
        label.setMinHeight(USE_PREF_SIZE);
        return label;
    }

    private static final class TypeWords extends StringConverter<TimeWindow.Type> {

        @Override
        public String toString(TimeWindow.@Nullable Type type) {
            return type == null ? "" : MESSAGES.text("window.type." + type);
        }

        @Override
        public TimeWindow.Type fromString(String text) {
            throw new UnsupportedOperationException("Types are chosen, not typed");
        }
    }
}
