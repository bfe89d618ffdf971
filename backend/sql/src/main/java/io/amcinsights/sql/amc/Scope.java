package io.amcinsights.sql.amc;

import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What names mean at a place of the query. */
final class Scope {

    /**
     * What is known of an expression.
     *
     * @param threshold the strictest of what it is made of
     * @param metric made of a METRIC
     * @param origins the columns of data sources that it is made of
     * @param fixed made of literals and parameters, at least in some rows
     * @param cost the column of a cost that it passes on in AMC's small units; null where none is
     */
    record Trait(
            AmcType type,
            Threshold threshold,
            boolean metric,
            Set<AmcQuery.Origin> origins,
            boolean fixed,
            @Nullable String cost) {

        static final Trait FREE =
                new Trait(AmcType.UNKNOWN, Threshold.NONE, false, Set.of(), false, null);

        static Trait free(AmcType type) {
            return type.equals(AmcType.UNKNOWN)
                    ? FREE
                    : new Trait(type, Threshold.NONE, false, Set.of(), false, null);
        }

        /** Made of both; the type is this one's. */
        Trait with(Trait other) {
            if (other.equals(FREE)) {
                return this;
            }
            return new Trait(
                    type,
                    Threshold.strictest(threshold, other.threshold),
                    metric || other.metric,
                    union(origins, other.origins),
                    fixed,
                    cost == null ? other.cost : cost);
        }

        Trait as(AmcType other) {
            return new Trait(other, threshold, metric, origins, fixed, cost);
        }

        /** Brought to another unit. */
        Trait converted() {
            return cost == null ? this : new Trait(type, threshold, metric, origins, fixed, null);
        }

        Trait fixed(boolean other) {
            return new Trait(type, threshold, metric, origins, other, cost);
        }

        /** Whether AMC refuses to compare one with the other. */
        boolean refuses(Trait other) {
            return threshold.refusesLiterals() && other.fixed;
        }

        private static Set<AmcQuery.Origin> union(Set<AmcQuery.Origin> a, Set<AmcQuery.Origin> b) {
            if (a.isEmpty() || b.containsAll(a)) {
                return b;
            }
            if (a.containsAll(b)) {
                return a;
            }
            Set<AmcQuery.Origin> all = new LinkedHashSet<>(a);
            all.addAll(b);
            return all;
        }
    }

    record Column(String name, Trait trait, SqlParserPos pos) {}

    /**
     * Columns of a table or query.
     *
     * @param open its columns are not known, so none can be called unknown
     */
    record Relation(List<Column> columns, boolean open) {

        static final Relation UNKNOWN = new Relation(List.of(), true);

        @Nullable Column column(String name) {
            for (Column column : columns) {
                if (column.name().equalsIgnoreCase(name)) {
                    return column;
                }
            }
            return null;
        }
    }

    record Source(String alias, Relation relation) {}

    final @Nullable Scope parent;
    final List<Source> sources = new ArrayList<>();

    /** Columns that USING makes one of. */
    final Set<String> merged = new LinkedHashSet<>();

    /** Aliases of the select list, where they count as names. */
    final Map<String, Trait> aliases = new HashMap<>();

    Scope(@Nullable Scope parent) {
        this.parent = parent;
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
