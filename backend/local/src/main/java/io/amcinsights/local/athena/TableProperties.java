package io.amcinsights.local.athena;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The properties of CREATE TABLE AS and UNLOAD, in Trino's words. Sources: "CREATE TABLE AS" and
 * "UNLOAD" of the Athena user guide, "Hive connector" of Trino's documentation.
 */
final class TableProperties {

    private static final Set<String> FORMATS = Set.of("PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE");
    private static final Set<String> ALIKE =
            Set.of("external_location", "partitioned_by", "bucketed_by", "bucket_count");

    private static final Set<String> ALREADY_SO = Set.of("table_type=HIVE", "is_external=TRUE");

    private final Map<String, String> trino = new LinkedHashMap<>();
    private @Nullable String compression;

    private TableProperties() {}

    /**
     * Reads {@code (name = expression, ...)}.
     *
     * @param given false: there are none
     * @param compressionName how the compression is called
     */
    static TableProperties of(String sql, Tokens tokens, boolean given, String compressionName)
            throws QueryFailure {
        TableProperties properties = new TableProperties();
        if (!given) {
            return properties;
        }
        tokens.expect('(');
        do {
            String name = tokens.name();
            tokens.expect('=');
            Token value = tokens.peek(0);
            int begin = tokens.offset();
            skipValue(tokens);
            properties.add(
                    name,
                    sql.substring(begin, tokens.offsetBefore()),
                    value == null ? "" : value.text(),
                    compressionName);
        } while (tokens.accept(','));
        tokens.expect(')');
        return properties;
    }

    private static void skipValue(Tokens tokens) throws QueryFailure {
        int depth = 0;
        while (true) {
            Token token = tokens.peek(0);
            boolean ends = token == null || token.isSign(',') || token.isSign(')');
            if (token == null || (depth == 0 && ends)) {
                return;
            }
            depth += token.isSign('(') || token.isSign('[') ? 1 : 0;
            depth -= token.isSign(')') || token.isSign(']') ? 1 : 0;
            tokens.next();
        }
    }

    private void add(String name, String expression, String value, String compressionName)
            throws QueryFailure {
        String upper = value.toUpperCase(Locale.ROOT);
        if (ALIKE.contains(name)) {
            trino.put(name, expression);
        } else if (name.equals("format")) {
            if (!FORMATS.contains(upper)) {
                throw QueryFailure.user(
                        "The local workspace writes the formats %s, not %s"
                                .formatted(FORMATS.stream().sorted().toList(), value));
            }
            trino.put("format", "'" + upper + "'");
        } else if (name.equals("field_delimiter")) {
            trino.put("textfile_field_separator", expression);
        } else if (name.equals(compressionName)
                || name.equals("parquet_compression")
                || name.equals("orc_compression")) {
            compression = upper.equals("ZLIB") ? "GZIP" : upper;
        } else if (!ALREADY_SO.contains(name + "=" + upper)) {
            throw QueryFailure.user(
                    "The local workspace does not have the table property %s = %s"
                            .formatted(name, expression));
        }
    }

    boolean has(String name) {
        return trino.containsKey(name);
    }

    void put(String name, String expression) {
        trino.put(name, expression);
    }

    /** The WITH clause. */
    String trino() {
        return trino.entrySet().stream()
                .map(e -> e.getKey() + " = " + e.getValue())
                .collect(Collectors.joining(", ", " WITH (", ")"));
    }

    /** Properties of the session. */
    Map<String, String> session() {
        return compression == null
                ? Map.of()
                : Map.of(TrinoClient.CATALOG + ".compression_codec", compression);
    }
}
