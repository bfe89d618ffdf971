package io.amcinsights.desktop.overview;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.places.OpenLibrary;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.places.OpenTenants;
import io.amcinsights.desktop.places.OpenWorkflow;
import io.amcinsights.desktop.places.ShowRun;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Optional;

/**
 * What to do next, and where.
 *
 * @param title the step
 * @param text what it is good for
 * @param action what its button says
 * @param argument handed to the screen; null for none
 */
record NextStep(
        String title, String text, String action, Screen screen, @Nullable Object argument) {

    private static final Messages MESSAGES = Messages.of(NextStep.class);

    /** The first station of the line that still lacks something, from left to right. */
    static NextStep of(Summary summary) {
        if (summary.activeTenants() == 0) {
            Optional<Tenant> failed = summary.tenant(Tenant.Status.FAILED);
            Optional<Tenant> underWay = summary.tenant(Tenant.Status.PROVISIONING);
            if (underWay.isPresent()) {
                return step(
                        "provisioning",
                        Screen.TENANTS,
                        new OpenTenants.Details(underWay.get().tenantId()),
                        underWay.get().name());
            }
            return failed.map(
                            tenant ->
                                    step(
                                            "repair",
                                            Screen.TENANTS,
                                            new OpenTenants.Details(tenant.tenantId()),
                                            tenant.name()))
                    .orElseGet(() -> step("onboard", Screen.TENANTS, new OpenTenants.Onboarding()));
        }
        if (summary.workflows().isEmpty()) {
            return step("template", Screen.WORKFLOWS, new OpenLibrary());
        }
        if (summary.runs().stream().allMatch(run -> run.adHoc() != null)) {
            Workflow first = summary.workflows().getFirst();
            return step(
                    "run",
                    Screen.WORKFLOWS,
                    new OpenWorkflow(first.tenantId(), first.workflowId()),
                    first.title());
        }
        Optional<Run> unfinished =
                summary.runs().stream().filter(run -> !run.status().ended()).findFirst();
        if (unfinished.isPresent()) {
            return step(
                    "watch",
                    Screen.PIPELINE,
                    new ShowRun(unfinished.get().runId()),
                    summary.unfinishedRuns());
        }
        if (summary.rows() == 0) {
            return step("look", Screen.PIPELINE, null);
        }
        Dataset newest =
                summary.datasets().stream()
                        .max(Comparator.comparing(Dataset::updatedAt))
                        .orElseThrow();
        return step("ask", Screen.QUERIES, OpenQuery.ofDataset(newest.name(), null), newest.name());
    }

    private static NextStep step(
            String key, Screen screen, @Nullable Object argument, Object... words) {
        return new NextStep(
                MESSAGES.text("next." + key + ".title", words),
                MESSAGES.text("next." + key + ".text", words),
                MESSAGES.text("next." + key + ".action"),
                screen,
                argument);
    }
}
