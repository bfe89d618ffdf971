package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Quality;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** What rows are like, in words. */
final class QualityText {

    private static final Messages MESSAGES = Messages.of(QualityText.class);

    private QualityText() {}

    /** A number of rows and their share; rows that were not counted are null. */
    static String of(@Nullable Long rows, long all) {
        if (rows == null) {
            return MESSAGES.text("quality.uncounted");
        }
        return rows == 0
                ? MESSAGES.text("quality.none")
                : MESSAGES.text("quality.some", Format.number(rows), Format.share(rows, all));
    }

    /** How many of the dataset's rules the rows keep. */
    static String rules(Quality quality) {
        return MESSAGES.text(
                quality.breaches().isEmpty() ? "quality.rules.hold" : "quality.rules.broken",
                quality.checks().size(),
                quality.breaches().size());
    }

    /** The rules that are broken, each with the first rows that do; null where none is. */
    static @Nullable String breaches(@Nullable Quality quality) {
        if (quality == null || quality.breaches().isEmpty()) {
            return null;
        }
        return quality.breaches().stream()
                .map(QualityText::breach)
                .collect(Collectors.joining("\n"));
    }

    private static String breach(Quality.Check check) {
        String examples =
                check.examples().stream()
                        .map(
                                e ->
                                        MESSAGES.text(
                                                "quality.example",
                                                Format.number(e.row()),
                                                e.value()))
                        .collect(Collectors.joining("; "));
        return MESSAGES.text(
                "quality.breach",
                check.rule().describe(),
                check.rows(),
                Format.number(check.rows()),
                check.rows() > check.examples().size()
                        ? MESSAGES.text("quality.more", examples)
                        : examples);
    }

    /** The columns that are NULL in some rows, those that are most often first. */
    static String nulls(Quality quality) {
        String columns =
                quality.nulls().entrySet().stream()
                        .filter(e -> e.getValue() > 0)
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(e -> e.getKey() + " " + Format.share(e.getValue(), quality.rows()))
                        .collect(Collectors.joining(", "));
        return columns.isEmpty() ? MESSAGES.text("quality.none") : columns;
    }
}
