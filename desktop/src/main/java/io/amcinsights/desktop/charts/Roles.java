package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.results.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Pattern;

/** What the columns of a result are good for in a chart, told by their names and types. */
final class Roles {

    /** The lake's own columns; they say where a row comes from. */
    private static final Pattern ORIGIN =
            Pattern.compile(
                    "(?i)tenant|month|delivery_id|run_id|parameters|window_start|window_end|delivered_at");

    private static final Pattern PRIVACY =
            Pattern.compile("(?i)(is_)?(row_)?filtered(_metrics)?(_flag)?|filtered_reason");
    private static final Pattern CURRENCY = Pattern.compile("(?i)(.*_)?currency(_code|_iso)?");
    private static final Pattern MONEY =
            Pattern.compile(
                    "(?i)(.*_)?(cost|costs|spend|sales|revenue|fee|fees|amount|cpm|cpc|cpa|value)"
                            + "(_.*)?");
    private static final Pattern RATIO =
            Pattern.compile(
                    "(?i)(.*_)?(rate|ratio|pct|percent|percentage|share|avg|average|mean|roas|acos"
                            + "|ctr|cpm|cpc|cpa|per)(_.*)?");
    private static final Pattern PERCENT =
            Pattern.compile("(?i)(.*_)?(pct|percent|percentage)(_.*)?");
    private static final Pattern STEP =
            Pattern.compile(
                    "(?i)(.*_)?(frequency|bucket|bin|position|rank|step|offset|hour|day_of_week"
                            + "|weekday|order)(_bucket|_bin)?");

    private Roles() {}

    static boolean origin(Column column) {
        return ORIGIN.matcher(column.name()).matches();
    }

    static boolean privacyFlag(Column column) {
        return column.kind() == Column.Kind.BOOLEAN && PRIVACY.matcher(column.name()).matches();
    }

    static boolean currency(Column column) {
        return column.kind() == Column.Kind.TEXT && CURRENCY.matcher(column.name()).matches();
    }

    static boolean money(Column column) {
        return column.measure() && MONEY.matcher(column.name()).matches();
    }

    /** Whether its values must not be added, because each is already a quotient. */
    static boolean ratio(Column column) {
        return RATIO.matcher(column.name()).matches();
    }

    static boolean percent(Column column) {
        return PERCENT.matcher(column.name()).matches();
    }

    static boolean measure(Column column) {
        return column.measure() && !origin(column) && !STEP.matcher(column.name()).matches();
    }

    static boolean time(Column column) {
        return column.kind().time() && !origin(column);
    }

    /** Whether its values name groups. */
    static boolean category(Column column) {
        if (origin(column) || currency(column) || PRIVACY.matcher(column.name()).matches()) {
            return false;
        }
        return switch (column.kind()) {
            case TEXT, BOOLEAN, NESTED -> true;
            case INTEGER -> !measure(column);
            case FRACTION, DATE, TIMESTAMP -> false;
        };
    }

    static int indexOf(List<Column> columns, @Nullable String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
