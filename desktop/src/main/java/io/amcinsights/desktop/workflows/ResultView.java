package io.amcinsights.desktop.workflows;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.sql.amc.AmcQuery;

import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The columns that a query will give, and why rows of it may be hidden. */
final class ResultView {

    private static final Messages MESSAGES = Messages.of(ResultView.class);

    private ResultView() {}

    static List<Node> of(@Nullable AmcQuery query) {
        if (query == null || query.outputs().isEmpty()) {
            return List.of(text(MESSAGES.text("result.unreadable"), "muted"));
        }
        List<Node> nodes = new ArrayList<>();
        nodes.add(columns(query.outputs()));
        query.privacy().sentences().forEach(sentence -> nodes.add(text(sentence, "small")));
        return nodes;
    }

    private static GridPane columns(List<AmcQuery.Output> outputs) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("result-columns");
        ColumnConstraints name = new ColumnConstraints();
        name.setHgrow(Priority.ALWAYS);
        ColumnConstraints type = new ColumnConstraints();
        type.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints users = new ColumnConstraints();
        users.setMinWidth(Region.USE_PREF_SIZE);
        users.setHalignment(HPos.RIGHT);
        grid.getColumnConstraints().addAll(name, type, users);
        grid.addRow(0, heading("result.column"), heading("result.type"), heading("result.users"));
        for (AmcQuery.Output output : outputs) {
            Label column = new Label(output.name());
            column.getStyleClass().add("mono");
            column.setTooltip(new Tooltip(output.name()));
            Label kind = new Label(MESSAGES.text("result.type." + output.type().base()));
            kind.setTooltip(new Tooltip(output.type().toString()));
            grid.addRow(grid.getRowCount(), column, kind, needed(output));
        }
        return grid;
    }

    private static Label needed(AmcQuery.Output output) {
        int users = output.threshold().users();
        Label label =
                new Label(
                        users == Integer.MAX_VALUE
                                ? MESSAGES.text("result.users.never")
                                : Integer.toString(users));
        label.setTooltip(new Tooltip(output.threshold().name()));
        return label;
    }

    private static Label heading(String key) {
        return text(MESSAGES.text(key), "muted", "small");
    }

    private static Label text(String words, String... styles) {
        Label label = new Label(words);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().addAll(styles);
        return label;
    }
}
