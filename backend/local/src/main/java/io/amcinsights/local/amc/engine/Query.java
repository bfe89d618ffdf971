package io.amcinsights.local.amc.engine;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.Map;

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
        boolean aggregationControls) {}
