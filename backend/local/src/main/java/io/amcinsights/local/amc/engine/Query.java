package io.amcinsights.local.amc.engine;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.sql.amc.AmcSql;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an execution asks of the engine.
 *
 * @param sql AMC SQL
 * @param parameters values by name, those left to their defaults included
 * @param parameterTypes AMC's type of each parameter, of its elements if it is an array
 * @param start of the time window, included
 * @param end of the time window, excluded
 * @param aggregationControls false lets rows of any number of users out, as in a sandbox
 */
public record Query(
        String sql,
        Map<String, JsonNode> parameters,
        Map<String, String> parameterTypes,
        Instant start,
        Instant end,
        boolean aggregationControls,
        Privacy privacy) {

    /** A query whose parameters are what they look like, and with AMC's usual privacy. */
    public Query(
            String sql,
            Map<String, JsonNode> parameters,
            Instant start,
            Instant end,
            boolean aggregationControls) {
        this(sql, parameters, Map.of(), start, end, aggregationControls, Privacy.DEFAULT);
    }

    /**
     * The query of a workflow as AMC's API has it.
     *
     * @param values of its parameters, by name
     */
    public static Query of(
            JsonNode workflow,
            Map<String, JsonNode> values,
            Instant start,
            Instant end,
            boolean aggregationControls) {
        Map<String, String> types = new HashMap<>();
        for (JsonNode parameter : workflow.path("inputParameters")) {
            JsonNode type = parameter.path("dataType");
            types.put(
                    parameter.path("name").asText(),
                    type.isObject()
                            ? type.path("elementDataType").asText("STRING")
                            : type.asText("STRING"));
        }
        return new Query(
                workflow.path("sqlQuery").asText(),
                values,
                types,
                start,
                end,
                aggregationControls,
                Privacy.of(workflow));
    }

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
