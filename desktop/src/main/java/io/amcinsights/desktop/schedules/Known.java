package io.amcinsights.desktop.schedules;

import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.ScheduleExpression;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the installation told last.
 *
 * @param runs the newest run of each schedule, by its id
 */
record Known(
        List<Tenant> tenants,
        List<Workflow> workflows,
        List<Schedule> schedules,
        Map<String, Run> runs) {

    static final Known NOTHING = new Known(List.of(), List.of(), List.of(), Map.of());

    Optional<Tenant> tenant(String tenantId) {
        return tenants.stream().filter(t -> t.tenantId().equals(tenantId)).findFirst();
    }

    Optional<Workflow> workflow(String tenantId, String workflowId) {
        return workflows.stream()
                .filter(w -> w.tenantId().equals(tenantId) && w.workflowId().equals(workflowId))
                .findFirst();
    }

    List<ScheduleRow> rows(Instant now) {
        return schedules.stream().map(s -> row(s, now)).toList();
    }

    /** What is not known by name is shown by its id. */
    private ScheduleRow row(Schedule s, Instant now) {
        return new ScheduleRow(
                s,
                tenant(s.tenantId()).map(Tenant::name).orElse(s.tenantId()),
                workflow(s.tenantId(), s.workflowId()).map(Workflow::title).orElse(s.workflowId()),
                ScheduleExpression.parse(s.expression()).describe(),
                Upcoming.next(s, now).orElse(null),
                s.lastRunId() == null ? null : runs.get(s.lastRunId()));
    }
}
