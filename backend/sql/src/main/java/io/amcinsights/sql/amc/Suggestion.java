package io.amcinsights.sql.amc;

import java.util.List;

/** What a misspelt name was probably meant to be. */
final class Suggestion {

    private Suggestion() {}

    /** A question to append to a message; empty where nothing known is near. */
    static String of(String name, List<String> known) {
        String best = null;
        int distance = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int d = distance(Scope.key(name), Scope.key(candidate));
            if (d < distance) {
                distance = d;
                best = candidate;
            }
        }
        return best == null ? "" : " Did you mean \"%s\"?".formatted(best);
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
