package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.pipeline.PipelineViewModel.DeliveryRow;
import io.amcinsights.desktop.pipeline.PipelineViewModel.RunRow;

import javafx.scene.control.TableView;

import org.jspecify.annotations.Nullable;

/** The columns of the three lists. */
final class Tables {

    private static final Messages MESSAGES = Messages.of(Tables.class);

    private Tables() {}

    static void runs(TableView<RunRow> table) {
        table.getColumns().add(Columns.node(title("state"), 112, Tables::badge));
        table.getColumns().add(Columns.text(title("workflow"), 224, RunRow::workflow));
        table.getColumns().add(Columns.text(title("tenant"), 144, RunRow::tenant));
        table.getColumns()
                .add(
                        Columns.text(
                                title("trigger"),
                                112,
                                row ->
                                        row.trigger() == null
                                                ? MESSAGES.text("trigger.person")
                                                : row.trigger()));
        table.getColumns()
                .add(Columns.time(title("requested"), 96, row -> row.run().requestedAt()));
        table.getColumns()
                .add(
                        Columns.node(
                                title("duration"),
                                192,
                                row -> new DurationBar(row, table.getItems())));
        table.getColumns().add(Columns.number(title("rows"), 96, row -> rows(row.delivery())));
        finish(table);
    }

    /** A run whose rows could not be loaded has not come to a good end. */
    private static StatusBadge badge(RunRow row) {
        Delivery delivery = row.delivery();
        return row.run().status() == Run.Status.SUCCEEDED
                        && delivery != null
                        && delivery.status() != Delivery.Status.LOADED
                ? StatusBadge.of(delivery.status())
                : StatusBadge.of(row.run().status());
    }

    static void deliveries(TableView<DeliveryRow> table) {
        table.getColumns()
                .add(
                        Columns.node(
                                title("state"),
                                104,
                                row -> StatusBadge.of(row.delivery().status())));
        table.getColumns().add(Columns.text(title("file"), 208, row -> file(row.delivery())));
        table.getColumns().add(Columns.text(title("tenant"), 136, DeliveryRow::tenant));
        table.getColumns()
                .add(Columns.text(title("dataset"), 144, row -> row.delivery().dataset()));
        table.getColumns()
                .add(
                        Columns.number(
                                title("size"), 72, row -> Format.bytes(row.delivery().bytes())));
        table.getColumns().add(Columns.number(title("rows"), 96, row -> rows(row.delivery())));
        table.getColumns().add(Columns.time(title("seen"), 88, row -> row.delivery().seenAt()));
        table.getColumns().add(Columns.text(title("why"), 176, row -> why(row.delivery())));
        finish(table);
    }

    static void onboardings(TableView<Tenant> table) {
        table.getColumns().add(Columns.node(title("state"), 120, t -> StatusBadge.of(t.status())));
        table.getColumns().add(Columns.text(title("tenant"), 200, Tenant::name));
        table.getColumns().add(Columns.text(title("bucket"), 240, Tenant::bucketName));
        table.getColumns().add(Columns.time(title("updated"), 104, Tenant::updatedAt));
        table.getColumns()
                .add(
                        Columns.text(
                                title("why"),
                                280,
                                t -> t.problem() == null ? "" : t.problem().message()));
        finish(table);
    }

    private static void finish(TableView<?> table) {
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        table.getColumns().forEach(column -> column.setSortable(false));
        table.setFixedCellSize(40);
    }

    private static String file(Delivery delivery) {
        return delivery.key().substring(delivery.key().lastIndexOf('/') + 1);
    }

    private static String rows(@Nullable Delivery delivery) {
        return delivery == null
                ? ""
                : switch (delivery.status()) {
                    case LOADED -> Format.number(delivery.rows());
                    case EMPTY -> "0";
                    case LOADING, IGNORED, FAILED -> "";
                };
    }

    private static @Nullable String why(Delivery delivery) {
        if (delivery.problem() != null) {
            return delivery.problem().message();
        }
        Quality quality = delivery.quality();
        return quality == null || quality.breaches().isEmpty()
                ? delivery.reason()
                : MESSAGES.text("why.rules", quality.breaches().size());
    }

    private static String title(String column) {
        return MESSAGES.text("column." + column);
    }
}
