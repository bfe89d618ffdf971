package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a workflow, {@code CUSTOM_PARAMETER('name')} in its SQL.
 *
 * @param array takes a list of values
 * @param defaultValue used where a run gives none; without it the parameter is required
 */
public record Parameter(
        String name,
        Type type,
        boolean array,
        String description,
        @Nullable JsonNode defaultValue) {

    /** AMC's data types of parameters. Source: AMC Reporting API reference, workflow resource. */
    public enum Type {
        STRING,
        LONG,
        DOUBLE,
        BOOLEAN,
        DATE,
        TIMESTAMP
    }
}
