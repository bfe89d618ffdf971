package io.amcinsights.desktop.queries;

import java.util.List;

/**
 * A rectangle of cells.
 *
 * @param firstRow from 0
 * @param lastRow included
 * @param columns of the result, in the order in which they are shown
 */
record Selection(int firstRow, int lastRow, List<Integer> columns) {

    Selection {
        columns = List.copyOf(columns);
    }

    long cells() {
        return (lastRow - firstRow + 1L) * columns.size();
    }
}
