package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.common.Messages;

import java.util.List;
import java.util.regex.Pattern;

/** What repairs a failure that CloudFormation reports, told by what the service said. */
public final class Repair {

    private static final Messages MESSAGES = Messages.of(Repair.class);

    private Repair() {}

    private record Known(String key, Pattern said) {}

    // The first that matches; a boundary's refusal and Lake Formation's are refusals of access,
    // too.
    private static final List<Known> KNOWN =
            List.of(
                    known("boundary", "permissions? boundar"),
                    known(
                            "lakeFormation",
                            "lake ?formation|data lake (admin|location)|insufficient lake"),
                    known(
                            "bucket",
                            "BucketAlreadyExists|bucket name .*not available|bucket .*already"
                                    + " exists"),
                    known(
                            "exists",
                            "already ?exists|AlreadyExists|already in use|same name|ResourceExists"
                                    + "|scheduled for deletion"),
                    known("notEmpty", "not empty|BucketNotEmpty"),
                    known(
                            "quota",
                            "limit ?exceeded|LimitExceeded|quota|UnreservedConcurrentExecution"
                                    + "|too many|maximum number"),
                    known(
                            "throttled",
                            "rate exceeded|throttl|TooManyRequests|ConcurrentModification"),
                    known(
                            "artifact",
                            "NoSuchKey|S3 Error Code|specified key does not exist|NoSuchBucket"),
                    known("protected", "deletion protection|termination protection|is protected"),
                    known(
                            "denied",
                            "not authori[sz]ed|access ?denied|AccessDenied|UnauthorizedOperation"
                                    + "|explicit deny|no identity-based policy"),
                    known("token", "security token|expired"),
                    known("timeout", "timed? ?out|did not stabili[sz]e|NotStabilized"));

    /**
     * What to do; the general advice where the failure is of no known kind.
     *
     * @param reason what CloudFormation gives as the reason
     * @param type of the resource; may be empty
     */
    public static String of(String reason, String type) {
        String key =
                KNOWN.stream()
                        .filter(known -> known.said().matcher(reason).find())
                        .map(Known::key)
                        .findFirst()
                        .orElse("other");
        if (key.equals("denied") && type.startsWith("AWS::LakeFormation::")) {
            key = "lakeFormation";
        }
        return MESSAGES.text("repair." + key);
    }

    private static Known known(String key, String said) {
        return new Known(key, Pattern.compile(said, Pattern.CASE_INSENSITIVE));
    }
}
