package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

/**
 * A column of a dataset.
 *
 * @param source the column's name in the delivered file
 * @param money what it is converted from; null for a column as it was delivered
 */
public record Column(String name, String source, ColumnType type, @Nullable Money money) {

    /**
     * Where an amount in units of the currency comes from.
     *
     * @param column of the dataset, as it was delivered
     * @param unit that AMC counts that column in
     */
    public record Money(String column, MoneyUnit unit) {}

    /** A column as it was delivered. */
    public Column(String name, String source, ColumnType type) {
        this(name, source, type, null);
    }

    /** The same column in another type. */
    public Column as(ColumnType newType) {
        return new Column(name, source, newType, money);
    }
}
