package io.amcinsights.notices;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Notices;
import io.amcinsights.store.Records;
import io.amcinsights.store.Sha256;
import io.amcinsights.store.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The notices: each sent once, and kept for those who look later. */
public final class NoticeBoard {

    /**
     * What a notice is about.
     *
     * @param subjectId of the run, delivery, tenant, schedule, credentials or dataset
     * @param occasion tells this notice from another of the same subject; the same again is told
     *     once
     */
    public record About(
            Notice.Kind kind,
            String subjectId,
            String occasion,
            @Nullable String tenantId,
            @Nullable String workflowId) {

        public About(
                Notice.Kind kind, String subjectId, String occasion, @Nullable String tenantId) {
            this(kind, subjectId, occasion, tenantId, null);
        }
    }

    /**
     * That an occasion was told, or is being told.
     *
     * @param noticeId null for what was told before notices were begun and done
     * @param done it was sent and kept
     */
    private record Told(@Nullable String noticeId, boolean done, long version) {}

    /** What a digest counts. */
    private record Counted(
            LocalDate day, String occasion, String workflowId, boolean good, long version) {

        String key() {
            return day + "/" + Sha256.hex(occasion);
        }
    }

    private static final String NOTICES = "notice";
    private static final Pattern ID = Pattern.compile("\\d{8}T\\d{9}-[^-]+-.+");
    private static final String TOLD = "notice-told";
    private static final String SETTINGS = "notice-settings";
    private static final Duration KEPT = Duration.ofDays(90);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

    private final Documents documents;
    private final Records<Told> told;
    private final Records<Counted> counts;
    private final Records<NoticeSettings> settings;
    private final Notices notices;
    private final Clock clock;

    public NoticeBoard(Documents documents, Notices notices, Clock clock) {
        this.documents = documents;
        this.told = new Records<>(documents, Told.class);
        this.counts = new Records<>(documents, Counted.class);
        this.settings = new Records<>(documents, NoticeSettings.class);
        this.notices = notices;
        this.clock = clock;
    }

    /** Tells that all is well. */
    public void good(About about, String subject, String text) {
        tellAsChosen(about, true, subject, text);
    }

    /** Tells of a failure. */
    public void bad(About about, String subject, Failure why) {
        String next = why.nextStep();
        tellAsChosen(
                about, false, subject, next == null ? why.message() : why.message() + "\n" + next);
    }

    private void tellAsChosen(About about, boolean good, String subject, String text) {
        Choice choice = choice(about);
        if (choice == Choice.DIGEST && about.kind() == Notice.Kind.RUN) {
            count(about, good);
        }
        boolean now =
                switch (choice) {
                    case ALL -> true;
                    case DIGEST, FAILURES -> !good;
                    case NONE -> false;
                };
        if (now) {
            tell(about, good, subject, text);
        }
    }

    private Choice choice(About about) {
        return switch (about.kind()) {
            case RUN, DELIVERY, DATASET ->
                    about.tenantId() == null
                            ? Choice.ALL
                            : settings(about.tenantId()).choiceOf(about.workflowId());
            case TENANT, SCHEDULE, CREDENTIALS -> Choice.ALL;
        };
    }

    /**
     * Begun, it is told to its end by whoever does the step again: people may get it twice then,
     * and never not at all.
     */
    private void tell(About about, boolean good, String subject, String text) {
        String key = "%s/%s".formatted(about.kind(), about.occasion());
        Instant now = clock.instant();
        Told begun =
                begin(
                        key,
                        "%s-%s-%s".formatted(Timeline.moment(now), about.kind(), about.occasion()),
                        now);
        String noticeId = begun.noticeId();
        if (begun.done() || noticeId == null) {
            return;
        }
        Notice notice =
                new Notice(
                        noticeId,
                        now,
                        about.kind(),
                        good,
                        subject,
                        text,
                        about.tenantId(),
                        about.subjectId());
        notices.send(notice);
        put(NOTICES, noticeId, Json.write(notice), now);
        told.change(TOLD, key, t -> new Told(noticeId, true, t.version()));
    }

    private Told begin(String key, String noticeId, Instant now) {
        Told first = new Told(noticeId, false, 0);
        return told.find(TOLD, key)
                .orElseGet(
                        () -> {
                            try {
                                return told.put(TOLD, key, first, 0, now.plus(KEPT));
                            } catch (ConflictException e) {
                                return told.find(TOLD, key).orElse(first);
                            }
                        });
    }

    private void put(String partition, String key, String json, Instant now) {
        try {
            documents.put(partition, key, json, 0, now.plus(KEPT));
        } catch (ConflictException e) {
            // an earlier attempt of the same step got so far
        }
    }

    private void count(About about, boolean good) {
        Instant now = clock.instant();
        Counted counted =
                new Counted(
                        LocalDate.ofInstant(now, ZoneOffset.UTC),
                        about.occasion(),
                        about.workflowId() == null ? "" : about.workflowId(),
                        good,
                        0);
        try {
            counts.put(
                    counts(String.valueOf(about.tenantId())),
                    counted.key(),
                    counted,
                    0,
                    now.plus(KEPT));
        } catch (ConflictException e) {
            // an earlier attempt of the same step has counted it
        }
    }

    private static String counts(String tenantId) {
        return "notice-digest/" + tenantId;
    }

    /**
     * Tells, of each day that is over, how many of a tenant's runs have ended how.
     *
     * @param name of the tenant
     */
    public void tellDigests(String tenantId, String name) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        counts.all(counts(tenantId), "").stream()
                .filter(counted -> counted.day().isBefore(today))
                .collect(Collectors.groupingBy(Counted::day, TreeMap::new, Collectors.toList()))
                .forEach((day, runs) -> tellDigest(tenantId, name, day, runs));
    }

    private void tellDigest(String tenantId, String name, LocalDate day, List<Counted> runs) {
        String text =
                runs.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Counted::workflowId, TreeMap::new, Collectors.toList()))
                        .entrySet()
                        .stream()
                        .map(e -> "%s: %s".formatted(e.getKey(), ends(e.getValue())))
                        .collect(Collectors.joining("\n"));
        tell(
                new About(
                        Notice.Kind.TENANT,
                        tenantId,
                        "digest/%s/%s".formatted(tenantId, day),
                        tenantId),
                runs.stream().allMatch(Counted::good),
                "%s on %s: %s".formatted(name, DAY.format(day), ends(runs)),
                text);
        for (Counted told : runs) {
            try {
                documents.delete(counts(tenantId), told.key(), told.version());
            } catch (ConflictException e) {
                throw new IllegalStateException("A count was changed, which nobody does", e);
            }
        }
    }

    private static String ends(List<Counted> runs) {
        long failed = runs.stream().filter(Predicate.not(Counted::good)).count();
        long good = runs.size() - failed;
        String succeeded = good == 1 ? "1 run succeeded" : "%d runs succeeded".formatted(good);
        return failed == 0 ? succeeded : "%s, %d failed".formatted(succeeded, failed);
    }

    /** What is told of a tenant's runs and deliveries. */
    public NoticeSettings settings(String tenantId) {
        return settings.find(SETTINGS, tenantId).orElseGet(() -> NoticeSettings.of(tenantId));
    }

    /** Chooses what is told; a failure where somebody else has chosen since. */
    public NoticeSettings choose(NoticeSettings chosen) {
        try {
            return settings.put(SETTINGS, chosen.tenantId(), chosen, chosen.version());
        } catch (ConflictException e) {
            throw Failure.of(ErrorCode.CONFLICT, "Somebody else has changed this meanwhile.")
                    .next("Open it again and choose once more.")
                    .exception();
        }
    }

    /** The newest notices. */
    public WorkflowRequest.Notices newest(int limit, @Nullable String token) {
        Timeline.checkPage(limit, token, ID);
        Documents.Page page = documents.list(NOTICES, "", true, token, limit);
        List<Notice> found =
                page.documents().stream().map(d -> Json.read(d.json(), Notice.class)).toList();
        return new WorkflowRequest.Notices(found, page.nextKey());
    }
}
