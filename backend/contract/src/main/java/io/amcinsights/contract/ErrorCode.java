package io.amcinsights.contract;

/** The stable codes of failures. */
public enum ErrorCode {
    /** A field of the request is wrong; {@link Failure#field()} names it. */
    INVALID_REQUEST,
    NOT_FOUND,
    ALREADY_EXISTS,
    /** Somebody else changed it first. */
    CONFLICT,
    /** The caller's alias does not allow it. */
    NOT_ALLOWED,
    /** AMC refused; the message is AMC's reason. */
    AMC_REFUSED,
    /** AMC refused because many alike queries could tell its users apart. */
    AMC_PRIVACY,
    /** Amazon Ads does not accept the credentials. */
    AMC_CREDENTIALS,
    /** AMC did not answer, or asks to slow down. */
    AMC_UNAVAILABLE,
    /** The tenant's bucket cannot be used as it is. */
    BUCKET_ACCESS,
    /** A delivery's content cannot be loaded. */
    BAD_DELIVERY,
    INTERNAL
}
