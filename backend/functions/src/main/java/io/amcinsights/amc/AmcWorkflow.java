package io.amcinsights.amc;

import io.amcinsights.contract.Parameter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A workflow that AMC keeps or runs.
 *
 * @param workflowId empty for one that is run but not kept
 * @param sql empty for a workflow of AMC's old kind, a tree of operations
 * @param privacy columns of the result that tell what AMC's privacy rules did
 */
public record AmcWorkflow(
        String workflowId, String sql, List<Parameter> parameters, Privacy privacy) {

    /**
     * Names of columns that AMC is to add; null for none.
     *
     * @param filtered true where values were removed; without it, the whole row goes instead
     * @param users how many users were counted
     * @param reason why values were removed
     */
    public record Privacy(
            @Nullable String filtered, @Nullable String users, @Nullable String reason) {
        public static final Privacy NONE = new Privacy(null, null, null);
    }

    public AmcWorkflow(String workflowId, String sql, List<Parameter> parameters) {
        this(workflowId, sql, parameters, Privacy.NONE);
    }
}
