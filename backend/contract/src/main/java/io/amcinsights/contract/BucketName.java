package io.amcinsights.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/** The naming rules of S3 buckets. Source: Amazon S3 User Guide, "Bucket naming rules". */
public final class BucketName {

    private static final Pattern IP_ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    private BucketName() {}

    /** Why the text cannot name a bucket, in words; empty when it can. */
    public static Optional<String> problem(String text) {
        if (text.isBlank()) {
            return Optional.of("Enter the name of the bucket where AMC delivers results.");
        }
        if (text.length() < 3 || text.length() > 63) {
            return Optional.of(
                    "A bucket name has 3 to 63 characters; this has %d.".formatted(text.length()));
        }
        if (!text.matches("[a-z0-9.-]+")) {
            return Optional.of(
                    "A bucket name has only lower-case letters, digits, dots and hyphens.");
        }
        if (!Character.isLetterOrDigit(text.charAt(0))
                || !Character.isLetterOrDigit(text.charAt(text.length() - 1))) {
            return Optional.of("A bucket name begins and ends with a letter or a digit.");
        }
        if (text.contains("..")) {
            return Optional.of("A bucket name has no two dots in a row.");
        }
        if (IP_ADDRESS.matcher(text).matches()) {
            return Optional.of("A bucket name cannot look like an IP address.");
        }
        if (text.startsWith("xn--")
                || text.startsWith("sthree-")
                || text.endsWith("-s3alias")
                || text.endsWith("--ol-s3")) {
            return Optional.of("AWS keeps this bucket name's prefix or suffix for itself.");
        }
        return Optional.empty();
    }
}
