package io.amcinsights.local.amc.engine;

import static io.amcinsights.local.amc.engine.Expressions.name;
import static io.amcinsights.local.amc.engine.Expressions.text;

import io.amcinsights.local.amc.engine.Translator.Path;
import io.amcinsights.local.amc.engine.Translator.Translation;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.Threshold;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets out of a translated query what enough users stand behind: each data source of a row must
 * have as many as the strictest of the row's columns needs. A source that adds nothing to a row
 * (the empty side of an outer join) does not count.
 */
final class PrivacyFilter {

    private final Translation translation;
    private final List<Integer> needs;
    private final Privacy privacy;
    private final int strictest;

    PrivacyFilter(Translation translation, List<AmcQuery.Output> outputs, Query query) {
        this.translation = translation;
        this.needs = outputs.stream().map(o -> o.threshold().users()).toList();
        this.privacy = query.privacy();
        int most = needs.stream().mapToInt(Integer::intValue).max().orElse(1);
        boolean applies =
                query.aggregationControls()
                        && most >= Threshold.LOW.users()
                        && !translation.paths().isEmpty();
        this.strictest = applies ? most : 0;
    }

    /** Names of the columns that come out: the query's, and those that the workflow asks for. */
    List<String> columns() {
        List<String> columns = new ArrayList<>(translation.columns());
        if (privacy.discriminatorColumn() != null) {
            columns.add(privacy.discriminatorColumn());
        }
        if (privacy.userCountColumn() != null) {
            columns.add(privacy.userCountColumn());
        }
        if (privacy.reasonColumn() != null) {
            columns.add(privacy.reasonColumn());
        }
        return columns;
    }

    /**
     * @param types DuckDB's, of the translated query's visible columns
     */
    String sql(List<String> types) {
        String counted = counted();
        if (strictest == 0) {
            return select(counted, "false", "NULL::VARCHAR");
        }
        String enough = "__met >= " + strictest;
        String kept = select(counted, "false", "NULL::VARCHAR") + " WHERE " + enough;
        return privacy.removesValues()
                ? kept
                        + " UNION ALL "
                        + rest(counted, types)
                        + " WHERE NOT ("
                        + enough
                        + ") "
                        + GROUP
                : kept;
    }

    private static final String GROUP = "GROUP BY ALL";

    /** The rows, with the number of users of the source that has the fewest as __met. */
    private String counted() {
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < translation.paths().size(); i++) {
            counts.add("nullif(" + count(i) + ", 0)");
        }
        String met =
                counts.isEmpty() ? "NULL::BIGINT" : "coalesce(least(" + joined(counts) + "), 0)";
        return "(SELECT *, " + met + " AS __met FROM (" + translation.sql() + "))";
    }

    private String count(int path) {
        String users = Translation.users(path);
        return translation.paths().get(path).list()
                ? "coalesce(len(" + users + "), 0)"
                : "CASE WHEN " + users + " IS NULL THEN 0 ELSE 1 END";
    }

    private String select(String from, String filtered, String reason) {
        List<String> items = new ArrayList<>();
        translation.columns().forEach(column -> items.add(name(column)));
        appended(items, filtered, "__met", reason);
        return "SELECT " + joined(items) + " FROM " + from;
    }

    /**
     * What is left of the other rows: values that need more users are gone, the rest is added up.
     */
    private String rest(String from, List<String> types) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < translation.columns().size(); i++) {
            String column = name(translation.columns().get(i));
            String value =
                    needs.get(i) <= 1
                            ? column
                            : "CASE WHEN __met >= %d THEN %s END".formatted(needs.get(i), column);
            boolean summed = translation.summed().get(i) && isNumber(types.get(i));
            items.add(
                    (summed ? "CAST(sum(" + value + ") AS " + types.get(i) + ")" : value)
                            + " AS "
                            + column);
        }
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < translation.paths().size(); i++) {
            String users = Translation.users(i);
            String all =
                    translation.paths().get(i).list()
                            ? "flatten(list(" + users + ") FILTER (" + users + " IS NOT NULL))"
                            : "list(" + users + ") FILTER (" + users + " IS NOT NULL)";
            counts.add("nullif(len(list_distinct(" + all + ")), 0)");
        }
        appended(
                items,
                "true",
                "coalesce(least(" + joined(counts) + "), 0)",
                "arg_min(" + reason() + ", __met)");
        return "SELECT " + joined(items) + " FROM " + from;
    }

    private void appended(List<String> items, String filtered, String users, String reason) {
        if (privacy.discriminatorColumn() != null) {
            items.add(filtered + " AS " + name(privacy.discriminatorColumn()));
        }
        if (privacy.userCountColumn() != null) {
            // Amazon's documentation: capped at what the strictest column needs.
            String capped = strictest == 0 ? users : "least(" + users + ", " + strictest + ")";
            items.add("CAST(" + capped + " AS BIGINT) AS " + name(privacy.userCountColumn()));
        }
        if (privacy.reasonColumn() != null) {
            items.add(reason + " AS " + name(privacy.reasonColumn()));
        }
    }

    /** Source of the wording: Amazon Ads, "Filtered reason". */
    private String reason() {
        StringBuilder sql = new StringBuilder("CASE");
        List<Path> paths = translation.paths();
        for (int i = 0; i < paths.size(); i++) {
            String source = paths.get(i).source();
            List<Path> same = paths.stream().filter(p -> p.source().equals(source)).toList();
            String path =
                    same.size() == 1
                            ? ""
                            : "(path %d of %d) "
                                    .formatted(
                                            1
                                                    + (int)
                                                            paths.subList(0, i).stream()
                                                                    .filter(same::contains)
                                                                    .count(),
                                            same.size());
            sql.append(" WHEN ").append(count(i)).append(" = __met THEN __met || ");
            sql.append(text(" '" + source + "' " + path + "users < " + strictest + " required"));
        }
        return sql.append(" END").toString();
    }

    private static boolean isNumber(String type) {
        return type.startsWith("DECIMAL")
                || switch (type) {
                    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE" ->
                            true;
                    default -> false;
                };
    }

    private static String joined(List<String> items) {
        return String.join(", ", items);
    }
}
