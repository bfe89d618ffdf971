package io.amcinsights.lake.plan;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names of tables and columns that Athena takes without quotes. */
public final class Names {

    private final Set<String> taken;

    /**
     * @param taken names that are in use already
     */
    public Names(Set<String> taken) {
        this.taken = new HashSet<>(taken);
    }

    /** A name that nobody else has here: the plain one, or that with a number. */
    public String allot(String text) {
        String plain = plain(text);
        String name = plain;
        for (int number = 2; !taken.add(name); number++) {
            name = plain + "_" + number;
        }
        return name;
    }

    /** Lower case, accents taken off, everything else than letters and digits an underscore. */
    public static String plain(String text) {
        String name =
                Normalizer.normalize(text, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "_")
                        .replaceAll("^_+|_+$", "");
        if (name.isEmpty()) {
            return "column";
        }
        return Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }
}
