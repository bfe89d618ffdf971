package io.amcinsights.desktop.results;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One column of a result.
 *
 * @param type as Athena names it, such as {@code bigint} or {@code decimal(38,4)}
 */
public record Column(String name, String type) {

    /** What can be done with a column's values. */
    public enum Kind {
        INTEGER,
        FRACTION,
        DATE,
        TIMESTAMP,
        BOOLEAN,
        TEXT,
        /** An array, map or row. */
        NESTED;

        public boolean number() {
            return this == INTEGER || this == FRACTION;
        }

        public boolean time() {
            return this == DATE || this == TIMESTAMP;
        }
    }

    private static final Pattern NAME_OF_IDENTIFIER =
            Pattern.compile("(?i)(^|.*_)(id|ids|asin|zip|code|year|month|week|day|hour|key)");

    public Kind kind() {
        String word = type.toLowerCase(Locale.ROOT).replaceFirst("[(<].*", "").strip();
        return switch (word) {
            case "tinyint", "smallint", "integer", "int", "bigint" -> Kind.INTEGER;
            case "float", "real", "double", "decimal" -> Kind.FRACTION;
            case "date" -> Kind.DATE;
            case "timestamp", "timestamp with time zone" -> Kind.TIMESTAMP;
            case "boolean" -> Kind.BOOLEAN;
            case "array", "map", "row", "struct" -> Kind.NESTED;
            default -> Kind.TEXT;
        };
    }

    /** Whether its numbers name something, so that adding or grouping their digits has no sense. */
    public boolean identifier() {
        return NAME_OF_IDENTIFIER.matcher(name).matches();
    }

    /** Whether its values are amounts that may be added, compared and drawn. */
    public boolean measure() {
        return kind().number() && !identifier();
    }
}
