package io.amcinsights.lake;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the key of a result file says. The folder names the workflow, for its id may hold dots;
 * source: Amazon Ads, AMC guide, "Query results in S3".
 *
 * @param createdAt when AMC made the execution; null for a file of AMC's own schedules
 * @param date of the file; null where its name has none
 */
record ResultFile(
        String workflowId,
        String schedule,
        String fileName,
        @Nullable Instant createdAt,
        @Nullable LocalDate date) {

    private static final Pattern KEY = Pattern.compile("workflow=([^/]+)/schedule=([^/]+)/(.+)");
    private static final Pattern MOMENT =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z)-(.*)");
    private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})-(.*)");

    /** Empty where the key is not laid out as AMC does. */
    static Optional<ResultFile> of(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group(3);
        Instant createdAt = moment(name);
        LocalDate date =
                createdAt == null ? date(name) : createdAt.atZone(ZoneOffset.UTC).toLocalDate();
        return Optional.of(
                new ResultFile(matcher.group(1), matcher.group(2), name, createdAt, date));
    }

    /** Why this is nothing to load, in words; empty where it is. */
    Optional<String> ignored() {
        if (fileName.contains("/") || (fileName.contains("metadata") && !isNamedAsResult())) {
            return Optional.of("AMC's description of a result, not the result itself.");
        }
        if (!fileName.endsWith(".csv")) {
            return Optional.of("Not a CSV file.");
        }
        if (workflowId.startsWith("analytics-")) {
            return Optional.of("Made by hand in AMC's own console, not by a workflow.");
        }
        if (workflowId.startsWith("transient_")) {
            return Optional.of("The result of an unsaved query; save it as a workflow to load it.");
        }
        return Optional.empty();
    }

    /** Whether its name is that of a result, whatever words the workflow's id is made of. */
    private boolean isNamedAsResult() {
        Matcher time = MOMENT.matcher(fileName);
        Matcher day = DATE.matcher(fileName);
        if (time.matches()) {
            return time.group(2).equals(workflowId + ".csv");
        }
        return day.matches()
                && day.group(2).replaceFirst("(-ver\\d+)?\\.csv$", "").equals(workflowId);
    }

    /** The month of the file; that of the fallback where its name has none. */
    String month(Instant fallback) {
        LocalDate day = date == null ? fallback.atZone(ZoneOffset.UTC).toLocalDate() : date;
        return YearMonth.from(day).toString();
    }

    private static @Nullable Instant moment(String name) {
        Matcher matcher = MOMENT.matcher(name);
        try {
            return matcher.matches() ? Instant.parse(matcher.group(1)) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable LocalDate date(String name) {
        Matcher matcher = DATE.matcher(name);
        try {
            return matcher.matches() ? LocalDate.parse(matcher.group(1)) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
