package io.amcinsights.desktop.common;

import javafx.beans.property.ObjectProperty;
import javafx.collections.ObservableList;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Boxes to choose from a list, where choosing nothing means something too. */
public final class Choices {

    private Choices() {}

    /** Offers nothing, then the values; what is chosen stays chosen. */
    public static <T> void offer(ComboBox<@Nullable T> box, List<T> values) {
        T chosen = box.getValue();
        List<@Nullable T> all = new ArrayList<>();
        all.add(null);
        all.addAll(values);
        box.getItems().setAll(all);
        box.setValue(chosen);
    }

    /** Offers nothing, then the values as they are now and later; what is chosen stays chosen. */
    public static <T> void follow(ComboBox<@Nullable T> box, ObservableList<T> values) {
        values.subscribe(() -> offer(box, values));
        // A box that had no items once shows no word for nothing.
        offer(box, values);
    }

    /**
     * Binds what is chosen.
     *
     * @param word how a value reads
     * @param nothing how nothing reads, such as {@code All tenants}
     */
    public static <T> void bind(
            ComboBox<@Nullable T> box,
            ObjectProperty<@Nullable T> property,
            Function<T, String> word,
            String nothing) {
        words(box, word, nothing);
        box.valueProperty().bindBidirectional(property);
    }

    /** Says how each value reads. */
    public static <T> void words(ComboBox<@Nullable T> box, Function<T, String> word) {
        words(box, word, "");
    }

    private static <T> void words(
            ComboBox<@Nullable T> box, Function<T, String> word, String nothing) {
        box.setCellFactory(list -> cell(word, nothing));
        box.setButtonCell(cell(word, nothing));
    }

    private static <T> ListCell<@Nullable T> cell(Function<T, String> word, String nothing) {
        return new ListCell<>() {
            @Override
            protected void updateItem(@Nullable T value, boolean empty) {
                super.updateItem(value, empty);
                setText(value != null ? word.apply(value) : nothing);
            }
        };
    }
}
