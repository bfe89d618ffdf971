package io.amcinsights.desktop.common;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;

import java.util.List;

/**
 * What makes one text of another.
 *
 * @param lines what was changed, with a few lines around it; none where nothing was
 */
public record Diff(List<Line> lines) {

    private static final int CONTEXT = 2;
    private static final int HEADER = 2;

    /** A line of either text. */
    public record Line(Kind kind, String text) {
        /** In which of the texts it is. */
        public enum Kind {
            SAME,
            ADDED,
            REMOVED
        }
    }

    public static Diff of(List<String> before, List<String> after) {
        return new Diff(
                UnifiedDiffUtils.generateUnifiedDiff(
                                "", "", before, DiffUtils.diff(before, after), CONTEXT)
                        .stream()
                        .skip(HEADER)
                        .filter(line -> !line.startsWith("@@"))
                        .map(Diff::line)
                        .toList());
    }

    private static Line line(String marked) {
        String text = marked.substring(1);
        return switch (marked.charAt(0)) {
            case '+' -> new Line(Line.Kind.ADDED, text);
            case '-' -> new Line(Line.Kind.REMOVED, text);
            default -> new Line(Line.Kind.SAME, text);
        };
    }
}
