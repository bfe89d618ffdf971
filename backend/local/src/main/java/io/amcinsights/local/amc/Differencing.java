package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.ExecutionStore.Row;
import io.amcinsights.local.amc.ExecutionStore.Status;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * AMC's protection against learning about few users from the difference of many similar results.
 * Amazon does not say how many are too many. Source: Amazon Ads, AMC guide, "Differencing checks".
 */
final class Differencing {

    private final AmcSchema schema;

    Differencing(AmcSchema schema) {
        this.schema = schema;
    }

    /** Whether so many different queries of the same sources and times have run before. */
    boolean refuses(Row row, List<Row> before, int most) {
        Set<String> sources = sources(row);
        String query = query(row);
        Set<String> others = new HashSet<>();
        for (Row other : before) {
            boolean counts =
                    !other.id().equals(row.id())
                            && (other.status() == Status.SUCCEEDED
                                    || other.status() == Status.RUNNING);
            if (counts
                    && overlap(row.job(), other.job())
                    && !query(other).equals(query)
                    && sources(other).equals(sources)) {
                others.add(query(other));
            }
        }
        return others.size() >= most;
    }

    static String text(Row row) {
        return ("Execution \"%s\" of workflow \"%s\" could not be run because too many workflows"
                        + " have already been run against the same input data sources in the same"
                        + " or overlapping time windows.")
                .formatted(row.id(), row.workflow());
    }

    private static boolean overlap(JsonNode a, JsonNode b) {
        return a.path("start").asLong() < b.path("end").asLong()
                && b.path("start").asLong() < a.path("end").asLong();
    }

    private static String query(Row row) {
        return sql(row) + row.job().path("values");
    }

    private static String sql(Row row) {
        return row.job().path("workflow").path("sqlQuery").asText();
    }

    private Set<String> sources(Row row) {
        Set<String> found = new TreeSet<>();
        SqlNode tree =
                AmcSql.analyze(sql(row), schema, Workflows.declared(row.job().path("workflow")))
                        .tree();
        if (tree != null) {
            tree.accept(
                    new SqlBasicVisitor<@Nullable Void>() {
                        @Override
                        public @Nullable Void visit(SqlIdentifier id) {
                            add(id.names.getLast());
                            return null;
                        }

                        @Override
                        public @Nullable Void visit(SqlLiteral literal) {
                            // EXTEND_TIME_WINDOW names its source in quotes.
                            if (literal.getTypeName().getFamily() == SqlTypeFamily.CHARACTER) {
                                add(String.valueOf(literal.getValueAs(String.class)));
                            }
                            return null;
                        }

                        private void add(String name) {
                            String table = name.toLowerCase(Locale.ROOT);
                            if (schema.table(table) != null) {
                                found.add(table);
                            }
                        }
                    });
        }
        return found;
    }
}
