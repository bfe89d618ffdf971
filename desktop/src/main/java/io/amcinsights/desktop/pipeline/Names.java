package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.common.Messages;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What people call tenants, workflows and schedules; an id that is not known stays an id. */
record Names(List<Tenant> tenants, List<Workflow> workflows, List<Schedule> schedules) {

    private static final Messages MESSAGES = Messages.of(Names.class);

    static final Names NONE = new Names(List.of(), List.of(), List.of());

    String tenant(@Nullable String tenantId) {
        return tenants.stream()
                .filter(t -> t.tenantId().equals(tenantId))
                .map(Tenant::name)
                .findFirst()
                .orElse(tenantId == null ? "–" : tenantId);
    }

    String workflow(@Nullable String tenantId, @Nullable String workflowId) {
        if (workflowId != null && workflowId.isEmpty()) {
            return MESSAGES.text("adHoc");
        }
        return workflows.stream()
                .filter(w -> w.workflowId().equals(workflowId) && w.tenantId().equals(tenantId))
                .map(Workflow::title)
                .findFirst()
                .orElse(workflowId == null ? "–" : workflowId);
    }

    @Nullable String schedule(@Nullable String scheduleId) {
        return schedules.stream()
                .filter(s -> s.scheduleId().equals(scheduleId))
                .map(Schedule::name)
                .findFirst()
                .orElse(scheduleId);
    }
}
