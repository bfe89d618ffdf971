package io.amcinsights.desktop.common;

import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

import java.util.Locale;

/** The lines of a {@link Diff}, those that came and went in colour. */
public final class DiffView extends VBox {

    public DiffView(Diff diff) {
        getStyleClass().add("changes");
        diff.lines().forEach(line -> getChildren().add(row(line)));
    }

    private static Label row(Diff.Line line) {
        String mark =
                switch (line.kind()) {
                    case ADDED -> "+ ";
                    case REMOVED -> "\u2212 ";
                    case SAME -> "  ";
                };
        Label row =
                new WrappedLabel(
                        mark + line.text(),
                        "mono",
                        "change",
                        "change-" + line.kind().name().toLowerCase(Locale.ROOT));
        row.setMaxWidth(Double.MAX_VALUE);
        return row;
    }
}
