package io.amcinsights.desktop.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.CampaignReport.Overlap;
import io.amcinsights.contract.CampaignReport.Source;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.LakeRequest.TryTransformation;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.Transformation;
import io.amcinsights.contract.Transformation.Version;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.Samples;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.aws.FakeExecutions;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.editor.SqlEditor;
import io.amcinsights.desktop.places.OpenQuery;
import io.amcinsights.desktop.places.ShowDataset;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

@ExtendWith(ApplicationExtension.class)
class DatasetsScreenTest {

    private static final Tenant KESTREL =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);
    private static final Rule NAMED = new Rule.NotNull("campaign");
    private static final Rule PAID = new Rule.Range("cost", "0", null);
    private static final Rule UNIQUE = new Rule.Unique(List.of("day", "campaign"));
    private static final Rule FRESH = new Rule.Freshness(48);

    private static final Version VERSION =
            new Version(
                    1,
                    "SELECT campaign, sum(cost_in_currency) AS cost\nFROM input\nGROUP BY campaign",
                    List.of(),
                    Instant.parse("2026-11-20T09:30:00Z"));
    private static final Delivery SAMPLE =
            delivery("20261124T060000000-amckestrel1-a", Delivery.Status.LOADED);
    private static final Delivery BROKEN =
            delivery("20261123T060000000-amckestrel1-b", Delivery.Status.FAILED);

    @TempDir static Path folder;

    private final FakeBackend backend = new FakeBackend();
    private final Visited visited = new Visited();
    private final AtomicReference<DatasetRules> rules =
            new AtomicReference<>(
                    new DatasetRules("campaign_cost", List.of(NAMED, PAID, UNIQUE, FRESH), 4));
    private final AtomicReference<CampaignReport> report =
            new AtomicReference<>(
                    new CampaignReport(
                            "amc_insights",
                            "campaign_report",
                            false,
                            List.of(source("campaign_cost", 0, false), out("reach"))));
    private final AtomicReference<Transformation> transformation =
            new AtomicReference<>(new Transformation("campaign_cost", List.of(VERSION), 1, 7));
    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        backend.on(
                        TenantRequest.ListTenants.class,
                        request -> new TenantRequest.Tenants(List.of(KESTREL)))
                .on(
                        WorkflowRequest.ListWorkflows.class,
                        request -> new WorkflowRequest.Workflows(List.of()))
                .on(
                        WorkflowRequest.ListSchedules.class,
                        request -> new WorkflowRequest.Schedules(List.of()))
                .on(
                        WorkflowRequest.ListRuns.class,
                        request -> new WorkflowRequest.Runs(List.of(), null))
                .on(
                        LakeRequest.ListDeliveries.class,
                        request -> new LakeRequest.Deliveries(List.of(), null))
                .on(
                        LakeRequest.ListDatasets.class,
                        request -> new LakeRequest.Datasets(List.of(dataset())))
                .on(
                        LakeRequest.ListRawDatasets.class,
                        request -> new LakeRequest.RawDatasets(List.of()))
                .on(
                        LakeRequest.GetDatasetSettings.class,
                        request -> DatasetSettings.usual(request.dataset()))
                .on(
                        LakeRequest.GetTransformation.class,
                        request ->
                                new LakeRequest.TransformationInUse(
                                        transformation.get(),
                                        dataset().columns().subList(0, 4),
                                        List.of(SAMPLE, BROKEN)))
                .on(
                        TryTransformation.class,
                        request -> {
                            if (request.sql().contains("clicks")) {
                                throw Failure.invalid(
                                                "sql",
                                                "Line 2: Binder Error: Referenced column \"clicks\""
                                                        + " not found in FROM clause!")
                                        .next("Correct the SQL, then try it again.")
                                        .exception();
                            }
                            return trial(String.valueOf(request.deliveryId()));
                        })
                .on(
                        PutTransformation.class,
                        request ->
                                changed(
                                        t ->
                                                new Transformation(
                                                        t.dataset(),
                                                        List.of(
                                                                VERSION,
                                                                new Version(
                                                                        2,
                                                                        request.sql(),
                                                                        List.of("brands"),
                                                                        Instant.now())),
                                                        t.active(),
                                                        t.version() + 1)))
                .on(
                        SwitchTransformation.class,
                        request ->
                                changed(
                                        t ->
                                                new Transformation(
                                                        t.dataset(),
                                                        t.versions(),
                                                        request.number(),
                                                        t.version() + 1)))
                .on(
                        LakeRequest.GetDatasetRules.class,
                        request ->
                                new LakeRequest.RulesInForce(
                                        rules.get(),
                                        Map.of(
                                                KESTREL.tenantId(),
                                                Instant.now().minus(Duration.ofDays(3)))))
                .on(
                        PutDatasetRules.class,
                        request -> {
                            DatasetRules put = request.rules();
                            rules.set(
                                    new DatasetRules(
                                            put.dataset(), put.rules(), put.version() + 1));
                            return rules.get();
                        })
                .on(LakeRequest.GetCampaignReport.class, request -> report.get())
                .on(
                        PutReportMapping.class,
                        request -> {
                            report.set(
                                    new CampaignReport(
                                            "amc_insights",
                                            "campaign_report",
                                            true,
                                            List.of(
                                                    new Source(
                                                            request.mapping(),
                                                            false,
                                                            source("campaign_cost", 1, true)
                                                                    .choices(),
                                                            List.of("campaign"),
                                                            List.of(),
                                                            List.of()),
                                                    overlapping("weekly"))));
                            return report.get();
                        });
        Tasks tasks = Tasks.onVirtualThreads();
        Toasts toasts = new Toasts();
        PipelineViewModel pipeline = new PipelineViewModel(backend, tasks, visited, new Toasts());
        fixture =
                new ScreenFixture(
                        stage,
                        folder,
                        tasks,
                        Map.of(
                                PipelineController.class,
                                () ->
                                        new PipelineController(
                                                pipeline,
                                                new DetailViewModel(
                                                        backend,
                                                        tasks,
                                                        new FakeDialogs(),
                                                        visited,
                                                        toasts,
                                                        pipeline),
                                                new ExecutionViewModel(
                                                        new FakeExecutions(),
                                                        tasks,
                                                        text -> 8.0 * text.length()),
                                                new DatasetsViewModel(
                                                        backend,
                                                        tasks,
                                                        visited,
                                                        toasts,
                                                        new FakeDialogs()),
                                                new ReadersViewModel(
                                                        backend,
                                                        tasks,
                                                        new FakeDialogs(),
                                                        toasts,
                                                        List.of()),
                                                new DropsViewModel(
                                                        backend,
                                                        new DroppedFiles(),
                                                        tasks,
                                                        new FakeDialogs(),
                                                        (kind, extensions) -> Optional.empty(),
                                                        toasts),
                                                toasts)));
        fixture.show(Screen.PIPELINE);
        fixture.navigation().show(Screen.PIPELINE, new ShowDataset("campaign_cost"));
    }

    @Test
    void the_rules_of_a_dataset_are_shown_with_their_state(FxRobot robot) throws Exception {
        shown(robot, "cost is at least 0");
        shown(robot, "In all 12 deliveries that were checked.");
        shown(robot, "In 2 of 12 deliveries, 1,007 rows. First on");
        shown(robot, "The data of Kestrel Outdoor ends on");
        shown(robot, "It counts from the next delivery on.");
        fixture.snapshots("rules");
    }

    @Test
    void rules_are_added_changed_and_removed(FxRobot robot) throws Exception {
        shown(robot, "cost is at least 0");
        press(robot, "#addRule");
        press(robot, "#saveRule");
        shown(robot, "Choose a column.");
        fixture.snapshots("rule-incomplete");
        choose(robot, "#ruleKind", RulesViewModel.Kind.RANGE);
        ComboBox<String> column = robot.lookup("#ruleColumn").queryComboBox();
        assertThat(column.getItems())
                .contains("day", "cost", "cost_in_currency")
                .doesNotContain("campaign", "window_end");
        choose(robot, "#ruleColumn", "day");
        shown(robot, "A date, such as 2026-11-30");
        write(robot, "#ruleMin", "2026-01-01");
        fixture.snapshots("rule-range");
        press(robot, "#saveRule");
        Rule days = new Rule.Range("day", "2026-01-01", null);
        await(() -> rules.get().version() == 5);
        assertThat(rules.get().rules()).containsExactly(NAMED, PAID, UNIQUE, FRESH, days);
        shown(robot, "day is at least 2026-01-01");

        robot.interact(() -> button(robot, "Change this rule: day, campaign").fire());
        assertThat(
                        robot.lookup("#ruleColumns .check-box").queryAllAs(CheckBox.class).stream()
                                .filter(CheckBox::isSelected)
                                .map(CheckBox::getText))
                .containsExactly("day", "campaign");
        robot.interact(
                () ->
                        robot.lookup("#ruleColumns .check-box").queryAllAs(CheckBox.class).stream()
                                .filter(box -> box.getText().equals("cost_in_currency"))
                                .forEach(CheckBox::fire));
        fixture.snapshots("rule-unique");
        press(robot, "#saveRule");
        await(() -> rules.get().version() == 6);
        assertThat(rules.get().rules())
                .containsExactly(
                        NAMED,
                        PAID,
                        new Rule.Unique(List.of("day", "campaign", "cost_in_currency")),
                        FRESH,
                        days);

        robot.interact(() -> button(robot, "Remove this rule: campaign is not").fire());
        await(() -> rules.get().version() == 7);
        assertThat(rules.get().rules()).doesNotContain(NAMED).hasSize(4);

        backend.on(
                PutDatasetRules.class,
                request -> {
                    throw Failure.invalid("rules[4]", "There is this rule already.").exception();
                });
        press(robot, "#addRule");
        choose(robot, "#ruleKind", RulesViewModel.Kind.FRESHNESS);
        write(robot, "#ruleHours", "two");
        press(robot, "#saveRule");
        shown(robot, "Enter how many hours old the data may be");
        write(robot, "#ruleHours", "48");
        press(robot, "#saveRule");
        shown(robot, "There is this rule already.");
    }

    @Test
    void a_transformation_is_changed_tried_kept_and_put_in_force(FxRobot robot) throws Exception {
        shown(robot, "Version 1 is in force");
        fixture.snapshots("dataset-transformation");
        press(robot, "#openTransformation");
        shown(robot, "Transformation of campaign_cost");
        SqlEditor editor = robot.lookup("#transformation .sql-editor").queryAs(SqlEditor.class);
        assertThat(editor.textProperty().get()).isEqualTo(VERSION.sql());
        assertThat(robot.lookup("#saveTransformation").query().isDisabled()).isTrue();
        assertThat(robot.lookup("#putInForce").query().isVisible()).isFalse();

        robot.interact(() -> editor.textProperty().set("SELECT campaign,\n  clicks FROM input"));
        press(robot, "#tryTransformation");
        shown(robot, "Line 2: Binder Error: Referenced column");
        fixture.snapshots("transformation-refused");

        String sql = "SELECT campaign, brand, cost\nFROM input JOIN brands USING (campaign)";
        robot.interact(() -> editor.textProperty().set(sql));
        robot.interact(() -> robot.lookup("#sample").queryComboBox().getSelectionModel().select(1));
        press(robot, "#tryTransformation");
        shown(robot, "1,204 rows became 3 rows");
        assertThat(backend.asked(TryTransformation.class).getLast())
                .isEqualTo(new TryTransformation("campaign_cost", sql, BROKEN.deliveryId()));
        shown(robot, "Other datasets that it reads: brands");
        fixture.snapshots("transformation-tried");

        press(robot, "#leaveTransformation");
        await(() -> robot.lookup("#datasets").query().isVisible());
        press(robot, "#openTransformation");
        assertThat(editor.textProperty().get()).isEqualTo(sql);

        press(robot, "#saveTransformation");
        await(() -> transformation.get().version() == 8);
        assertThat(backend.asked(PutTransformation.class))
                .containsExactly(new PutTransformation("campaign_cost", sql, 7));
        shown(robot, "Version 1 is in force");
        await(() -> robot.lookup("#putInForce").query().isVisible());
        press(robot, "#putInForce");
        await(() -> transformation.get().active() == 2);
        shown(robot, "Version 2 is in force");
        fixture.snapshots("transformation");
        assertThat(backend.asked(SwitchTransformation.class))
                .containsExactly(new SwitchTransformation("campaign_cost", 2, 8));

        press(robot, "#switchOff");
        shown(robot, "Rows are loaded as they are");
        assertThat(transformation.get().active()).isZero();
        assertThat(editor.textProperty().get()).isEqualTo(sql);
    }

    @Test
    void the_first_transformation_begins_with_all_columns(FxRobot robot) throws Exception {
        shown(robot, "Version 1 is in force");
        transformation.set(Transformation.none("campaign_cost"));
        Clicks.clickOn(robot, "#closeDrawer");
        robot.interact(
                () -> fixture.navigation().show(Screen.PIPELINE, new ShowDataset("campaign_cost")));
        shown(robot, "Rows are loaded as they are");
        press(robot, "#openTransformation");
        SqlEditor editor = robot.lookup("#transformation .sql-editor").queryAs(SqlEditor.class);
        await(() -> editor.textProperty().get().equals("SELECT *\nFROM input"));
        press(robot, "#saveTransformation");
        await(() -> !backend.asked(PutTransformation.class).isEmpty());
        fixture.snapshots("transformation-first");
    }

    private Transformation changed(UnaryOperator<Transformation> change) {
        return transformation.updateAndGet(change);
    }

    private static Delivery delivery(String id, Delivery.Status status) {
        return new Delivery(
                id,
                "kestrel",
                "workflow=campaign-cost/x.csv",
                "etag",
                48_112,
                KESTREL.tenantId(),
                "campaign-cost",
                null,
                status,
                "campaign_cost",
                1_204,
                null,
                null,
                null,
                null,
                Instant.parse("2026-11-24T06:00:00Z"),
                null,
                1);
    }

    private static LakeRequest.Trial trial(String deliveryId) {
        return new LakeRequest.Trial(
                deliveryId,
                List.of("brands"),
                1_204,
                3,
                List.of(
                        new Dataset.Column("campaign", "campaign", "varchar", ""),
                        new Dataset.Column("brand", "brand", "varchar", ""),
                        new Dataset.Column("cost", "cost", "decimal(38,4)", "")),
                List.of(
                        List.of("Autumn boots", "Kestrel Outdoor", "1204.5000"),
                        List.of("Rain jackets", "Kestrel Outdoor", "310.0000"),
                        Arrays.asList("Trail snacks", null, "12.2500")));
    }

    @Test
    void a_proposal_is_looked_at_changed_and_put_into_the_report(FxRobot robot) throws Exception {
        Clicks.clickOn(robot, "#closeDrawer");
        Clicks.clickOn(robot, "#campaignReport");
        await(() -> sources(robot).getItems().size() == 2);
        shown(robot, "Proposed");
        assertThat(robot.lookup("#queryReport").query().isDisabled()).isTrue();
        fixture.snapshots("report");

        open(robot, 0);
        shown(robot, "Proposed by the names of the columns");
        fixture.snapshots("report-mapping");
        choose(robot, "#reportCLICKS", "clicks");
        choose(robot, "#reportChannel", ReportViewModel.ChannelKind.FIXED);
        write(robot, "#reportChannelName", "Streaming TV");
        Clicks.clickOn(robot, "#putMapping");
        await(() -> !backend.asked(PutReportMapping.class).isEmpty());
        assertThat(backend.asked(PutReportMapping.class).getFirst().mapping())
                .isEqualTo(
                        new ReportMapping(
                                "campaign_cost",
                                true,
                                Map.of(
                                        ReportMapping.Field.CAMPAIGN, "campaign",
                                        ReportMapping.Field.CLICKS, "clicks",
                                        ReportMapping.Field.SPEND, "cost_in_currency"),
                                new Fixed("Streaming TV"),
                                0));
        shown(robot, "In the report");

        open(robot, 1);
        shown(robot, "campaign_cost has spend, purchases of Kestrel Outdoor too.");
        shown(robot, "“views” holds text by now.");
        fixture.snapshots("report-overlap");
        Clicks.clickOn(robot, "#leaveOut");
        await(() -> backend.asked(PutReportMapping.class).size() == 2);
        assertThat(backend.asked(PutReportMapping.class).getLast().mapping().included()).isFalse();

        Clicks.clickOn(robot, "#queryReport");
        Clicks.clickOn(robot, "#queryTwice");
        assertThat(visited.places())
                .containsExactly(
                        new OpenQuery("Campaign report", report.get().byChannel(), true),
                        new OpenQuery("Counted twice", report.get().countedTwice(), true));
        Clicks.clickOn(robot, "#leaveReport");
        await(() -> robot.lookup("#datasets").query().isVisible());
    }

    @Test
    void the_names_of_channels_are_changed(FxRobot robot) throws Exception {
        Clicks.clickOn(robot, "#closeDrawer");
        Clicks.clickOn(robot, "#campaignReport");
        await(() -> sources(robot).getItems().size() == 2);
        open(robot, 0);
        shown(robot, "What its values are called");
        TextInputControl name =
                robot
                        .lookup("#reportChannelNames .text-field")
                        .queryAllAs(TextInputControl.class)
                        .stream()
                        .filter(text -> text.getText().equals("DSP"))
                        .findFirst()
                        .orElseThrow();
        robot.interact(() -> name.setText("Display"));
        write(robot, "#reportAbsent", "Not told");
        Clicks.clickOn(robot, "#putMapping");
        await(() -> !backend.asked(PutReportMapping.class).isEmpty());
        assertThat(backend.asked(PutReportMapping.class).getFirst().mapping().channel())
                .isInstanceOfSatisfying(
                        ByColumn.class,
                        by -> {
                            assertThat(by.column()).isEqualTo("ad_product_type");
                            assertThat(by.absent()).isEqualTo("Not told");
                            assertThat(by.names())
                                    .containsEntry("dsp", "Display")
                                    .containsEntry("sponsored_brands", "Sponsored Brands");
                        });
    }

    @Test
    void an_empty_and_a_failing_report_say_so(FxRobot robot) throws Exception {
        backend.on(
                LakeRequest.GetCampaignReport.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "The documents cannot be read.")
                            .exception();
                });
        Clicks.clickOn(robot, "#campaignReport");
        shown(robot, "The documents cannot be read.");
        backend.on(
                LakeRequest.GetCampaignReport.class,
                request -> new CampaignReport("amc_insights", "campaign_report", false, List.of()));
        Clicks.clickOn(robot, "#leaveReport");
        Clicks.clickOn(robot, "#campaignReport");
        shown(robot, "A dataset comes to be with the first delivery");
        fixture.snapshots("report-empty");
    }

    private static Dataset dataset() {
        Instant since = Instant.parse("2026-11-03T06:12:00Z");
        return new Dataset(
                "campaign_cost",
                "amc_insights",
                "campaign-cost",
                null,
                List.of(
                        new Dataset.Column("day", "day", "date", ""),
                        new Dataset.Column("campaign", "campaign", "varchar", ""),
                        new Dataset.Column("cost", "cost", "bigint", "AMC's column cost"),
                        new Dataset.Column(
                                "cost_in_currency", "", "decimal(38,5)", "cost in the currency"),
                        new Dataset.Column("delivery_id", "", "varchar", "Delivery"),
                        new Dataset.Column("window_end", "", "timestamp", "")),
                80_000,
                4_000_000,
                14,
                Instant.now(),
                new Quality.Total(
                        80_000,
                        null,
                        0L,
                        Map.of("campaign", 0L),
                        Instant.parse("2026-11-01T00:00:00Z"),
                        null,
                        List.of(
                                new Quality.RuleTotal(NAMED, 12, 0, 0, null),
                                new Quality.RuleTotal(PAID, 12, 2, 1_007, since))),
                1);
    }

    private static Source source(String dataset, long version, boolean included) {
        return new Source(
                new ReportMapping(
                        dataset,
                        included,
                        Map.of(
                                ReportMapping.Field.CAMPAIGN, "campaign",
                                ReportMapping.Field.SPEND, "cost_in_currency"),
                        new ByColumn("ad_product_type", ReportMapping.USUAL_CHANNELS, null),
                        version),
                version == 0,
                Map.of(
                        ReportMapping.Field.CAMPAIGN, List.of("campaign"),
                        ReportMapping.Field.CLICKS, List.of("clicks"),
                        ReportMapping.Field.SPEND, List.of("cost_in_currency")),
                List.of("campaign", "ad_product_type"),
                List.of(),
                List.of());
    }

    private static Source out(String dataset) {
        return new Source(
                new ReportMapping(dataset, false, Map.of(), null, 0),
                false,
                Map.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static Source overlapping(String dataset) {
        Source of = source(dataset, 2, true);
        return new Source(
                of.mapping(),
                false,
                of.choices(),
                of.channelColumns(),
                List.of("views"),
                List.of(
                        new Overlap(
                                "campaign_cost",
                                List.of(ReportMapping.Field.SPEND, ReportMapping.Field.PURCHASES),
                                List.of(KESTREL.tenantId()))));
    }

    private static TableView<Source> sources(FxRobot robot) {
        return robot.lookup("#reportSources").queryTableView();
    }

    private static void open(FxRobot robot, int source) {
        robot.interact(
                () -> {
                    sources(robot).getSelectionModel().select(source);
                    sources(robot).requestFocus();
                });
        robot.type(KeyCode.ENTER);
    }

    private static Button button(FxRobot robot, String says) {
        return robot.lookup(".button").queryAllAs(Button.class).stream()
                .filter(
                        b ->
                                b.getAccessibleText() != null
                                        && b.getAccessibleText().startsWith(says))
                .findFirst()
                .orElseThrow();
    }

    /** A button that may be scrolled out of sight. */
    private static void press(FxRobot robot, String button) {
        robot.interact(() -> robot.lookup(button).queryButton().fire());
    }

    private static <T> void choose(FxRobot robot, String box, T value) {
        robot.interact(() -> robot.lookup(box).<T>queryComboBox().setValue(value));
    }

    private static void write(FxRobot robot, String field, String text) {
        robot.interact(() -> robot.lookup(field).queryTextInputControl().setText(text));
    }

    private static void shown(FxRobot robot, String text) throws Exception {
        await(
                () ->
                        robot
                                .lookup(
                                        (Node node) ->
                                                node instanceof Labeled label
                                                        && label.getText() != null
                                                        && label.getText().contains(text))
                                .queryAll()
                                .stream()
                                .anyMatch(Node::isVisible));
    }

    private static void await(Callable<Boolean> wanted) throws Exception {
        WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, wanted);
    }
}
