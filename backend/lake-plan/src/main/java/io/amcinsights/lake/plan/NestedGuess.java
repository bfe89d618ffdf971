package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the type of a column whose values say themselves whether they are arrays, rows or single
 * ones. Where they are now one, now the other, or the names of a row are data, it is text.
 */
public final class NestedGuess {

    /** More names than anybody gives to the fields of a row. */
    private static final int MOST_FIELDS = 200;

    private final TypeGuess single = new TypeGuess();
    private final Map<String, NestedGuess> fields = new LinkedHashMap<>();
    private @Nullable NestedGuess element;
    private boolean someRows;
    private boolean someSingle;
    private boolean text;

    /** Looks at one value; NULL says nothing of the type. */
    public void see(@Nullable Nested value) {
        if (text || value == null) {
            return;
        }
        if (value instanceof Nested.Leaf leaf) {
            someSingle = true;
            single.seeSingle(leaf);
        } else if (value instanceof Nested.Items list) {
            if (element == null) {
                element = new NestedGuess();
            }
            list.items().forEach(element::see);
        } else if (value instanceof Nested.Entries row) {
            someRows = true;
            row.entries()
                    .forEach(
                            (name, entry) ->
                                    fields.computeIfAbsent(name, n -> new NestedGuess())
                                            .see(entry));
            text = fields.size() > MOST_FIELDS;
        }
        int kinds = (someSingle ? 1 : 0) + (element == null ? 0 : 1) + (someRows ? 1 : 0);
        text |= kinds > 1;
    }

    /** The narrowest type that holds all values seen. */
    public ColumnType type() {
        if (text || (someRows && fields.isEmpty())) {
            return ColumnType.VARCHAR;
        }
        if (element != null) {
            return ColumnType.array(element.type());
        }
        return someRows ? row() : single.type();
    }

    private ColumnType row() {
        Set<String> names = new HashSet<>();
        List<ColumnType.Field> types = new ArrayList<>();
        for (Map.Entry<String, NestedGuess> field : fields.entrySet()) {
            String name = Names.plain(field.getKey());
            if (!names.add(name)) {
                return ColumnType.VARCHAR; // two names that are one in the catalogue
            }
            types.add(new ColumnType.Field(name, field.getValue().type().named(name)));
        }
        return ColumnType.row(types);
    }
}
