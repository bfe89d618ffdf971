package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads what AMC writes for arrays and rows, such as <code>[[1, OTT], [2, Display]]</code>: in
 * brackets, by comma and blank, texts without quotes, NULL as {@code null}. Source: results in the
 * AMC instructional queries.
 *
 * <p>That is ambiguous where a text holds a comma or a bracket itself, so this only reads what can
 * be told for sure: no text with a bracket, brace, quote, or a blank at its ends. A comma inside of
 * a text looks like two texts; rows of an array show it, as they have one value too many, and the
 * column stays text then (see {@link TypeGuess}). In a plain array of texts nothing shows it: such
 * a column becomes an array only where AMC says that it is one; its texts joined by comma and blank
 * are what AMC wrote. A text {@code null} is read as NULL. Maps ({@code {a=1}}) stay text.
 */
public final class AmcNested {

    private static final int DEPTH = 16;

    private final String text;
    private int position;

    private AmcNested(String text) {
        this.text = text;
    }

    /** The values in brackets; null where the text cannot be read for sure. */
    public static Nested.@Nullable Items read(String text) {
        if (text.length() < 2 || text.charAt(0) != '[') {
            return null;
        }
        AmcNested reader = new AmcNested(text);
        Nested.Items items = reader.items(0);
        return reader.position == text.length() ? items : null;
    }

    private Nested.@Nullable Items items(int depth) {
        position++;
        List<@Nullable Nested> items = new ArrayList<>();
        if (depth == DEPTH) {
            return null;
        }
        if (at(']')) {
            position++;
            return new Nested.Items(items);
        }
        while (true) {
            if (at('[')) {
                Nested.Items inner = items(depth + 1);
                if (inner == null) {
                    return null;
                }
                items.add(inner);
            } else {
                String word = word();
                if (word == null) {
                    return null;
                }
                items.add(word.equals("null") ? null : new Nested.Leaf(word, false));
            }
            if (at(']')) {
                position++;
                return new Nested.Items(items);
            }
            if (!text.startsWith(", ", position)) {
                return null;
            }
            position += 2;
        }
    }

    private boolean at(char c) {
        return position < text.length() && text.charAt(position) == c;
    }

    /** Up to the comma or bracket behind it; null where it is not plain. */
    private @Nullable String word() {
        int from = position;
        while (position < text.length() && text.charAt(position) != ',' && !at(']')) {
            char c = text.charAt(position);
            if (c == '[' || c == '{' || c == '}' || c == '"' || c < ' ') {
                return null;
            }
            position++;
        }
        String word = text.substring(from, position);
        return word.equals(word.strip()) ? word : null;
    }
}
