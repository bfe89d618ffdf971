package io.amcinsights.sql.amc;

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

    record Function(String name, String arguments, Kind kind) {}

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

    private static Map<String, Function> load() {
        Map<String, Function> functions = new LinkedHashMap<>();
        for (var row : Csv.rows("functions.csv")) {
            Kind kind = Kind.valueOf(row.get(2).toUpperCase(Locale.ROOT));
            functions.put(row.get(0), new Function(row.get(0), row.get(1), kind));
        }
        return functions;
    }
}
