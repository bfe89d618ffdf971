package io.amcinsights.notices;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Notices;
import io.amcinsights.store.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The notices: each sent once, and kept for those who look later. */
public final class NoticeBoard {

    private static final String NOTICES = "notice";
    private static final String TOLD = "notice-told";
    private static final Duration KEPT = Duration.ofDays(90);

    private final Documents documents;
    private final Notices notices;
    private final Clock clock;

    public NoticeBoard(Documents documents, Notices notices, Clock clock) {
        this.documents = documents;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Tells that all is well.
     *
     * @param occasion tells this notice from another of the same subject; the same again is told
     *     once
     */
    public void good(
            Notice.Kind kind,
            String subjectId,
            String occasion,
            @Nullable String tenantId,
            String subject,
            String text) {
        tell(kind, true, subjectId, occasion, tenantId, subject, text);
    }

    /** Tells of a failure; see {@link #good}. */
    public void bad(
            Notice.Kind kind,
            String subjectId,
            String occasion,
            @Nullable String tenantId,
            String subject,
            Failure why) {
        String next = why.nextStep();
        tell(
                kind,
                false,
                subjectId,
                occasion,
                tenantId,
                subject,
                next == null ? why.message() : why.message() + "\n" + next);
    }

    /** Sent first: what is told twice does less harm than what is told to nobody. */
    private void tell(
            Notice.Kind kind,
            boolean good,
            String subjectId,
            String occasion,
            @Nullable String tenantId,
            String subject,
            String text) {
        String told = "%s/%s".formatted(kind, occasion);
        if (documents.get(TOLD, told).isPresent()) {
            return;
        }
        Instant now = clock.instant();
        String noticeId = "%s-%s-%s".formatted(Timeline.moment(now), kind, occasion);
        Notice notice = new Notice(noticeId, now, kind, good, subject, text, tenantId, subjectId);
        notices.send(notice);
        keep(NOTICES, noticeId, Json.write(notice), now);
        keep(TOLD, told, "{}", now);
    }

    private void keep(String partition, String key, String json, Instant now) {
        try {
            documents.put(partition, key, json, 0, now.plus(KEPT));
        } catch (ConflictException e) {
            // another attempt of the same step was here at the same moment
        }
    }

    /** The newest notices. */
    public WorkflowRequest.Notices newest(int limit, @Nullable String token) {
        Timeline.checkLimit(limit);
        Documents.Page page = documents.list(NOTICES, "", true, token, limit);
        List<Notice> found =
                page.documents().stream().map(d -> Json.read(d.json(), Notice.class)).toList();
        return new WorkflowRequest.Notices(found, page.nextKey());
    }
}
