package io.amcinsights.desktop.aws;

import io.amcinsights.contract.BackendFunction;

import java.util.Map;
import java.util.Set;

/**
 * A deployed stack, as its outputs describe it.
 *
 * @param name of the stack
 * @param region AWS region
 * @param local a local workspace on this machine
 * @param tenantProvisioning state machine (ARN)
 * @param workflowRun state machine (ARN)
 * @param lakeDelivery state machine (ARN)
 * @param workGroup Athena work group of analysts
 * @param database Glue database of the datasets
 * @param lakeBucket bucket of the lake
 */
public record Installation(
        String name,
        String region,
        boolean local,
        String tenantsFunction,
        String workflowsFunction,
        String lakeFunction,
        String tenantProvisioning,
        String workflowRun,
        String lakeDelivery,
        String workGroup,
        String database,
        String lakeBucket) {

    /** The stack that an installation has unless its administrator chose another name. */
    public static final String DEFAULT_NAME = "amc-insights";

    private static final Set<String> OUTPUTS =
            Set.of(
                    "TenantsFunction",
                    "WorkflowsFunction",
                    "LakeFunction",
                    "TenantProvisioning",
                    "WorkflowRun",
                    "LakeDelivery",
                    "AnalystWorkGroup",
                    "Database",
                    "LakeBucket");

    /**
     * Reads a stack's outputs.
     *
     * @throws IllegalArgumentException an output is missing: the stack is of another make or age
     */
    static Installation of(String name, String region, boolean local, Map<String, String> outputs) {
        return new Installation(
                name,
                region,
                local,
                output(outputs, "TenantsFunction"),
                output(outputs, "WorkflowsFunction"),
                output(outputs, "LakeFunction"),
                output(outputs, "TenantProvisioning"),
                output(outputs, "WorkflowRun"),
                output(outputs, "LakeDelivery"),
                output(outputs, "AnalystWorkGroup"),
                output(outputs, "Database"),
                output(outputs, "LakeBucket"));
    }

    /** Whether a stack with these outputs is an installation that this application can open. */
    public static boolean opens(Set<String> outputs) {
        return outputs.containsAll(OUTPUTS);
    }

    /** The AWS account that it is deployed in. */
    public String awsAccountId() {
        return tenantProvisioning.split(":", -1)[4];
    }

    String function(BackendFunction function) {
        return switch (function) {
            case TENANTS -> tenantsFunction;
            case WORKFLOWS -> workflowsFunction;
            case LAKE -> lakeFunction;
        };
    }

    private static String output(Map<String, String> outputs, String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The stack has no output "
                            + name
                            + "; it is of another version than this"
                            + " application.");
        }
        return value;
    }
}
