package io.amcinsights.desktop.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.places.OpenLibrary;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.places.OpenTenants;
import io.amcinsights.desktop.places.OpenWorkflow;
import io.amcinsights.desktop.places.ShowRun;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

class NextStepTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Tenant ACTIVE =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);
    private static final Workflow WORKFLOW =
            new Workflow("amckestrel1", "reach", "Reach", "", "SELECT 1", List.of(), null, NOW, 1);

    @Test
    void leads_a_newcomer_along_the_line() {
        assertThat(step(List.of(), List.of(), List.of(), List.of()))
                .satisfies(
                        step -> {
                            assertThat(step.screen()).isEqualTo(Screen.TENANTS);
                            assertThat(step.argument()).isEqualTo(new OpenTenants.Onboarding());
                        });
        assertThat(step(List.of(ACTIVE), List.of(), List.of(), List.of()))
                .satisfies(
                        step -> {
                            assertThat(step.title()).isEqualTo("Choose a template");
                            assertThat(step.argument()).isEqualTo(new OpenLibrary());
                        });
        assertThat(step(List.of(ACTIVE), List.of(WORKFLOW), List.of(), List.of()))
                .satisfies(
                        step -> {
                            assertThat(step.title()).isEqualTo("Run “Reach”");
                            assertThat(step.argument())
                                    .isEqualTo(new OpenWorkflow("amckestrel1", "reach"));
                        });
        assertThat(
                        step(
                                List.of(ACTIVE),
                                List.of(WORKFLOW),
                                List.of(run(Run.Status.RUNNING)),
                                List.of()))
                .satisfies(
                        step -> {
                            assertThat(step.title()).isEqualTo("A run is under way");
                            assertThat(step.argument()).isEqualTo(new ShowRun("run1"));
                        });
        assertThat(
                        step(
                                List.of(ACTIVE),
                                List.of(WORKFLOW),
                                List.of(run(Run.Status.SUCCEEDED)),
                                List.of(dataset())))
                .satisfies(
                        step -> {
                            assertThat(step.screen()).isEqualTo(Screen.QUERIES);
                            assertThat(step.argument())
                                    .isEqualTo(OpenQuery.ofDataset("reach", null));
                        });
    }

    @Test
    void a_failed_onboarding_comes_first() {
        Tenant failed = Samples.tenant("amcbrook2", "Brook & Fern", Tenant.Status.FAILED);
        assertThat(step(List.of(failed), List.of(), List.of(), List.of()))
                .satisfies(
                        step -> {
                            assertThat(step.title())
                                    .isEqualTo("Brook & Fern could not be onboarded");
                            assertThat(step.argument())
                                    .isEqualTo(new OpenTenants.Details("amcbrook2"));
                        });
    }

    private static NextStep step(
            List<Tenant> tenants,
            List<Workflow> workflows,
            List<Run> runs,
            List<Dataset> datasets) {
        return NextStep.of(new Summary(tenants, workflows, List.of(), runs, List.of(), datasets));
    }

    private static Run run(Run.Status status) {
        return new Run(
                "run1",
                "amckestrel1",
                "reach",
                1,
                null,
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                null,
                null,
                false,
                status,
                null,
                null,
                null,
                null,
                null,
                NOW,
                null,
                null,
                1);
    }

    private static Dataset dataset() {
        return new Dataset(
                "reach", "amc_insights", "reach", null, List.of(), 42, 1000, 1, NOW, null, 1);
    }
}
