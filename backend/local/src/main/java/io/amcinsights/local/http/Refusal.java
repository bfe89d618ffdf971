package io.amcinsights.local.http;

/**
 * Why a signature is refused, in the words of the three families of AWS services. Sources: "Common
 * Error Types" of each service's API reference and Amazon S3's "Error responses".
 */
enum Refusal {
    MISSING(
            403,
            "AccessDenied",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException"),
    INCOMPLETE(
            400,
            "AuthorizationHeaderMalformed",
            "IncompleteSignature",
            "IncompleteSignatureException"),
    OLD_SIGNATURE(400, "InvalidRequest", "IncompleteSignature", "IncompleteSignatureException"),
    UNKNOWN_KEY(403, "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"),
    WRONG_SIGNATURE(
            403, "SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException"),
    WRONG_TOKEN(403, "InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException"),
    EXPIRED_TOKEN(403, "ExpiredToken", "ExpiredToken", "ExpiredTokenException"),
    SKEWED(403, "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"),
    EXPIRED_URL(403, "AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException");

    private final int status;
    private final String s3;
    private final String query;
    private final String json;

    Refusal(int status, String s3, String query, String json) {
        this.status = status;
        this.s3 = s3;
        this.query = query;
        this.json = json;
    }

    AwsError of(AwsService service, String message) {
        return new AwsError(
                status,
                service.signingName().equals("s3")
                        ? s3
                        : service instanceof QueryService ? query : json,
                message);
    }
}
