package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Workflow;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The saved workflows. */
public final class WorkflowStore {

    /** A version that another has taken the place of. */
    private record Earlier(Workflow workflow, long version) {}

    private static final String WORKFLOWS = "workflow";
    private static final String EARLIER = "workflow-version";
    private static final Comparator<Workflow> NEWEST_FIRST =
            Comparator.comparingLong(Workflow::version).reversed();

    private final Records<Workflow> workflows;
    private final Records<Earlier> earlier;
    private final Documents documents;

    public WorkflowStore(Documents documents) {
        this.documents = documents;
        this.workflows = new Records<>(documents, Workflow.class);
        this.earlier = new Records<>(documents, Earlier.class);
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
                                                "There is no workflow “%s”.".formatted(workflowId))
                                        .with("field", "workflowId")
                                        .exception());
    }

    /** Each version, newest first. */
    List<Workflow> versions(String tenantId, String workflowId) {
        Workflow now = get(tenantId, workflowId);
        Stream<Workflow> before =
                earlier(now)
                        .map(Earlier::workflow)
                        .filter(w -> w.version() < now.version())
                        .sorted(NEWEST_FIRST);
        return Stream.concat(Stream.of(now), before).toList();
    }

    /** Keeps a version, before another takes its place. */
    void keep(Workflow workflow) {
        try {
            earlier.put(EARLIER, versionKey(workflow), new Earlier(workflow, 0), 0);
        } catch (ConflictException e) {
            // an earlier attempt to save has kept it
        }
    }

    /** Forgets what a workflow was; it begins with version 1 when its id is used again. */
    private void forgetVersions(Workflow workflow) throws ConflictException {
        for (Earlier version : earlier(workflow).toList()) {
            documents.delete(EARLIER, versionKey(version.workflow()), version.version());
        }
    }

    private Stream<Earlier> earlier(Workflow workflow) {
        String prefix = key(workflow.tenantId(), workflow.workflowId()) + "/";
        return earlier.all(EARLIER, prefix).stream();
    }

    private static String versionKey(Workflow workflow) {
        return "%s/%08d"
                .formatted(key(workflow.tenantId(), workflow.workflowId()), workflow.version());
    }

    Workflow put(Workflow workflow, long seen) throws ConflictException {
        return workflows.put(
                WORKFLOWS, key(workflow.tenantId(), workflow.workflowId()), workflow, seen);
    }

    void delete(Workflow workflow) throws ConflictException {
        forgetVersions(workflow);
        documents.delete(
                WORKFLOWS, key(workflow.tenantId(), workflow.workflowId()), workflow.version());
    }

    private static String key(String tenantId, String workflowId) {
        return tenantId + "/" + workflowId;
    }
}
