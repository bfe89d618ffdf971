package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Something that people are told of.
 *
 * @param noticeId later notices have greater ids
 * @param good nothing has to be done
 * @param subject one line
 * @param text plain text
 * @param tenantId the tenant concerned, where it is one
 * @param subjectId id of the run, delivery, tenant, schedule or credentials, or the dataset's name
 */
public record Notice(
        String noticeId,
        Instant at,
        Kind kind,
        boolean good,
        String subject,
        String text,
        @Nullable String tenantId,
        String subjectId) {

    /** What a notice is about. */
    public enum Kind {
        RUN,
        DELIVERY,
        TENANT,
        SCHEDULE,
        CREDENTIALS,
        DATASET
    }
}
