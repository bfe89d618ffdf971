package io.amcinsights.contract;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the Workflow Manager answers. */
public sealed interface WorkflowRequest<R> extends Request<R> {

    @Override
    default BackendFunction function() {
        return BackendFunction.WORKFLOWS;
    }

    /** The query library. */
    record ListTemplates() implements WorkflowRequest<Templates> {}

    record Templates(List<Template> templates) {}

    /**
     * @param tenantId only this tenant's; all tenants' where null
     */
    record ListWorkflows(@Nullable String tenantId) implements WorkflowRequest<Workflows> {}

    record Workflows(List<Workflow> workflows) {}

    record GetWorkflow(String tenantId, String workflowId) implements WorkflowRequest<Workflow> {}

    /**
     * Saves a workflow, here and at AMC. {@link Workflow#version()} is the one that the caller saw;
     * {@link ErrorCode#CONFLICT} when it has changed since. AMC compiles the SQL; what it refuses
     * is {@link ErrorCode#AMC_REFUSED} with the field {@code sql}, and nothing is saved.
     */
    record PutWorkflow(Workflow workflow) implements WorkflowRequest<Workflow>, Writing {}

    /** Removes a workflow, here and at AMC; refused while a schedule uses it. */
    record DeleteWorkflow(String tenantId, String workflowId)
            implements WorkflowRequest<Done>, Writing {}

    record Done() {}

    /**
     * Where a tenant's workflows differ from those that AMC has, by workflow id. Workflows of AMC's
     * old kind, which are no SQL, are left out.
     */
    record CompareWorkflows(String tenantId) implements WorkflowRequest<Differences> {}

    record Differences(List<Difference> differences) {}

    /**
     * @param ours null where only AMC has it
     * @param theirs as it would be here; null where AMC has none
     */
    record Difference(String workflowId, @Nullable Workflow ours, @Nullable Workflow theirs) {}

    /** Makes a workflow here and at AMC the same. */
    record SettleWorkflow(String tenantId, String workflowId, Side keep)
            implements WorkflowRequest<Workflow>, Writing {

        /** Whose version stays. */
        public enum Side {
            OURS,
            AMCS
        }
    }

    /**
     * Asks for a run.
     *
     * @param parameters by name; those left out take their defaults, and one without is {@link
     *     ErrorCode#INVALID_REQUEST} with the field {@code parameters.<name>}
     * @param requestKey chosen by the caller: the same key again returns the same run
     */
    record RunWorkflow(
            String tenantId,
            String workflowId,
            TimeWindow window,
            Map<String, JsonNode> parameters,
            String requestKey)
            implements WorkflowRequest<Run>, Writing {

        public RunWorkflow withKey(String key) {
            return new RunWorkflow(tenantId, workflowId, window, parameters, key);
        }
    }

    /** Asks for a run of a query that is not saved; see {@link RunWorkflow}. */
    record RunQuery(
            String tenantId,
            Run.AdHoc query,
            TimeWindow window,
            Map<String, JsonNode> parameters,
            String requestKey)
            implements WorkflowRequest<Run>, Writing {}

    /**
     * The first rows of what a run that has succeeded gave, as AMC keeps them; at most 200. {@link
     * ErrorCode#NOT_FOUND} where AMC has no result, as of a dry run.
     */
    record ReadResult(String runId) implements WorkflowRequest<Result> {}

    /**
     * @param rows values in the order of the columns; null for no value
     * @param more whether there are rows beyond these
     */
    record Result(List<String> columns, List<List<@Nullable String>> rows, boolean more) {}

    /**
     * Asks for a run for each tenant and each window, each tenant's in the order of the windows: a
     * backfill, or one workflow for many tenants. At most {@value Batch#LARGEST} runs. They leave
     * room for what people and schedules run.
     *
     * @param windows with plain times or date tokens
     * @param requestKey chosen by the caller: the same key again is the same batch
     */
    record RunBatch(
            List<String> tenantIds,
            String workflowId,
            List<TimeWindow> windows,
            Map<String, JsonNode> parameters,
            String requestKey)
            implements WorkflowRequest<Batch>, Writing {

        public RunBatch withKey(String key) {
            return new RunBatch(tenantIds, workflowId, windows, parameters, key);
        }
    }

    record GetBatch(String batchId) implements WorkflowRequest<Batch> {}

    /** Cancels those runs of a batch that have not ended. */
    record CancelBatch(String batchId) implements WorkflowRequest<Batch>, Writing {}

    /** Runs those parts of a batch again that failed, were refused or were cancelled. */
    record ResumeBatch(String batchId) implements WorkflowRequest<Batch>, Writing {}

    /**
     * Takes a payload of the retired solution, as its notebooks sent it: a {@code workflowRequest}
     * (create, update, get, delete) or a request for an execution (create, cancel, status). Source:
     * Amazon Marketing Cloud Insights on AWS, Workflow Manager interface.
     *
     * @param tenantId in place of the payload's {@code customerId}, which means nothing here
     * @param requestKey of an execution that is created; see {@link RunWorkflow}
     */
    record AcceptPayload(String tenantId, JsonNode payload, String requestKey)
            implements WorkflowRequest<Accepted>, Writing {}

    /**
     * @param workflow that was saved or asked for
     * @param run that was made, cancelled or asked for
     */
    record Accepted(@Nullable Workflow workflow, @Nullable Run run) {}

    /**
     * Sent by a timer, not by people: puts runs back into the queue whose message was lost, ends
     * those that nothing takes care of any more, and tells of schedules that did not fire.
     */
    record Reconcile() implements WorkflowRequest<Reconciled>, Writing {}

    /**
     * @param queued ids of the runs that are in the queue again
     * @param ended ids of the runs that were given up
     * @param missed ids of the schedules that should have fired an hour ago and have not
     * @param found ids of the runs that others have asked AMC for
     */
    record Reconciled(
            List<String> queued, List<String> ended, List<String> missed, List<String> found) {}

    /** How much a tenant's AMC instance has to do for us. */
    record GetCapacity(String tenantId) implements WorkflowRequest<Capacity> {}

    /**
     * @param taken places of the instance that are taken by runs
     * @param places that it has. Source: AMC documentation, 10 concurrent executions by the API
     * @param waiting runs that have not got a place; of the newest 200
     */
    record Capacity(int taken, int places, int waiting) {}

    /** Cancels a run that has not ended. */
    record CancelRun(String runId) implements WorkflowRequest<Run>, Writing {}

    record GetRun(String runId) implements WorkflowRequest<Run> {}

    /**
     * Runs, newest first.
     *
     * @param tenantId only this tenant's; all tenants' where null
     * @param limit at most this many, 1 to 200
     * @param nextToken from the page before
     */
    record ListRuns(@Nullable String tenantId, int limit, @Nullable String nextToken)
            implements WorkflowRequest<Runs> {}

    record Runs(List<Run> runs, @Nullable String nextToken) {}

    /**
     * @param tenantId only this tenant's; all tenants' where null
     */
    record ListSchedules(@Nullable String tenantId) implements WorkflowRequest<Schedules> {}

    record Schedules(List<Schedule> schedules) {}

    /**
     * Saves a schedule; {@link Schedule#enabled()} pauses and resumes it. A new one with the id of
     * one that is there and is the same in all else is that one.
     */
    record PutSchedule(Schedule schedule) implements WorkflowRequest<Schedule>, Writing {}

    record DeleteSchedule(String tenantId, String scheduleId)
            implements WorkflowRequest<Done>, Writing {}

    /**
     * Sent by the timer, not by people: runs what the schedule says. The same schedule and time
     * again return the same run. A schedule whose last three runs have failed is paused instead.
     */
    record FireSchedule(String tenantId, String scheduleId, Instant scheduledTime)
            implements WorkflowRequest<Fired>, Writing {}

    /**
     * @param run null where the schedule is paused, deleted, or not between its start and its end
     */
    record Fired(@Nullable Run run) {}

    /**
     * What people were told of, newest first; kept for 90 days.
     *
     * @param limit at most this many, 1 to 200
     * @param nextToken from the page before
     */
    record ListNotices(int limit, @Nullable String nextToken) implements WorkflowRequest<Notices> {}

    record Notices(List<Notice> notices, @Nullable String nextToken) {}

    /** What people are told of a tenant's runs and deliveries. */
    record GetNoticeSettings(String tenantId) implements WorkflowRequest<NoticeSettings> {}

    /**
     * Chooses what people are told.
     *
     * @param settings with the version that the caller saw; {@link ErrorCode#CONFLICT} when they
     *     have changed since
     */
    record PutNoticeSettings(NoticeSettings settings)
            implements WorkflowRequest<NoticeSettings>, Writing {}

    /** A workflow as it is and as it was: each version that was saved, newest first. */
    record ListVersions(String tenantId, String workflowId) implements WorkflowRequest<Workflows> {}

    /**
     * Saves a workflow for other tenants too, each by itself.
     *
     * @param replace what a tenant has of this id is overwritten; else that tenant is refused
     */
    record CopyWorkflow(String tenantId, String workflowId, List<String> tenantIds, boolean replace)
            implements WorkflowRequest<Copies>, Writing {}

    record Copies(List<Copy> copies) {}

    /**
     * @param problem why this tenant does not have it; null where it has
     */
    record Copy(String tenantId, @Nullable Failure problem) {}
}
