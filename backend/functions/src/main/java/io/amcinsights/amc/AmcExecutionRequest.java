package io.amcinsights.amc;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.TimeWindow;

import java.util.Map;

/**
 * What AMC is asked to run.
 *
 * @param window with plain times, no date tokens
 * @param parameters name to value
 * @param sandbox the instance holds synthetic data, which AMC wants to be said
 * @param output what is to become of the result
 */
public record AmcExecutionRequest(
        Query query,
        TimeWindow window,
        Map<String, JsonNode> parameters,
        boolean sandbox,
        Output output) {

    /** The SQL to run. */
    public sealed interface Query {
        /** A workflow that AMC keeps. */
        record Saved(String workflowId) implements Query {}

        /** A workflow that AMC runs but does not keep. */
        record AdHoc(AmcWorkflow workflow) implements Query {}
    }

    /** What becomes of the result. */
    public enum Output {
        /** It goes to the instance's bucket, and can be downloaded. */
        PUBLISHED,
        /** It can be downloaded only. */
        DOWNLOAD_ONLY,
        /** There is none: AMC only checks the query. */
        NONE
    }

    /** A saved workflow whose result is published. */
    public static AmcExecutionRequest saved(
            String workflowId,
            TimeWindow window,
            Map<String, JsonNode> parameters,
            boolean sandbox) {
        return new AmcExecutionRequest(
                new Query.Saved(workflowId), window, parameters, sandbox, Output.PUBLISHED);
    }

    /** The same with another output. */
    public AmcExecutionRequest to(Output other) {
        return new AmcExecutionRequest(query, window, parameters, sandbox, other);
    }
}
