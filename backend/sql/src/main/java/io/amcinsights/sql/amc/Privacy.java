package io.amcinsights.sql.amc;

import io.amcinsights.sql.amc.AmcQuery.Origin;
import io.amcinsights.sql.amc.AmcQuery.Output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * How many users a row of a result needs, and why. Source: Amazon Ads, "Aggregation threshold": the
 * strictest column decides, and each data source must reach the number by itself.
 *
 * @param users distinct users that a row needs; {@link Integer#MAX_VALUE} where AMC refuses the
 *     query
 * @param strictest the columns that ask for so many
 * @param usersWithout users that a row would need without them
 * @param tables the data sources, each of which is counted
 */
public record Privacy(int users, List<Output> strictest, int usersWithout, Set<String> tables) {

    static Privacy of(AmcQuery query) {
        int users = query.outputs().stream().mapToInt(o -> o.threshold().users()).max().orElse(1);
        List<Output> strictest =
                query.outputs().stream().filter(o -> o.threshold().users() == users).toList();
        int without =
                query.outputs().stream()
                        .mapToInt(o -> o.threshold().users())
                        .filter(u -> u < users)
                        .max()
                        .orElse(1);
        return new Privacy(users, users == 1 ? List.of() : strictest, without, query.tables());
    }

    /** The explanation, a sentence each, for the person who wrote the query. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (users == 1) {
            sentences.add(
                    "No column of the result has an aggregation threshold: no row is hidden for"
                            + " having few users.");
            return sentences;
        }
        if (users == Integer.MAX_VALUE) {
            sentences.add(
                    "AMC refuses this query, because %s."
                            .formatted(reasons(" may never be in a result")));
            return sentences;
        }
        sentences.add("A row needs at least %d users, because %s.".formatted(users, reasons("")));
        if (tables.size() > 1) {
            sentences.add(
                    "Each data source behind the row must reach that by itself: %s."
                            .formatted(String.join(", ", tables)));
        }
        sentences.add("Rows with fewer users are left out, and their numbers with them.");
        if (users > Threshold.LOW.users()) {
            sentences.add(
                    "Without %s, %s would be enough. Coarser values (a state for a postal code, a"
                                    .formatted(
                                            strictest.size() == 1 ? "this column" : "these columns",
                                            usersWithout == 1
                                                    ? "one user"
                                                    : usersWithout + " users")
                            + " week for a day) or a longer time window also bring more users into"
                            + " a row.");
        }
        return sentences;
    }

    private String reasons(String verb) {
        List<String> reasons = new ArrayList<>();
        for (Output output : strictest) {
            List<String> from =
                    output.because().stream()
                            .sorted(Comparator.comparing(Origin::column))
                            .filter(o -> !o.column().equalsIgnoreCase(output.name()))
                            .map(o -> o.table() + "." + o.column())
                            .distinct()
                            .toList();
            String made = from.isEmpty() ? "" : ", made of " + String.join(" and ", from);
            reasons.add(
                    "\"%s\" has the threshold %s%s%s"
                            .formatted(
                                    output.name(),
                                    output.threshold(),
                                    made,
                                    verb.isEmpty() ? "" : " and" + verb));
        }
        return String.join("; ", reasons);
    }
}
