package io.amcinsights.local.athena;

/** Why a query failed, as Athena would say it. */
final class QueryFailure extends Exception {

    private static final long serialVersionUID = 1;

    /** {@code AthenaError.ErrorCategory} of the Athena API reference. */
    enum Category {
        SYSTEM(1),
        USER(2),
        OTHER(3);

        private final int number;

        Category(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    private final Category category;
    private final boolean retryable;

    QueryFailure(Category category, boolean retryable, String message) {
        super(message);
        this.category = category;
        this.retryable = retryable;
    }

    /** The query itself is at fault. */
    static QueryFailure user(String message) {
        return new QueryFailure(Category.USER, false, message);
    }

    Category category() {
        return category;
    }

    boolean retryable() {
        return retryable;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
