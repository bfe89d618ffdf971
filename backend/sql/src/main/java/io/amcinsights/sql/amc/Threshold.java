package io.amcinsights.sql.amc;

/**
 * AMC's aggregation threshold of a column: how many distinct users a row must have before the
 * column may leave AMC. Source: Amazon Ads, "Aggregation threshold". Later constants are stricter.
 */
public enum Threshold {
    NONE(1),
    LOW(2),
    MEDIUM(100),
    HIGH(100),
    VERY_HIGH(Integer.MAX_VALUE),
    INTERNAL(Integer.MAX_VALUE);

    private final int users;

    Threshold(int users) {
        this.users = users;
    }

    /** Distinct users that a row needs; {@link Integer#MAX_VALUE} where no number is enough. */
    public int users() {
        return users;
    }

    /** Whether the column may be in a result at all. */
    public boolean canBeSelected() {
        return users < Integer.MAX_VALUE;
    }

    /** Whether AMC refuses to compare the column with a literal. */
    public boolean refusesLiterals() {
        return compareTo(HIGH) >= 0;
    }

    static Threshold strictest(Threshold a, Threshold b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
