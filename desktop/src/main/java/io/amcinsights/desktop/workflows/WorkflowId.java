package io.amcinsights.desktop.workflows;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Suggests ids of new workflows. */
final class WorkflowId {

    private static final int LONGEST = 100;

    private WorkflowId() {}

    /** A title as an id: lower-case letters, digits and hyphens. */
    static String ofTitle(String title) {
        String plain =
                Normalizer.normalize(title, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .toLowerCase(Locale.ROOT)
                        .replace("ß", "ss")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        return plain.substring(0, Math.min(plain.length(), LONGEST)).replaceAll("-$", "");
    }

    /** The id itself, or the first of {@code id-2}, {@code id-3}… that is free. */
    static String free(String id, Set<String> taken) {
        String free = id;
        for (int number = 2; taken.contains(free); number++) {
            free = id + "-" + number;
        }
        return free;
    }
}
