package io.amcinsights.desktop.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.OpenQuery;

import javafx.scene.control.Labeled;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

@ExtendWith(ApplicationExtension.class)
class OverviewScreenTest {

    private static final Tenant KESTREL =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final Visited visited = new Visited();
    private volatile boolean broken = true;
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        List<Run> runs =
                IntStream.range(0, 12)
                        .mapToObj(i -> run(i, i == 3 ? Run.Status.FAILED : Run.Status.SUCCEEDED))
                        .toList();
        List<Delivery> deliveries = IntStream.range(0, 11).mapToObj(this::delivery).toList();
        backend.on(
                        TenantRequest.ListTenants.class,
                        request -> {
                            if (broken) {
                                throw Failure.of(
                                                ErrorCode.INTERNAL,
                                                "The function “tenants” broke off.")
                                        .next("Try again.")
                                        .exception();
                            }
                            return new TenantRequest.Tenants(List.of(KESTREL));
                        })
                .on(
                        WorkflowRequest.ListWorkflows.class,
                        request -> new WorkflowRequest.Workflows(List.of(workflow())))
                .on(
                        WorkflowRequest.ListSchedules.class,
                        request -> new WorkflowRequest.Schedules(List.of()))
                .on(WorkflowRequest.ListRuns.class, request -> new WorkflowRequest.Runs(runs, null))
                .on(
                        LakeRequest.ListDeliveries.class,
                        request -> new LakeRequest.Deliveries(deliveries, null))
                .on(
                        LakeRequest.ListDatasets.class,
                        request -> new LakeRequest.Datasets(List.of(dataset())));
        Tasks tasks = Tasks.onVirtualThreads();
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                OverviewController.class,
                                () ->
                                        new OverviewController(
                                                new OverviewViewModel(backend, tasks, visited))));
        fixture.show(Screen.OVERVIEW);
    }

    @Test
    void says_why_it_is_empty_then_counts_each_station_and_leads_on(FxRobot robot)
            throws Exception {
        await(() -> !robot.lookup("The function “tenants” broke off.").queryAll().isEmpty());
        fixture.snapshots("overview-error");
        broken = false;
        Clicks.clickOn(robot, "Try again");
        await(() -> text(robot, "#nextTitle").equals("Ask a question of reach"));
        fixture.snapshots("overview");
        assertThat(text(robot, "#runCount")).isEqualTo("11");
        assertThat(text(robot, "#runText")).isEqualTo("succeeded, none running, 1 failed");
        assertThat(text(robot, "#askText")).isEqualTo("dataset, 1,234,567 rows to query");
        Clicks.clickOn(robot, "#next");
        assertThat(visited.places()).containsExactly(OpenQuery.ofDataset("reach", null));
    }

    private static String text(FxRobot robot, String id) {
        return robot.lookup(id).<Labeled>tryQuery().map(Labeled::getText).orElse("");
    }

    private static Workflow workflow() {
        return new Workflow(
                KESTREL.tenantId(),
                "reach",
                "Reach and frequency by campaign, all channels",
                "",
                "SELECT 1",
                List.of(),
                null,
                Instant.EPOCH,
                1);
    }

    private static Run run(int number, Run.Status status) {
        Instant requested = Instant.now().minusSeconds(600L * (number + 1));
        return new Run(
                "run-" + number,
                KESTREL.tenantId(),
                "reach",
                1,
                null,
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                null,
                null,
                false,
                status,
                "amc-" + number,
                status.name(),
                null,
                null,
                null,
                requested,
                requested,
                requested.plusSeconds(60),
                1);
    }

    private Delivery delivery(int number) {
        return new Delivery(
                "delivery-" + number,
                KESTREL.bucketName(),
                "workflow=reach/schedule=adhoc/result-%d.csv".formatted(number),
                "0123456789abcdef",
                4_512,
                KESTREL.tenantId(),
                "reach",
                "run-" + number,
                number == 2 ? Delivery.Status.FAILED : Delivery.Status.LOADED,
                "reach",
                number == 2 ? 0 : 20_480,
                null,
                null,
                null,
                null,
                Instant.now().minusSeconds(500L * (number + 1)),
                Instant.now().minusSeconds(490L * (number + 1)),
                1);
    }

    private static Dataset dataset() {
        return new Dataset(
                "reach",
                "amc_insights",
                "reach",
                null,
                List.of(),
                1_234_567,
                45_000_000,
                11,
                Instant.now(),
                null,
                1);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, condition);
    }
}
