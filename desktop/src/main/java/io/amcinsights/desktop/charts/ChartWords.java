package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.common.Messages;

import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a chart says in words. */
final class ChartWords {

    private static final Messages MESSAGES = Messages.of(ChartWords.class);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private ChartWords() {}

    /** Such as “Sum of impressions by day, split by campaign”. */
    static String title(ChartSpec spec) {
        String measures =
                spec.measures().stream().map(Titles::of).collect(Collectors.joining(", "));
        String what =
                spec.kind() == ChartKind.SCATTER
                        ? measures
                        : MESSAGES.text("title." + spec.aggregate(), measures);
        String x = spec.x() == null ? null : Titles.of(spec.x());
        String by =
                x == null
                        ? what
                        : MESSAGES.text(
                                spec.kind() == ChartKind.SCATTER ? "title.over" : "title.by",
                                what,
                                x);
        return spec.series() == null
                ? by
                : MESSAGES.text("title.split", by, Titles.of(spec.series()));
    }

    /** What stands for a name that privacy rules hide. */
    static String hidden() {
        return MESSAGES.text("words.hidden");
    }

    /** Where the rows come from, one fact each. */
    static String caption(Caption caption) {
        List<String> facts = new ArrayList<>();
        LocalDate start = caption.windowStart();
        LocalDate end = caption.windowEnd();
        if (start != null && end != null) {
            facts.add(MESSAGES.text("caption.window", DAY.format(start), DAY.format(end)));
        }
        if (!caption.tenants().isEmpty()) {
            facts.add(
                    MESSAGES.text(
                            "caption.tenants",
                            caption.tenants().size(),
                            String.join(", ", caption.tenants())));
        }
        caption.currency().ifPresent(code -> facts.add(MESSAGES.text("caption.currency", code)));
        facts.add(MESSAGES.text("caption.rows", caption.rows()));
        Long hidden = caption.hiddenRows();
        if (hidden != null) {
            Double share = caption.hiddenShare();
            facts.add(
                    hidden == 0
                            ? MESSAGES.text("caption.hidden.none")
                            : share == null
                                    ? MESSAGES.text("caption.hidden.rows", hidden)
                                    : MESSAGES.text("caption.hidden.share", hidden, share));
        }
        return String.join(" · ", facts);
    }

    /** What a reader could misread, one warning each. */
    static List<String> warnings(Caption caption) {
        List<String> warnings = new ArrayList<>();
        if (caption.mixedMoney()) {
            warnings.add(MESSAGES.text("warning.money", String.join(", ", caption.currencies())));
        }
        if (caption.averagedRatios()) {
            warnings.add(MESSAGES.text("warning.ratios"));
        }
        if (caption.thinned()) {
            warnings.add(MESSAGES.text("warning.thinned", caption.drawn(), caption.points()));
        }
        return warnings;
    }

    /** The title of an axis with its unit. */
    static String axis(Plot.AxisText text) {
        return text.unit().isEmpty()
                ? text.title()
                : text.title().isEmpty()
                        ? text.unit()
                        : "%s (%s)".formatted(text.title(), text.unit());
    }

    /** A value in full. */
    static String value(double value) {
        NumberFormat format =
                NumberFormat.getNumberInstance(Locale.getDefault(Locale.Category.FORMAT));
        format.setMaximumFractionDigits(Math.abs(value) < 1 ? 4 : 2);
        return format.format(value);
    }

    /** A value for the narrow room of an axis: {@code 1.5M}. */
    static String compact(double value) {
        NumberFormat format =
                Objects.requireNonNull(
                        NumberFormat.getCompactNumberInstance(
                                Locale.getDefault(Locale.Category.FORMAT),
                                NumberFormat.Style.SHORT));
        format.setMaximumFractionDigits(Math.abs(value) < 1 ? 4 : 2);
        return format.format(value);
    }
}
