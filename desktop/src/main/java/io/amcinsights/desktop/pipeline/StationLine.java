package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.TimeLabel;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;

/** Draws the stations from the queue to the lake, with the way between them. */
final class StationLine {

    private StationLine() {}

    static List<Node> of(List<Detail.Station> stations) {
        List<Node> nodes = new ArrayList<>();
        for (Detail.Station station : stations) {
            if (!nodes.isEmpty()) {
                Region way = new Region();
                way.getStyleClass().add("station-way");
                if (station.tone() != null) {
                    way.getStyleClass().add("station-way-gone");
                }
                HBox.setHgrow(way, Priority.ALWAYS);
                nodes.add(way);
            }
            nodes.add(node(station));
        }
        return nodes;
    }

    private static Node node(Detail.Station station) {
        FontIcon icon = new FontIcon(station.tone() == null ? "fth-circle" : station.tone().icon());
        StackPane disc = new StackPane(icon);
        disc.getStyleClass().add("station-disc");
        Label name = new Label(station.name());
        name.getStyleClass().add("subtitle");
        Label state = new Label(station.state());
        state.getStyleClass().addAll("small", "station-state");
        HBox when = new HBox(4);
        if (station.since() != null) {
            TimeLabel since = new TimeLabel(station.since());
            since.getStyleClass().add("small");
            when.getChildren().add(since);
        }
        if (station.took() != null) {
            Label took = new Label("· " + Format.duration(station.took()));
            took.getStyleClass().addAll("small", "muted");
            when.getChildren().add(took);
        }
        HBox node = new HBox(10, disc, new VBox(name, state, when));
        node.setId("station-" + station.id());
        node.setAlignment(Pos.CENTER_LEFT);
        node.setMinWidth(Region.USE_PREF_SIZE);
        node.getStyleClass().add("station");
        node.getStyleClass()
                .add(station.tone() == null ? "station-ahead" : station.tone().styleClass());
        return node;
    }
}
