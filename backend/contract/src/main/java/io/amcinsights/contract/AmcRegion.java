package io.amcinsights.contract;

/** The three regions of the Amazon Ads API. */
public enum AmcRegion {
    NA("North America"),
    EU("Europe"),
    FE("Far East");

    private final String title;

    AmcRegion(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
