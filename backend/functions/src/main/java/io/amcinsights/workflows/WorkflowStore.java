package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Workflow;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** The saved workflows. */
public final class WorkflowStore {

    private static final String WORKFLOWS = "workflow";

    private final Records<Workflow> workflows;
    private final Documents documents;

    public WorkflowStore(Documents documents) {
        this.documents = documents;
        this.workflows = new Records<>(documents, Workflow.class);
    }

    /**
     * @param tenantId only this tenant's; all tenants' where null
     */
    List<Workflow> all(@Nullable String tenantId) {
        return workflows.all(WORKFLOWS, tenantId == null ? "" : key(tenantId, ""));
    }

    Optional<Workflow> find(String tenantId, String workflowId) {
        return workflows.find(WORKFLOWS, key(tenantId, workflowId));
    }

    Workflow get(String tenantId, String workflowId) {
        return find(tenantId, workflowId)
                .orElseThrow(
                        () ->
                                Failure.of(
                                                ErrorCode.NOT_FOUND,
                                                "There is no workflow “%s” any more."
                                                        .formatted(workflowId))
                                        .with("field", "workflowId")
                                        .exception());
    }

    Workflow put(Workflow workflow, long seen) throws ConflictException {
        return workflows.put(
                WORKFLOWS, key(workflow.tenantId(), workflow.workflowId()), workflow, seen);
    }

    void delete(Workflow workflow) throws ConflictException {
        documents.delete(
                WORKFLOWS, key(workflow.tenantId(), workflow.workflowId()), workflow.version());
    }

    private static String key(String tenantId, String workflowId) {
        return tenantId + "/" + workflowId;
    }
}
