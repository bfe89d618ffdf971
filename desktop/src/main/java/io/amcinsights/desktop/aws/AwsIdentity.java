package io.amcinsights.desktop.aws;

import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who AWS takes somebody for. */
public record AwsIdentity(String accountId, String arn) {

    private static final Pattern ASSUMED =
            Pattern.compile("arn:[^:]+:sts::\\d+:assumed-role/([^/]+)/(.+)");
    private static final Pattern PERMISSION_SET =
            Pattern.compile("AWSReservedSSO_(.+)_[0-9a-f]{16}");

    /**
     * Asks AWS; needs no rights.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException the credentials are not accepted
     */
    public static AwsIdentity of(AwsConnection connection) {
        try (StsClient sts = connection.to(StsClient.builder())) {
            GetCallerIdentityResponse caller = sts.getCallerIdentity();
            return new AwsIdentity(caller.account(), caller.arn());
        }
    }

    /** In the person's words: {@code jane (Administrator)}, {@code user/jane}. */
    public String who() {
        Matcher assumed = ASSUMED.matcher(arn);
        if (!assumed.matches()) {
            return arn.substring(arn.lastIndexOf(':') + 1);
        }
        Matcher set = PERMISSION_SET.matcher(assumed.group(1));
        return "%s (%s)"
                .formatted(assumed.group(2), set.matches() ? set.group(1) : assumed.group(1));
    }

    /** {@code aws}, {@code aws-cn} or {@code aws-us-gov}. */
    public String partition() {
        return arn.split(":", -1)[1];
    }

    /** The role or user that stands behind a session, as others name it. */
    public String principalArn() {
        Matcher assumed = ASSUMED.matcher(arn);
        if (!assumed.matches()) {
            return arn;
        }
        String path =
                PERMISSION_SET.matcher(assumed.group(1)).matches()
                        ? "role/aws-reserved/sso.amazonaws.com/"
                        : "role/";
        return "arn:%s:iam::%s:%s%s".formatted(partition(), accountId, path, assumed.group(1));
    }
}
