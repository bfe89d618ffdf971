package io.amcinsights.ports;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.amcinsights.contract.Notice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

/**
 * What every implementation of {@link Notices} promises: it takes every notice. The board shows a
 * notice only when it was sent, so one that cannot be sent would be told to nobody.
 */
public abstract class NoticesContract {

    protected abstract Notices notices();

    @ParameterizedTest
    @EnumSource
    void noticesOfEveryKindAreTaken(Notice.Kind kind) {
        taken(notice(kind, true, "reach has succeeded", "All rows are there.", "amcr1aaaa1a"));
        taken(notice(kind, false, "reach has failed", "Read a shorter window.", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " indented", "Délivery “x”", "two\nlines", "\u0000\t", "日本"})
    void everySubjectIsTaken(String subject) {
        taken(notice(Notice.Kind.RUN, true, subject, "text", null));
        taken(notice(Notice.Kind.RUN, true, subject + "y".repeat(300), "text", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "Größe “x” 日本 😀", "two\nlines\r\n"})
    void everyTextIsTaken(String text) {
        taken(notice(Notice.Kind.DELIVERY, false, "subject", text, "amcr1aaaa1a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ä", "日", "😀"})
    void aTextOfAnyLengthIsTaken(String character) {
        taken(notice(Notice.Kind.RUN, false, "subject", character.repeat(300_000), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "amcr1aaaa1a"})
    void theSameNoticeIsTakenAgain(String tenantId) {
        Notice notice = notice(Notice.Kind.TENANT, false, "subject", "text", tenantId);
        taken(notice);
        taken(notice);
    }

    private void taken(Notice notice) {
        assertThatCode(() -> notices().send(notice)).doesNotThrowAnyException();
    }

    /** A notice with nothing of interest but what is given. */
    protected static Notice notice(
            Notice.Kind kind,
            boolean good,
            String subject,
            String text,
            @Nullable String tenantId) {
        return new Notice("notice-1", Instant.EPOCH, kind, good, subject, text, tenantId, "id-1");
    }
}
