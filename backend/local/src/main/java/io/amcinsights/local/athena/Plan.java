package io.amcinsights.local.athena;

import io.amcinsights.local.athena.Query.StatementType;
import io.amcinsights.local.http.AwsError;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** How a statement is done. */
sealed interface Plan {

    StatementType type();

    String substatement();

    /** What a statement leaves behind. */
    enum Leaves {
        /** A CSV object with a header. */
        TABLE,
        /** A text object. */
        TEXT,
        /** Only what it wrote to a table or folder. */
        NOTHING
    }

    Leaves leaves();

    /** Lines of text with their columns' names. */
    record Text(List<String> columns, List<String> lines) {
        static final Text NONE = new Text(List.of(), List.of());
    }

    /** Something done to the catalogue. */
    @FunctionalInterface
    interface Work {
        Text run() throws AwsError, QueryFailure;
    }

    /**
     * Trino runs it.
     *
     * @param statement that EXECUTE means, or null
     * @param after what is to be done then, or null
     */
    record OnEngine(
            StatementType type,
            String substatement,
            Leaves leaves,
            String sql,
            Map<String, String> session,
            @Nullable String statement,
            @Nullable Work after)
            implements Plan {

        /** The text that is run: what EXECUTE means, or the statement itself. */
        String text() {
            return statement == null ? sql : statement;
        }

        /** All that the engine is told; two of the same ask the same. */
        String asked() {
            return statement == null ? sql : sql + "\n" + statement;
        }
    }

    /** The workspace does it in the catalogue. */
    record OnCatalogue(StatementType type, String substatement, Work work) implements Plan {
        @Override
        public Leaves leaves() {
            return Leaves.TEXT;
        }
    }
}
