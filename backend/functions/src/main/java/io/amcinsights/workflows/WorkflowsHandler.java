package io.amcinsights.workflows;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.Snapshot;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.AcceptPayload;
import io.amcinsights.contract.WorkflowRequest.CancelBatch;
import io.amcinsights.contract.WorkflowRequest.CancelRun;
import io.amcinsights.contract.WorkflowRequest.CompareWorkflows;
import io.amcinsights.contract.WorkflowRequest.CopyWorkflow;
import io.amcinsights.contract.WorkflowRequest.DeleteSchedule;
import io.amcinsights.contract.WorkflowRequest.DeleteWorkflow;
import io.amcinsights.contract.WorkflowRequest.Done;
import io.amcinsights.contract.WorkflowRequest.FireSchedule;
import io.amcinsights.contract.WorkflowRequest.GetBatch;
import io.amcinsights.contract.WorkflowRequest.GetCapacity;
import io.amcinsights.contract.WorkflowRequest.GetNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.GetRun;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.ListNotices;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListSchedules;
import io.amcinsights.contract.WorkflowRequest.ListTemplates;
import io.amcinsights.contract.WorkflowRequest.ListVersions;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.contract.WorkflowRequest.ReadResult;
import io.amcinsights.contract.WorkflowRequest.Reconcile;
import io.amcinsights.contract.WorkflowRequest.ResumeBatch;
import io.amcinsights.contract.WorkflowRequest.RunBatch;
import io.amcinsights.contract.WorkflowRequest.RunQuery;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow;
import io.amcinsights.notices.NoticeBoard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;

/** The function {@code workflows}. */
public final class WorkflowsHandler implements RequestStreamHandler {

    private final Templates templates;
    private final Workflows workflows;
    private final Runs runs;
    private final RunResults results;
    private final Batches batches;
    private final Payloads payloads;
    private final Reconciliation reconciliation;
    private final Schedules schedules;
    private final NoticeBoard notices;
    private final RunNotices runNotices;
    private final Clock clock;

    /** On AWS. */
    public WorkflowsHandler() {
        this(Functions.aws());
        Snapshot.rehearse(
                functions -> call -> new WorkflowsHandler(functions).answer(Json.request(call)),
                Json.request(new ListTemplates()),
                Json.request(new ListWorkflows(null)),
                Json.request(new ListRuns(null, 1, null)));
    }

    public WorkflowsHandler(Functions functions) {
        this.templates = functions.templates();
        this.workflows = functions.workflows();
        this.runs = functions.runs();
        this.results = functions.runResults();
        this.batches = functions.batches();
        this.reconciliation = functions.reconciliation();
        this.payloads = functions.payloads();
        this.schedules = functions.schedules();
        this.notices = functions.notices();
        this.runNotices = functions.runNotices();
        this.clock = functions.clock();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        Invocation.serve(in, out, context, this::answer, WorkflowsHandler::step);
    }

    private Object answer(Request<?> request) {
        if (!(request instanceof WorkflowRequest<?> asked)) {
            throw Failure.invalid("operation", "Another function answers this.").exception();
        }
        return switch (asked) {
            case ListTemplates _ -> new WorkflowRequest.Templates(templates.all());
            case ListWorkflows(var tenantId) ->
                    new WorkflowRequest.Workflows(workflows.list(tenantId));
            case GetWorkflow(String tenantId, String workflowId) ->
                    workflows.get(tenantId, workflowId);
            case PutWorkflow(var workflow) -> workflows.put(workflow);
            case ListVersions(String tenantId, String workflowId) ->
                    new WorkflowRequest.Workflows(workflows.versions(tenantId, workflowId));
            case CompareWorkflows(String tenantId) -> workflows.compare(tenantId);
            case SettleWorkflow how -> workflows.settle(how);
            case CopyWorkflow copy -> workflows.copy(copy);
            case DeleteWorkflow(String tenantId, String workflowId) -> {
                workflows.delete(tenantId, workflowId);
                yield new Done();
            }
            case RunWorkflow r ->
                    runs.request(
                            new Runs.Wish(
                                    r.tenantId(),
                                    r.workflowId(),
                                    r.window(),
                                    r.parameters(),
                                    r.requestKey(),
                                    null,
                                    null,
                                    clock.instant()));
            case RunQuery query -> runs.request(query);
            case ReadResult(String runId) -> results.read(runId);
            case RunBatch batch -> batches.request(batch);
            case GetBatch(String batchId) -> batches.get(batchId);
            case CancelBatch(String batchId) -> batches.cancel(batchId);
            case ResumeBatch(String batchId) -> batches.resume(batchId);
            case AcceptPayload asks -> payloads.accept(asks);
            case Reconcile _ -> reconciliation.reconcile();
            case GetCapacity(String tenantId) -> runs.capacity(tenantId);
            case CancelRun(String runId) -> runs.cancel(runId);
            case GetRun(String runId) -> runs.get(runId);
            case ListRuns(var tenantId, int limit, var token) ->
                    runs.newest(tenantId, limit, token);
            case ListSchedules(var tenantId) ->
                    new WorkflowRequest.Schedules(schedules.list(tenantId));
            case PutSchedule(var schedule) -> schedules.put(schedule);
            case DeleteSchedule(String tenantId, String scheduleId) -> {
                schedules.delete(tenantId, scheduleId);
                yield new Done();
            }
            case ListNotices(int limit, var token) -> notices.newest(limit, token);
            case GetNoticeSettings(String tenantId) -> runNotices.settings(tenantId);
            case PutNoticeSettings(var settings) -> runNotices.choose(settings);
            case FireSchedule fire -> schedules.fire(fire);
        };
    }

    private static Object step(String step, JsonNode input) {
        throw Failure.invalid("step", "There is no step “%s”.".formatted(step)).exception();
    }
}
