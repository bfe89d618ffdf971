package io.amcinsights.contract;

import java.util.List;

/**
 * What the rows of a dataset are expected to be like, from the next delivery on.
 *
 * @param version counts changes; 0 where nothing was ever expected
 */
public record DatasetRules(String dataset, List<Rule> rules, long version) {

    /** At most so many rules has a dataset. */
    public static final int MOST = 50;

    public DatasetRules {
        rules = List.copyOf(rules);
    }

    /** What holds while nothing has been set. */
    public static DatasetRules none(String dataset) {
        return new DatasetRules(dataset, List.of(), 0);
    }
}
