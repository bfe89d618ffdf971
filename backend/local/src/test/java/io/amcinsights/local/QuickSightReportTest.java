package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.contract.Tenant;
import io.amcinsights.local.athena.TrinoProcess;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResultSet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The data set and the dashboard that the template makes in Quick Sight, which nobody serves here:
 * the data set's query is asked of Athena over what was really loaded, and what the dashboard names
 * is there.
 */
class QuickSightReportTest {

    /** What Athena gives for a type that Quick Sight reads. */
    private static final Map<String, List<String>> ATHENA_TYPES =
            Map.of(
                    "STRING", List.of("varchar"),
                    "DATETIME", List.of("timestamp", "date"),
                    "INTEGER", List.of("bigint"),
                    "DECIMAL", List.of("double"));

    @TempDir Path folder;

    private static JsonNode query;
    private static JsonNode dashboard;
    private static final Map<String, String> DECLARED = new LinkedHashMap<>();

    @BeforeAll
    static void read() throws Exception {
        Stack stack =
                Stack.read(
                        Files.readString(Path.of("../../cloudformation/template.yaml")),
                        "amc-insights",
                        new Account("000000000000", "us-east-1", "aws"),
                        Map.of(
                                "QuickSightPrincipal",
                                "arn:aws:quicksight:us-east-1:000000000000:group/default/all"));
        query =
                stack.resources("AWS::QuickSight::DataSet")
                        .getFirst()
                        .properties()
                        .at("/PhysicalTableMap/report/CustomSql");
        query.path("Columns")
                .forEach(
                        column ->
                                DECLARED.put(
                                        column.path("Name").asText(),
                                        column.path("Type").asText()));
        dashboard =
                stack.resources("AWS::QuickSight::Dashboard")
                        .getFirst()
                        .properties()
                        .path("Definition");
    }

    private static String sql() {
        return query.path("SqlQuery").asText();
    }

    @Test
    void theQueryGivesWhatTheDataSetDeclaresAndEachChartAsks() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        try (StartedWorkspace lake = new StartedWorkspace(folder.resolve("data"))) {
            List<Tenant> tenants = lake.onboard(2);
            QueryExecution before = lake.asked(sql());
            assertThat(before.status().state()).isEqualTo(QueryExecutionState.FAILED);
            assertThat(before.status().stateChangeReason())
                    .as("until the report is put together, whoever looks is told what is missing")
                    .contains("campaign_report")
                    .contains("does not exist");

            for (Tenant tenant : tenants) {
                lake.load(
                        tenant,
                        "costs",
                        """
                        campaign,ad_product_type,impressions,cost,currency
                        A,dsp,10,0.10,USD
                        B,Sponsored_Products,2,0.20,USD
                        """);
            }
            put(
                    lake,
                    "costs",
                    Map.of(
                            Field.CAMPAIGN, "campaign",
                            Field.IMPRESSIONS, "impressions",
                            Field.SPEND, "cost",
                            Field.CURRENCY, "currency"),
                    new ByColumn("ad_product_type", ReportMapping.USUAL_CHANNELS, null));
            assertDeclared(lake.answer(sql()));

            // A dataset with fractions gives the view's numbers other types, but not the query's.
            lake.load(tenants.getFirst(), "video", "title,shown,spent,sold\nC,0.5,0.000001,3\n");
            put(
                    lake,
                    "video",
                    Map.of(
                            Field.CAMPAIGN, "title",
                            Field.IMPRESSIONS, "shown",
                            Field.SPEND, "spent",
                            Field.PURCHASES, "sold"),
                    new Fixed("TV"));
            assertDeclared(lake.answer(sql()));

            for (JsonNode visual : visuals()) {
                ResultSet drawn = lake.answer(asQuickSightAsks(visual));
                assertThat(StartedWorkspace.rows(drawn)).as("%s", visual).isNotEmpty();
            }
            assertThat(lake.ask(asQuickSightAsks(visual("all-impressions")))).containsExactly("25");
            assertThat(lake.ask(asQuickSightAsks(visual("channel-spend"))))
                    .containsExactlyInAnyOrder(
                            "DSP|USD|0.2", "Sponsored Products|USD|0.4", "TV|NULL|1.0E-6");
        }
    }

    private static void assertDeclared(ResultSet answer) {
        List<ColumnInfo> columns = answer.resultSetMetadata().columnInfo();
        assertThat(columns)
                .extracting(ColumnInfo::name)
                .containsExactlyElementsOf(DECLARED.keySet());
        assertThat(columns)
                .allSatisfy(
                        column ->
                                assertThat(column.type())
                                        .as(column.name())
                                        .isIn(
                                                ATHENA_TYPES.getOrDefault(
                                                        DECLARED.get(column.name()), List.of())));
        assertThat(StartedWorkspace.rows(answer)).isNotEmpty();
    }

    /** Quick Sight puts the query of a data set into one of its own. */
    private static String asQuickSightAsks(JsonNode visual) {
        List<String> by = new ArrayList<>();
        List<String> sums = new ArrayList<>();
        for (JsonNode field : visual.findValues("CategoricalDimensionField")) {
            by.add(column(field));
        }
        for (JsonNode field : visual.findValues("DateDimensionField")) {
            assertThat(field.path("DateGranularity").asText()).isEqualTo("MONTH");
            by.add("date_trunc('month', %s)".formatted(column(field)));
        }
        for (JsonNode field : visual.findValues("NumericalMeasureField")) {
            assertThat(field.at("/AggregationFunction/SimpleNumericalAggregation").asText())
                    .isEqualTo("SUM");
            sums.add("sum(%s)".formatted(column(field)));
        }
        assertThat(sums).isNotEmpty();
        List<String> all = new ArrayList<>(by);
        all.addAll(sums);
        return "SELECT %s FROM (%s) AS report%s"
                .formatted(
                        String.join(", ", all),
                        sql(),
                        by.isEmpty() ? "" : " GROUP BY " + String.join(", ", by));
    }

    private static String column(JsonNode field) {
        return field.at("/Column/ColumnName").asText();
    }

    private static void put(
            StartedWorkspace lake, String dataset, Map<Field, String> columns, Channel channel) {
        lake.call(new PutReportMapping(new ReportMapping(dataset, true, columns, channel, 0)));
    }

    private static List<JsonNode> visuals() {
        List<JsonNode> visuals = new ArrayList<>();
        dashboard.at("/Sheets/0/Visuals").forEach(visuals::add);
        assertThat(visuals).hasSize(12);
        return visuals;
    }

    private static JsonNode visual(String id) {
        return visuals().stream()
                .filter(visual -> visual.findValue("VisualId").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachColumnOfTheDashboardIsOneOfTheDataSetAndOfItsKind() {
        assertThat(dashboard.findValuesAsText("ColumnName"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(DECLARED).containsKey(name));
        assertThat(types("CategoricalDimensionField")).containsOnly("STRING");
        assertThat(types("CategoryFilter")).containsOnly("STRING");
        assertThat(types("DateDimensionField")).containsOnly("DATETIME");
        assertThat(types("NumericalMeasureField")).containsOnly("INTEGER", "DECIMAL");
    }

    private static List<String> types(String kind) {
        return dashboard.findValues(kind).stream()
                .map(field -> Objects.requireNonNull(DECLARED.get(column(field))))
                .toList();
    }

    @Test
    void whatTheDashboardNamesWithinItselfIsThere() {
        assertThat(dashboard.findValuesAsText("DataSetIdentifier")).containsOnly("report");
        assertThat(dashboard.findValuesAsText("FieldId")).doesNotHaveDuplicates();
        assertThat(dashboard.findValuesAsText("ElementId"))
                .containsExactlyInAnyOrderElementsOf(dashboard.findValuesAsText("VisualId"))
                .doesNotHaveDuplicates();
        assertThat(dashboard.findValuesAsText("SourceFilterId"))
                .containsExactlyInAnyOrderElementsOf(dashboard.findValuesAsText("FilterId"));
        assertThat(dashboard.findValues("SheetVisualScopingConfigurations"))
                .allSatisfy(
                        scope ->
                                assertThat(scope.at("/0/SheetId"))
                                        .isEqualTo(dashboard.at("/Sheets/0/SheetId")));
    }

    /** Amounts of several currencies are never added up. */
    @Test
    void moneyIsShownByItsCurrency() {
        for (JsonNode visual : visuals()) {
            List<String> measures =
                    visual.findValues("NumericalMeasureField").stream()
                            .map(QuickSightReportTest::column)
                            .collect(Collectors.toList());
            if (measures.contains("spend") || measures.contains("sales")) {
                assertThat(visual.findValues("CategoricalDimensionField"))
                        .as("%s", visual)
                        .extracting(QuickSightReportTest::column)
                        .contains("currency");
            }
        }
    }
}
