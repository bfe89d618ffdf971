package io.amcinsights.lake;

import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Quality;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Counts;
import io.amcinsights.lake.plan.TransformPlan.Filtered;
import io.amcinsights.lake.plan.TransformPlan.Separate;

/** What the counts of a delivery say of it. */
final class Measured {

    private Measured() {}

    static Quality quality(TransformPlan plan, Counts counts) {
        Filtered filtered = plan.filtered();
        return new Quality(
                counts.rows(),
                filtered == null || counts.filtered() == null
                        ? null
                        : filtered(plan, filtered, counts.filtered()),
                counts.duplicates(),
                counts.nulls(),
                plan.provenance().windowEnd(),
                plan.provenance().deliveredAt(),
                Rules.checks(plan.rules(), counts.broken()));
    }

    private static Quality.Filtered filtered(TransformPlan plan, Filtered filtered, long rows) {
        Separate separate = filtered.separate();
        if (filtered.kept()) {
            return new Quality.Filtered(rows, FilteredRows.KEEP, rows == 0 ? null : plan.dataset());
        }
        return separate == null
                ? new Quality.Filtered(rows, FilteredRows.DROP, null)
                : new Quality.Filtered(
                        rows, FilteredRows.SEPARATE, rows == 0 ? null : separate.dataset());
    }
}
