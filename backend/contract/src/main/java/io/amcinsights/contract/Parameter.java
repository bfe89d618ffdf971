package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a workflow, {@code CUSTOM_PARAMETER('name')} in its SQL.
 *
 * @param array takes a list of values
 * @param defaultValue used where a run gives none; without it the parameter is required
 * @param valuesFrom id of the template whose result lists the values that make sense; null where
 *     they cannot be looked up
 */
public record Parameter(
        String name,
        Type type,
        boolean array,
        String description,
        @Nullable JsonNode defaultValue,
        @Nullable String valuesFrom) {

    /** A parameter whose values cannot be looked up. */
    public Parameter(
            String name,
            Type type,
            boolean array,
            String description,
            @Nullable JsonNode defaultValue) {
        this(name, type, array, description, defaultValue, null);
    }

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
