package io.amcinsights.contract;

/** The functions that answer requests. */
public enum BackendFunction {
    TENANTS("tenants"),
    WORKFLOWS("workflows"),
    LAKE("lake");

    private final String word;

    BackendFunction(String word) {
        this.word = word;
    }

    /** The function's name in an installation, without the installation's own. */
    public String word() {
        return word;
    }
}
