package io.amcinsights.local.amc.engine;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.sql.amc.AmcSql;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What an execution asks of the engine.
 *
 * @param sql AMC SQL
 * @param parameters values by name, those left to their defaults included
 * @param start of the time window, included
 * @param end of the time window, excluded
 * @param aggregationControls false lets rows of any number of users out, as in a sandbox
 */
public record Query(
        String sql,
        Map<String, JsonNode> parameters,
        Instant start,
        Instant end,
        boolean aggregationControls) {

    /** Refuses SQL that uses a parameter without a value. */
    public static void requireValues(String sql, Set<String> given) throws QueryException {
        for (String name : AmcSql.parameters(sql)) {
            if (!given.contains(name)) {
                throw new QueryException(
                        "The parameter %s has no value and no default.".formatted(name));
            }
        }
    }
}
