package io.amcinsights.sql.amc;

import org.apache.calcite.sql.SqlCall;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The functions that AMC documents. */
final class AmcFunctions {

    enum Kind {
        SCALAR,
        AGGREGATE,
        WINDOW
    }

    /**
     * @param result a type, or how it follows from the arguments: {@code first} has the first one's
     *     type, {@code common} one that holds all of them, {@code choice} that of all but the
     *     first, {@code sum} that of a total, {@code element} what the array holds, {@code array}
     *     an array of the first
     */
    record Function(String name, String arguments, Kind kind, String result) {}

    private static final Map<String, Function> BY_NAME = load();

    private AmcFunctions() {}

    static Collection<Function> all() {
        return BY_NAME.values();
    }

    static @Nullable Function named(String name) {
        return BY_NAME.get(name.toUpperCase(Locale.ROOT));
    }

    static boolean isAggregate(String name) {
        Function function = named(name);
        return function != null && function.kind() == Kind.AGGREGATE;
    }

    static boolean isAggregate(SqlCall call) {
        return isAggregate(call.getOperator().getName()) || call.getOperator().isAggregator();
    }

    private static Map<String, Function> load() {
        Map<String, Function> functions = new LinkedHashMap<>();
        for (var row : Csv.rows("functions.csv")) {
            Kind kind = Kind.valueOf(row.get(2).toUpperCase(Locale.ROOT));
            functions.put(row.get(0), new Function(row.get(0), row.get(1), kind, row.get(3)));
        }
        return functions;
    }
}
