package io.amcinsights.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a customer makes of the rows of a dataset's deliveries before they are loaded: SQL that
 * reads the table {@code input} and, where it likes, other datasets of the same tenant.
 *
 * @param versions oldest first; the last {@link #MOST_VERSIONS}, and the one in force
 * @param active number of the version that is in force; 0 where the rows are loaded as they are
 * @param version counts changes; 0 where nothing was ever written
 */
public record Transformation(String dataset, List<Version> versions, int active, long version) {

    /** So many versions are kept. */
    public static final int MOST_VERSIONS = 20;

    /** At most so many characters has one. */
    public static final int LONGEST = 20_000;

    /**
     * @param number counts from 1
     * @param sql one SELECT in DuckDB's dialect
     * @param reads the other datasets that it reads
     */
    public record Version(int number, String sql, List<String> reads, Instant savedAt) {

        public Version {
            reads = List.copyOf(reads);
        }
    }

    public Transformation {
        versions = List.copyOf(versions);
    }

    /** What holds while nothing has been written. */
    public static Transformation none(String dataset) {
        return new Transformation(dataset, List.of(), 0, 0);
    }

    public Optional<Version> find(int number) {
        return versions.stream().filter(v -> v.number() == number).findFirst();
    }

    @JsonIgnore
    public Optional<Version> inForce() {
        return find(active);
    }

    @JsonIgnore
    public Optional<Version> newest() {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }
}
