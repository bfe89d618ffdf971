package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the type of a column of AMC's from all its values; see {@link AmcNested} for what is an
 * array or a row.
 */
public final class AmcGuess {

    /** What AMC says of a column of several values; it names no types inside. */
    private enum Told {
        NOTHING,
        ARRAY,
        ROW;

        static Told of(@Nullable String dataType) {
            String type = dataType == null ? "" : dataType.toUpperCase(Locale.ROOT);
            if (type.startsWith("ARRAY")) {
                return ARRAY;
            }
            return type.startsWith("STRUCT") || type.startsWith("ROW") ? ROW : NOTHING;
        }
    }

    /** What brackets of one depth hold. */
    private static final class Brackets {

        private static final int MOST_FIELDS = 100;

        private final TypeGuess words = new TypeGuess();
        private final List<TypeGuess> byPlace = new ArrayList<>();
        private final List<@Nullable Brackets> innerByPlace = new ArrayList<>();
        private @Nullable Brackets inner;
        private boolean someWords;
        private int least = Integer.MAX_VALUE;
        private int most;

        void see(Nested.Items items) {
            least = Math.min(least, items.items().size());
            most = Math.max(most, items.items().size());
            for (int i = 0; i < items.items().size(); i++) {
                Nested item = items.items().get(i);
                if (i == byPlace.size() && i < MOST_FIELDS) {
                    byPlace.add(new TypeGuess());
                    innerByPlace.add(null);
                }
                if (item instanceof Nested.Leaf leaf) {
                    someWords = true;
                    words.see(leaf.text());
                    if (i < MOST_FIELDS) {
                        byPlace.get(i).see(leaf.text());
                    }
                } else if (item instanceof Nested.Items list) {
                    inner = seen(inner, list);
                    if (i < MOST_FIELDS) {
                        innerByPlace.set(i, seen(innerByPlace.get(i), list));
                    }
                }
            }
        }

        private static Brackets seen(@Nullable Brackets before, Nested.Items list) {
            Brackets brackets = before == null ? new Brackets() : before;
            brackets.see(list);
            return brackets;
        }

        /** Null where nobody can tell. */
        @Nullable ColumnType type(Told told) {
            if (told == Told.ROW) {
                return row();
            }
            if (inner != null) {
                ColumnType element = someWords ? null : inner.element();
                return element == null ? null : ColumnType.array(element);
            }
            boolean plain = words.type().kind() != ColumnType.Kind.VARCHAR;
            return plain || told == Told.ARRAY ? ColumnType.array(words.type()) : null;
        }

        /** As what stands in the brackets of an array. */
        private @Nullable ColumnType element() {
            return least == most && least > 1 ? row() : type(Told.NOTHING);
        }

        private @Nullable ColumnType row() {
            if (least != most || least == 0 || least > MOST_FIELDS) {
                return null;
            }
            List<ColumnType> types = new ArrayList<>();
            for (int i = 0; i < least; i++) {
                ColumnType type = byPlace.get(i).type();
                Brackets list = innerByPlace.get(i);
                if (list != null) {
                    ColumnType inside =
                            type.equals(ColumnType.UNKNOWN) ? list.type(Told.NOTHING) : null;
                    if (inside == null) {
                        return null;
                    }
                    type = inside;
                }
                types.add(type);
            }
            return ColumnType.unnamedRow(types);
        }
    }

    private final TypeGuess single = new TypeGuess();
    private final Brackets brackets = new Brackets();
    private boolean someBrackets;
    private boolean text;

    /** Looks at one value; NULL and the empty text say nothing of the type. */
    public void see(@Nullable String value) {
        if (text || value == null || value.isEmpty()) {
            return;
        }
        if (value.charAt(0) == '[') {
            Nested.Items items = AmcNested.read(value);
            someBrackets = true;
            if (items == null || !single.type().equals(ColumnType.UNKNOWN)) {
                text = true;
            } else {
                brackets.see(items);
            }
        } else {
            single.see(value);
            text = someBrackets || single.isText();
        }
    }

    /**
     * The narrowest type that holds all values seen.
     *
     * @param dataType what AMC says the column is; null where it does not
     */
    public ColumnType type(@Nullable String dataType) {
        if (text) {
            return ColumnType.VARCHAR;
        }
        if (!someBrackets) {
            // what was a double at AMC is no more exact than that
            return single.isNumber() && ("DOUBLE".equals(dataType) || "FLOAT".equals(dataType))
                    ? ColumnType.DOUBLE
                    : single.type();
        }
        ColumnType type = brackets.type(Told.of(dataType));
        return type == null ? ColumnType.VARCHAR : type;
    }
}
