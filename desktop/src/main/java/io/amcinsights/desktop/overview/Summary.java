package io.amcinsights.desktop.overview;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Where an installation stands.
 *
 * @param runs the newest, newest first
 * @param deliveries the newest, newest first
 */
record Summary(
        List<Tenant> tenants,
        List<Workflow> workflows,
        List<Schedule> schedules,
        List<Run> runs,
        List<Delivery> deliveries,
        List<Dataset> datasets) {

    private static final Messages MESSAGES = Messages.of(Summary.class);

    private static final int NEWEST = 50;

    /** Asks the installation; the questions are asked side by side. */
    static Summary read(Backend backend) throws Exception {
        try (ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Tenant>> tenants =
                    questions.submit(() -> backend.call(new TenantRequest.ListTenants()).tenants());
            Future<List<Workflow>> workflows =
                    questions.submit(
                            () ->
                                    backend.call(new WorkflowRequest.ListWorkflows(null))
                                            .workflows());
            Future<List<Schedule>> schedules =
                    questions.submit(
                            () ->
                                    backend.call(new WorkflowRequest.ListSchedules(null))
                                            .schedules());
            Future<List<Run>> runs =
                    questions.submit(
                            () ->
                                    backend.call(new WorkflowRequest.ListRuns(null, NEWEST, null))
                                            .runs());
            Future<List<Delivery>> deliveries =
                    questions.submit(
                            () ->
                                    backend.call(new LakeRequest.ListDeliveries(null, NEWEST, null))
                                            .deliveries());
            Future<List<Dataset>> datasets =
                    questions.submit(() -> backend.call(new LakeRequest.ListDatasets()).datasets());
            return new Summary(
                    answer(tenants),
                    answer(workflows),
                    answer(schedules),
                    answer(runs),
                    answer(deliveries),
                    answer(datasets));
        }
    }

    private static <T> T answer(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    long activeTenants() {
        return tenants.stream().filter(t -> t.status() == Tenant.Status.ACTIVE).count();
    }

    long enabledSchedules() {
        return schedules.stream().filter(Schedule::enabled).count();
    }

    long runs(Run.Status status) {
        return runs.stream().filter(run -> run.status() == status).count();
    }

    long unfinishedRuns() {
        return runs.stream().filter(run -> !run.status().ended()).count();
    }

    long deliveries(Delivery.Status status) {
        return deliveries.stream().filter(delivery -> delivery.status() == status).count();
    }

    long rows() {
        return datasets.stream().mapToLong(Dataset::rows).sum();
    }

    /** Whether something is under way, so that a look soon again is worth it. */
    boolean busy() {
        return unfinishedRuns() > 0
                || deliveries(Delivery.Status.LOADING) > 0
                || tenants.stream().anyMatch(t -> t.status() == Tenant.Status.PROVISIONING);
    }

    Optional<Tenant> tenant(Tenant.Status status) {
        return tenants.stream().filter(tenant -> tenant.status() == status).findFirst();
    }

    /** A tenant's name; its id where it is not known. */
    String tenantName(String tenantId) {
        return tenants.stream()
                .filter(tenant -> tenant.tenantId().equals(tenantId))
                .findFirst()
                .map(Tenant::name)
                .orElse(tenantId);
    }

    /** A workflow's title; its id where it is not known. */
    String workflowTitle(String tenantId, String workflowId) {
        if (workflowId.isEmpty()) {
            return MESSAGES.text("adHoc");
        }
        return workflows.stream()
                .filter(w -> w.tenantId().equals(tenantId) && w.workflowId().equals(workflowId))
                .findFirst()
                .map(Workflow::title)
                .orElse(workflowId);
    }
}
