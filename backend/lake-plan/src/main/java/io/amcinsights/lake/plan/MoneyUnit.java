package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The small units that AMC counts money in, each a part of the currency's unit. Source: Amazon Ads,
 * AMC data sources.
 */
public enum MoneyUnit {
    /** 100,000 are one unit of the currency. */
    MILLICENTS(5),
    /** 100,000,000 are one unit of the currency. */
    MICROCENTS(8);

    /** Digits behind the point that are kept of a value whose type says nothing of them. */
    private static final int FRACTION = 10;

    /** The only one that AMC does not count in whole numbers. */
    private static final String WITH_FRACTIONS = "total_cost";

    private final int digits;

    MoneyUnit(int digits) {
        this.digits = digits;
    }

    /**
     * The unit of a result's column; null where it holds no money, or an amount that the query has
     * calculated, whose unit nobody knows: wrong by a hundred million is worse than not converted.
     *
     * @param name of the column
     * @param type that AMC says the column has, or that its values tell
     * @param sql that made the result; null where AMC does not tell
     */
    public static @Nullable MoneyUnit of(String name, ColumnType type, @Nullable String sql) {
        String plain = Names.plain(name);
        boolean counts =
                switch (type.kind()) {
                    case BIGINT -> true;
                    case DECIMAL, DOUBLE -> plain.equals(WITH_FRACTIONS);
                    case UNKNOWN, BOOLEAN, DATE, TIMESTAMP, VARCHAR, ARRAY, ROW -> false;
                };
        if (!counts || (sql != null && Aliases.of(sql).isCalculated(name))) {
            return null;
        }
        return switch (plain) {
            case "impression_cost",
                    "total_cost",
                    "click_cost",
                    "campaign_budget_amount",
                    "line_item_budget_amount" ->
                    MILLICENTS;
            case "supply_cost",
                    "platform_fee",
                    "audience_fee",
                    "bid_price",
                    "third_party_fees",
                    "managed_service_fee",
                    "ocm_fee",
                    "spend" ->
                    MICROCENTS;
            default -> null;
        };
    }

    /** The type that holds each amount of a column exactly in units of the currency. */
    ColumnType converted(ColumnType type) {
        int scale =
                switch (type.kind()) {
                    case BIGINT -> 0;
                    case DECIMAL -> type.scale();
                    case UNKNOWN, BOOLEAN, DOUBLE, DATE, TIMESTAMP, VARCHAR, ARRAY, ROW -> FRACTION;
                };
        return ColumnType.decimalOf(scale + digits);
    }

    /**
     * DuckDB's expression for amounts that are written as text, in units of the currency: the point
     * is moved, nothing is divided. NULL where there is no amount.
     *
     * @param text expression of the amounts
     * @param type what {@link #converted} told
     */
    public String convert(String text, ColumnType type) {
        return "CAST(TRY_CAST(NULLIF(%s, '') AS DECIMAL(38,%d)) * %s AS %s)"
                .formatted(
                        text,
                        type.scale() - digits,
                        "0." + "0".repeat(digits - 1) + "1",
                        type.sql());
    }

    /**
     * One amount as {@link #convert} has DuckDB calculate it.
     *
     * @param type what {@link #converted} told
     */
    @Nullable BigDecimal inCurrency(@Nullable String text, ColumnType type) {
        BigDecimal amount;
        try {
            amount = text == null ? null : new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
        if (amount == null) {
            return null;
        }
        BigDecimal rounded = amount.setScale(type.scale() - digits, RoundingMode.HALF_UP);
        return rounded.precision() > ColumnType.DIGITS ? null : rounded.movePointLeft(digits);
    }

    /** In words, with what it is of the currency's unit. */
    String words() {
        return String.format(
                Locale.ROOT,
                "%s, of which one unit of the currency has %,d",
                name().toLowerCase(Locale.ROOT),
                BigInteger.TEN.pow(digits));
    }
}
