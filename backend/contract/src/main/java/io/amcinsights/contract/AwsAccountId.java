package io.amcinsights.contract;

import java.util.Optional;

/** AWS account ids: 12 digits. */
public final class AwsAccountId {

    private AwsAccountId() {}

    /** Why the text is no AWS account id, in words; empty when it is one. */
    public static Optional<String> problem(String text) {
        if (text.matches("\\d{12}")) {
            return Optional.empty();
        }
        return Optional.of(
                text.isBlank()
                        ? "Enter the AWS account that owns the bucket."
                        : "An AWS account id has exactly 12 digits; leave out spaces and hyphens.");
    }
}
