package io.amcinsights.desktop.inputs;

import io.amcinsights.desktop.common.Messages;

import javafx.beans.property.StringProperty;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.DatePicker;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.control.skin.DatePickerSkin;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Objects;

/** Where a date, a time or a date token is entered: typed, or picked from a calendar or a list. */
public final class MomentInput extends HBox {

    private static final Messages MESSAGES = Messages.of(MomentInput.class);

    /** What analysts ask for most. */
    private static final List<String> TOKENS =
            List.of(
                    "NOW()",
                    "TODAY(0)",
                    "TODAY(-2)",
                    "TODAY(-9)",
                    "TODAY(-32)",
                    "FIRSTDAYOFOFFSETMONTH(0)",
                    "FIRSTDAYOFOFFSETMONTH(-1)",
                    "LASTDAYOFOFFSETMONTH(-1)");

    private final TextField text = new TextField();
    private final List<String> tokens;

    private MomentInput(String name, List<String> tokens, String pickWord) {
        this.tokens = tokens;
        getStyleClass().add("moment-input");
        getStylesheets()
                .add(
                        Objects.requireNonNull(MomentInput.class.getResource("Inputs.css"))
                                .toExternalForm());
        text.getStyleClass().add("mono-field");
        text.setAccessibleText(name);
        HBox.setHgrow(text, Priority.ALWAYS);
        Button pick = new Button(null, new FontIcon("fth-calendar"));
        pick.getStyleClass().add("button-icon");
        pick.setTooltip(new Tooltip(pickWord));
        pick.setAccessibleText(MESSAGES.text("moment.pick.of", name));
        pick.setOnAction(event -> menu().show(pick, Side.BOTTOM, 0, 2));
        getChildren().addAll(text, pick);
    }

    /**
     * For a date, a time or a token.
     *
     * @param name what assistive technology calls the field
     */
    static MomentInput relative(String name) {
        return new MomentInput(name, TOKENS, MESSAGES.text("moment.pick"));
    }

    /**
     * For a date only.
     *
     * @param name what assistive technology calls the field
     */
    public static MomentInput date(String name) {
        return new MomentInput(name, List.of(), MESSAGES.text("moment.pickDate"));
    }

    public TextField field() {
        return text;
    }

    public StringProperty textProperty() {
        return text.textProperty();
    }

    private ContextMenu menu() {
        ContextMenu menu = new ContextMenu();
        for (String token : tokens) {
            Label code = new Label(token);
            code.getStyleClass().add("mono");
            MenuItem item = new MenuItem(MESSAGES.text("moment." + token), code);
            item.setOnAction(event -> text.setText(token));
            menu.getItems().add(item);
        }
        if (!tokens.isEmpty()) {
            menu.getItems().add(new SeparatorMenuItem());
        }
        menu.getItems().add(calendar(menu));
        return menu;
    }

    private CustomMenuItem calendar(ContextMenu menu) {
        DatePicker picker = new DatePicker();
        CustomMenuItem item =
                new CustomMenuItem(new DatePickerSkin(picker).getPopupContent(), false);
        item.getStyleClass().add("moment-calendar");
        picker.valueProperty()
                .subscribe(
                        day -> {
                            if (day != null) {
                                text.setText(day.toString());
                                menu.hide();
                            }
                        });
        return item;
    }
}
