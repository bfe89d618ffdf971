package io.amcinsights.desktop.results;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One row of a result.
 *
 * @param cells the text of each cell; null for NULL
 */
public record Row(List<@Nullable String> cells) {

    /** Stands where a row has been asked for and is not here yet. */
    public static final Row LOADING = new Row(List.of());

    public Row {
        cells = Collections.unmodifiableList(new ArrayList<>(cells));
    }

    public static Row of(@Nullable String... cells) {
        List<@Nullable String> list = new ArrayList<>(cells.length);
        for (String cell : cells) {
            list.add(cell);
        }
        return new Row(list);
    }

    /** The cell's text; null for NULL and for a cell that the row lacks. */
    public @Nullable String cell(int column) {
        return column < cells.size() ? cells.get(column) : null;
    }
}
