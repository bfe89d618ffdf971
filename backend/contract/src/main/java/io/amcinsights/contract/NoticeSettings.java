package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What people are told of a tenant's runs, deliveries and datasets. Of its onboarding, its
 * schedules and its credentials they are always told.
 *
 * @param byWorkflow what differs for single workflows, by their ids
 * @param version counts changes; 0 where nothing was ever chosen
 */
public record NoticeSettings(
        String tenantId, Choice choice, Map<String, Choice> byWorkflow, long version) {

    /** What is told. */
    public enum Choice {
        /** Each success and each failure. */
        ALL,
        /** Each failure, and once a day how many runs succeeded and failed. */
        DIGEST,
        FAILURES,
        NONE
    }

    /** What a tenant has that nobody has chosen anything for. */
    public static NoticeSettings of(String tenantId) {
        return new NoticeSettings(tenantId, Choice.ALL, Map.of(), 0);
    }

    /** What is told of a workflow; of none, what is told of the tenant. */
    public Choice choiceOf(@Nullable String workflowId) {
        return workflowId == null ? choice : byWorkflow.getOrDefault(workflowId, choice);
    }
}
