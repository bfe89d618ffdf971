package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.TimeLabel;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** An earlier query; a double click opens it with its result. */
final class HistoryCell extends ListCell<Athena.Query> {

    private static final Messages MESSAGES = Messages.of(HistoryCell.class);
    private static final int SHOWN = 1_000;

    HistoryCell(Consumer<Athena.Query> open) {
        getStyleClass().add("history-cell");
        setPrefWidth(0);
        setOnMouseClicked(
                event -> {
                    Athena.Query query = getItem();
                    if (event.getClickCount() == 2
                            && event.getButton() == MouseButton.PRIMARY
                            && query != null) {
                        open.accept(query);
                    }
                });
    }

    @Override
    protected void updateItem(Athena.@Nullable Query query, boolean empty) {
        super.updateItem(query, empty);
        if (query == null || empty) {
            setGraphic(null);
            setTooltip(null);
            return;
        }
        Label sql = new Label(query.sql().strip().replaceAll("\\s+", " "));
        sql.getStyleClass().add("mono");
        Label facts =
                new Label(
                        MESSAGES.text(
                                "history.facts",
                                Format.duration(query.queued().plus(query.ran())),
                                Format.bytes(query.bytesScanned())));
        facts.getStyleClass().addAll("muted", "small");
        TimeLabel time = new TimeLabel(query.submittedAt());
        time.getStyleClass().add("small");
        time.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        StatusBadge badge = EditorController.badge(query.state());
        badge.setMinWidth(Region.USE_PREF_SIZE);
        HBox line = new HBox(6, badge, facts, gap, time);
        line.setAlignment(Pos.CENTER_LEFT);
        setGraphic(new VBox(4, sql, line));
        String whole = query.sql().strip();
        Tooltip tooltip =
                new Tooltip(
                        MESSAGES.text(
                                "history.tooltip",
                                whole.length() <= SHOWN ? whole : whole.substring(0, SHOWN) + "…"));
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(480);
        setTooltip(tooltip);
    }
}
