package io.amcinsights.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a grant can be given to: an IAM user or role, among them the roles of IAM Identity Center's
 * permission sets; a user or group of a SAML provider; a user or group of IAM Identity Center.
 * Source: AWS Lake Formation Developer Guide, "Lake Formation permissions reference", principals.
 */
public final class Principals {

    private static final Pattern IAM =
            Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:(role|user)/[\\w+=,.@/-]{1,512}");
    private static final Pattern SAML =
            Pattern.compile(
                    "arn:aws[a-z-]*:iam::\\d{12}:saml-provider/[\\w.-]{1,128}:(user|group)/\\S{1,256}");
    private static final Pattern IDENTITY_STORE =
            Pattern.compile("arn:aws[a-z-]*:identitystore:::(user|group)/[0-9a-fA-F-]{1,47}");

    /** A permission set's role carries its name between a prefix and digits at random. */
    private static final Pattern PERMISSION_SET =
            Pattern.compile("AWSReservedSSO_(.+)_[0-9a-f]{16}");

    private Principals() {}

    /** Why the text names nobody, in words; empty when it does. */
    public static Optional<String> problem(String text) {
        if (text.isBlank()) {
            return Optional.of("Enter the ARN of the role or user that is to read.");
        }
        if (text.matches("arn:aws[a-z-]*:sts::.*:assumed-role/.*")) {
            return Optional.of(
                    "This is a session of a role. Enter the role itself,"
                            + " arn:aws:iam::ACCOUNT:role/NAME with its path.");
        }
        if (IAM.matcher(text).matches()
                || SAML.matcher(text).matches()
                || IDENTITY_STORE.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                "Enter an ARN such as arn:aws:iam::111122223333:role/NAME; users, and groups of a"
                        + " SAML provider or of Identity Center, can be named as well.");
    }

    /** What people call a principal: the last word of its ARN, or its permission set. */
    public static String name(String principal) {
        String last = principal.substring(principal.lastIndexOf('/') + 1);
        var set = PERMISSION_SET.matcher(last);
        return set.matches() ? set.group(1) : last;
    }
}
