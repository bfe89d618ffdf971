package io.amcinsights.lake.duck;

import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;

import org.jspecify.annotations.Nullable;

/** A customer's SQL cannot be run on a delivery, or makes what is no dataset. */
public final class CustomSqlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean trial;

    CustomSqlException(
            TransformPlan plan,
            CustomSql transformation,
            String reason,
            @Nullable Throwable cause) {
        super(
                transformation.version() == 0
                        ? reason
                        : "Version %d of the transformation of “%s” cannot be used on this file: %s"
                                .formatted(transformation.version(), plan.dataset(), reason),
                cause);
        this.trial = transformation.version() == 0;
    }

    /** Whether the SQL was only tried. */
    public boolean isTrial() {
        return trial;
    }
}
