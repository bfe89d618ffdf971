package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Run;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.pipeline.PipelineViewModel.RunRow;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long a run took, and where: in the queue, at AMC, being loaded. As long as it takes beside
 * the longest of the list.
 */
final class DurationBar extends HBox {

    private static final Messages MESSAGES = Messages.of(DurationBar.class);
    private static final double LONGEST = 96;

    DurationBar(RunRow row, List<RunRow> all) {
        setAlignment(Pos.CENTER_LEFT);
        getStyleClass().add("duration");
        Parts parts = Parts.of(row);
        double longest =
                all.stream().mapToDouble(r -> Parts.of(r).total().toMillis()).max().orElse(1);
        double scale = LONGEST / Math.max(1, longest);
        add(parts.queue(), scale, "duration-queue");
        add(parts.amc(), scale, "duration-amc");
        add(parts.load(), scale, "duration-load");
        Label total = new Label(Format.duration(parts.total()));
        total.getStyleClass().addAll("small", "duration-total");
        getChildren().add(total);
        Tooltip.install(
                this,
                new Tooltip(
                        "%s %s · %s %s · %s %s"
                                .formatted(
                                        MESSAGES.text("duration.queued"),
                                        Format.duration(parts.queue()),
                                        MESSAGES.text("duration.amc"),
                                        Format.duration(parts.amc()),
                                        MESSAGES.text("duration.load"),
                                        Format.duration(parts.load()))));
    }

    private void add(Duration duration, double scale, String style) {
        if (duration.isZero()) {
            return;
        }
        Region part = new Region();
        part.getStyleClass().add(style);
        double width = Math.max(2, duration.toMillis() * scale);
        part.setMinSize(width, 8);
        part.setPrefSize(width, 8);
        part.setMaxSize(width, 8);
        getChildren().add(part);
    }

    private record Parts(Duration queue, Duration amc, Duration load) {

        static Parts of(RunRow row) {
            Run run = row.run();
            Delivery delivery = row.delivery();
            Instant leftQueue = run.startedAt() != null ? run.startedAt() : run.finishedAt();
            return new Parts(
                    between(run.requestedAt(), leftQueue),
                    run.startedAt() == null
                            ? Duration.ZERO
                            : between(run.startedAt(), run.finishedAt()),
                    delivery == null || run.finishedAt() == null
                            ? Duration.ZERO
                            : between(run.finishedAt(), delivery.finishedAt()));
        }

        private static Duration between(Instant from, @Nullable Instant to) {
            Duration duration = Duration.between(from, to == null ? Instant.now() : to);
            // AMC's clock and ours differ a little.
            return duration.isNegative() ? Duration.ZERO : duration;
        }

        Duration total() {
            return queue.plus(amc).plus(load);
        }
    }
}
