package io.amcinsights.workflows;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.TestInstallation;
import io.amcinsights.amc.ScriptedAmc.Answer;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Schedule;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.CompareWorkflows;
import io.amcinsights.contract.WorkflowRequest.Copy;
import io.amcinsights.contract.WorkflowRequest.CopyWorkflow;
import io.amcinsights.contract.WorkflowRequest.DeleteSchedule;
import io.amcinsights.contract.WorkflowRequest.DeleteWorkflow;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.ListTemplates;
import io.amcinsights.contract.WorkflowRequest.ListVersions;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutSchedule;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.contract.WorkflowRequest.SettleWorkflow;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class WorkflowsTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String PATH = "/amc/reporting/amcr1aaaa1a/workflows";
    private static final String EXISTS =
            "{\"code\":\"400\",\"details\":\"Workflow with ID reach already exists.\"}";

    private final TestInstallation installation = new TestInstallation();
    private final WorkflowsHandler handler = new WorkflowsHandler(installation.functions());

    @BeforeEach
    void tenant() {
        installation.tenant(TENANT);
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void theLibraryIsThere() {
        assertThat(ask(handler, new ListTemplates()).templates())
                .extracting(t -> t.templateId())
                .contains("reach-and-frequency", "path-to-conversion");
    }

    @Test
    void aWorkflowIsSavedAtAmcAndHere() {
        installation.amc.on("POST", PATH, 200, "{}");
        Parameter campaigns =
                new Parameter("campaigns", Parameter.Type.STRING, true, "which", null);

        Workflow saved =
                ask(handler, new PutWorkflow(workflow("SELECT 1 AS x FROM t;\n", 0, campaigns)));

        assertThat(saved.version()).isEqualTo(1);
        assertThat(ask(handler, new GetWorkflow(TENANT, "reach"))).isEqualTo(saved);
        assertThat(ask(handler, new ListWorkflows("another")).workflows()).isEmpty();
        var sent = installation.amc.seen("POST", PATH).getFirst().json();
        assertThat(sent.path("sqlQuery").asText()).isEqualTo("SELECT 1 AS x FROM t");
        assertThat(sent.path("inputParameters").toString())
                .contains("\"elementDataType\":\"STRING\"", "\"name\":\"campaigns\"");
    }

    @Test
    void whatAmcCannotCompileIsShownAtItsPlaceAndNotSaved() {
        installation.amc.on(
                "POST",
                PATH,
                400,
                "{\"code\":\"400\",\"details\":\"From line 3, column 8 to line 3, column 20: Object"
                        + " 'foo' not found\"}");

        Failure refused = refusal(handler, new PutWorkflow(workflow("SELECT", 0)));

        assertThat(refused.code()).isEqualTo(ErrorCode.AMC_REFUSED);
        assertThat(refused.field()).isEqualTo("sql");
        assertThat(refused.message()).contains("Object 'foo' not found");
        assertThat(refused.details())
                .containsEntry("line", "3")
                .containsEntry("column", "8")
                .containsEntry("endColumn", "20")
                .containsEntry("requestId", "request-1");
        assertThat(ask(handler, new ListWorkflows(null)).workflows()).isEmpty();
    }

    @Test
    void aChangeNamesTheVersionItSaw() {
        installation.amc.on("POST", PATH, 200, "{}").on("POST", PATH, 400, EXISTS);
        installation.amc.on("PUT", PATH + "/reach", 200, "{}");
        installation.amc.on("GET", PATH + "/reach", 200, "{\"workflow\":{}}");
        Workflow first = ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));

        Workflow second = ask(handler, new PutWorkflow(workflow("SELECT 2", first.version())));
        assertThat(second.version()).isEqualTo(2);
        assertThat(refusal(handler, new PutWorkflow(workflow("SELECT 3", first.version()))).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(handler, new PutWorkflow(workflow("SELECT 3", 0))))
                .returns(ErrorCode.ALREADY_EXISTS, Failure::code)
                .returns("workflowId", Failure::field);
        assertThat(installation.amc.seen("PUT", PATH + "/reach")).hasSize(1);
    }

    @Test
    void ofTwoWhoSaveAtOnceTheOneWhoWasFirstHereIsAtAmc() {
        installation.amc.on("POST", PATH, 200, "{}").on("POST", PATH, 400, EXISTS);
        installation.amc.on("PUT", PATH + "/reach", 200, "{}");
        installation.amc.on("GET", PATH + "/reach", 200, "{\"workflow\":{}}");
        Workflow first = ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));
        installation.amc.meanwhile(
                "PUT",
                PATH + "/reach",
                () -> ask(handler, new PutWorkflow(workflow("SELECT 2", first.version()))));

        assertThat(refusal(handler, new PutWorkflow(workflow("SELECT 3", first.version()))).code())
                .isEqualTo(ErrorCode.CONFLICT);

        assertThat(ask(handler, new GetWorkflow(TENANT, "reach")).sql()).isEqualTo("SELECT 2");
        assertThat(installation.amc.seen("PUT", PATH + "/reach"))
                .extracting(s -> s.json().path("sqlQuery").asText())
                .containsExactly("SELECT 3", "SELECT 2", "SELECT 2");
    }

    @Test
    void whatDiffersFromAmcIsSeenAndSettledEitherWay() {
        installation.amc.on("POST", PATH, 200, "{}");
        Workflow ours = ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));
        installation
                .amc
                .off("POST", PATH)
                .on(
                        "GET",
                        PATH,
                        200,
                        """
                        {"workflows":[
                          {"workflowId":"reach","sqlQuery":"SELECT 2"},
                          {"workflowId":"console-made","sqlQuery":"SELECT CUSTOM_PARAMETER('n')",
                           "inputParameters":[{"name":"n","dataType":"INTEGER","defaultValue":3}]},
                          {"workflowId":"old-kind"}]}
                        """);
        var differences = ask(handler, new CompareWorkflows(TENANT)).differences();
        assertThat(differences)
                .extracting(WorkflowRequest.Difference::workflowId)
                .containsExactly("console-made", "reach");
        assertThat(differences.getFirst().ours()).isNull();
        assertThat(differences.getLast().ours()).isEqualTo(ours);

        installation.amc.on(
                "GET",
                PATH + "/console-made",
                200,
                """
                {"workflow":{"workflowId":"console-made","sqlQuery":"SELECT CUSTOM_PARAMETER('n')",
                 "inputParameters":[{"name":"n","dataType":"INTEGER","defaultValue":3}]}}
                """);
        Workflow taken =
                ask(handler, new SettleWorkflow(TENANT, "console-made", SettleWorkflow.Side.AMCS));
        assertThat(taken.parameters())
                .containsExactly(
                        new Parameter("n", Parameter.Type.LONG, false, "", IntNode.valueOf(3)));
        assertThat(ask(handler, new CompareWorkflows(TENANT)).differences())
                .extracting(WorkflowRequest.Difference::workflowId)
                .containsExactly("reach");

        installation
                .amc
                .on(
                        "GET",
                        PATH + "/reach",
                        200,
                        "{\"workflow\":{\"workflowId\":\"reach\",\"sqlQuery\":\"SELECT 2\","
                                + "\"filteredReasonColumn\":\"why\"}}")
                .on("POST", PATH, 400, EXISTS)
                .on("PUT", PATH + "/reach", 200, "{}");
        ask(handler, new SettleWorkflow(TENANT, "reach", SettleWorkflow.Side.OURS));
        var sent = installation.amc.seen("PUT", PATH + "/reach").getFirst().json();
        assertThat(sent.path("sqlQuery").asText()).isEqualTo("SELECT 1");
        assertThat(sent.path("filteredReasonColumn").asText()).isEqualTo("why");

        Workflow theirs =
                ask(handler, new SettleWorkflow(TENANT, "reach", SettleWorkflow.Side.AMCS));
        assertThat(theirs.sql()).isEqualTo("SELECT 2");
        assertThat(theirs.title()).isEqualTo(ours.title());
        assertThat(ask(handler, new ListVersions(TENANT, "reach")).workflows())
                .extracting(Workflow::sql)
                .containsExactly("SELECT 2", "SELECT 1");
    }

    @Test
    void aPayloadOfTheRetiredSolutionIsTaken() {
        installation.amc.on("POST", PATH, 200, "{}");
        Workflow made =
                accept(
                                """
                                {"customerId":"kestrel","requestType":"createWorkflow",
                                 "workflowDefinition":{"workflowId":"reach","sqlQuery":"SELECT 1",
                                  "filteredMetricsDiscriminatorColumn":"filtered",
                                  "inputParameters":[{"name":"since","dataType":"DATE",
                                   "columnType":"DIMENSION","defaultValue":"2026-01-01"}]}}
                                """)
                        .workflow();
        assertThat(made).isEqualTo(ask(handler, new GetWorkflow(TENANT, "reach")));
        var sent = installation.amc.seen("POST", PATH).getFirst().json();
        assertThat(sent.path("filteredMetricsDiscriminatorColumn").asText()).isEqualTo("filtered");

        String run =
                """
                {"customerId":"kestrel","requestType":"createExecution","createExecutionRequest":{
                  "workflowId":"reach","timeWindowType":"EXPLICIT",
                  "timeWindowStart":"TODAY(-3)","timeWindowEnd":"2026-11-22T00:00:00.000Z",
                  "timeWindowTimeZone":"America/New_York","workflow_executed_date":"now()",
                  "ignoreDataGaps":"True","parameterValues":{"since":"TODAY(-7)"}}}
                """;
        Run asked = Objects.requireNonNull(accept(run).run());
        assertThat(asked.window())
                .isEqualTo(
                        TimeWindow.explicit(
                                "2026-11-20T00:00:00", "2026-11-22T00:00:00", "America/New_York"));
        assertThat(asked.parameters()).containsEntry("since", TextNode.valueOf("2026-11-16"));
        assertThat(accept(run).run()).isEqualTo(asked);

        assertThat(accept("{\"requestType\":\"getWorkflow\",\"workflowId\":\"reach\"}").workflow())
                .isEqualTo(made);
        Failure unknown = refusal(handler, payload("{\"requestType\":\"dropWorkflow\"}"));
        assertThat(unknown.field()).isEqualTo("payload.requestType");
        installation.amc.on("DELETE", PATH + "/reach", 200, "{}");
        accept("{\"requestType\":\"deleteWorkflow\",\"workflowId\":\"reach\"}");
        assertThat(ask(handler, new ListWorkflows(TENANT)).workflows()).isEmpty();
    }

    private WorkflowRequest.Accepted accept(String json) {
        return ask(handler, payload(json));
    }

    private static WorkflowRequest.AcceptPayload payload(String json) {
        return new WorkflowRequest.AcceptPayload(TENANT, Json.read(json, JsonNode.class), "key-1");
    }

    @Test
    void aWorkflowThatOthersMadeAtAmcIsNotOverwritten() {
        installation
                .amc
                .on("POST", PATH, 400, EXISTS)
                .on("GET", PATH + "/reach", 200, "{\"workflow\":{\"sqlQuery\":\"SELECT theirs\"}}")
                .on("PUT", PATH + "/reach", 200, "{}");

        assertThat(refusal(handler, new PutWorkflow(workflow("SELECT ours", 0))).code())
                .isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(installation.amc.seen("PUT", PATH + "/reach")).isEmpty();
    }

    @Test
    void aSaveWhoseAnswerWasLostCanBeDoneAgain() {
        installation
                .amc
                .on("POST", PATH, new Answer(0, "", Map.of()))
                .on("POST", PATH, 400, EXISTS)
                .on("GET", PATH + "/reach", 200, "{\"sqlQuery\":\"SELECT  ours\"}")
                .on("PUT", PATH + "/reach", 200, "{}");

        Workflow saved = ask(handler, new PutWorkflow(workflow("SELECT ours", 0)));
        assertThat(saved.version()).isEqualTo(1);
    }

    @Test
    void wrongFieldsAreNamed() {
        assertThat(refusal(handler, new PutWorkflow(named("no spaces"))).field())
                .isEqualTo("workflowId");
        assertThat(refusal(handler, new PutWorkflow(named("analytics-1"))).field())
                .isEqualTo("workflowId");
        assertThat(refusal(handler, new PutWorkflow(workflow("  ", 0))).field()).isEqualTo("sql");
        Parameter wrong =
                new Parameter("days", Parameter.Type.LONG, false, "", TextNode.valueOf("seven"));
        assertThat(refusal(handler, new PutWorkflow(workflow("SELECT 1", 0, wrong))))
                .returns("parameters.days", Failure::field);
    }

    @Test
    void aWorkflowIsDeletedUnlessAScheduleRunsIt() {
        installation.amc.on("POST", PATH, 200, "{}");
        installation.amc.on(
                "DELETE",
                PATH + "/reach",
                400,
                "{\"code\":\"400\",\"details\":\"Workflow with ID reach does not exist.\"}");
        ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));
        Schedule schedule =
                ask(
                        handler,
                        new PutSchedule(
                                new Schedule(
                                        "",
                                        TENANT,
                                        "reach",
                                        "Weekly reach",
                                        "cron(0 6 ? * MON *)",
                                        "Europe/London",
                                        null,
                                        null,
                                        TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                                        Map.of(),
                                        true,
                                        null,
                                        null,
                                        Instant.EPOCH,
                                        0)));

        assertThat(refusal(handler, new DeleteWorkflow(TENANT, "reach")))
                .returns(ErrorCode.CONFLICT, Failure::code)
                .satisfies(f -> assertThat(f.message()).contains("Weekly reach"));
        ask(handler, new DeleteSchedule(TENANT, schedule.scheduleId()));
        assertThat(installation.ports.timersByName).isEmpty();
        ask(handler, new DeleteWorkflow(TENANT, "reach"));
        assertThat(ask(handler, new ListWorkflows(TENANT)).workflows()).isEmpty();
    }

    @Test
    void everyVersionIsKeptUntilTheWorkflowIsDeleted() {
        installation.amc.on("POST", PATH, 200, "{}").on("POST", PATH, 400, EXISTS);
        installation.amc.on("PUT", PATH + "/reach", 200, "{}");
        installation.amc.on("GET", PATH + "/reach", 200, "{\"workflow\":{}}");
        installation.amc.on("DELETE", PATH + "/reach", 200, "{}");
        ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));
        ask(handler, new PutWorkflow(workflow("SELECT 2", 1)));
        installation.clock.forward(Duration.ofHours(1));
        ask(handler, new PutWorkflow(workflow("SELECT 3", 2)));

        List<Workflow> versions = ask(handler, new ListVersions(TENANT, "reach")).workflows();
        assertThat(versions)
                .extracting(Workflow::version, Workflow::sql)
                .containsExactly(
                        tuple(3L, "SELECT 3"), tuple(2L, "SELECT 2"), tuple(1L, "SELECT 1"));
        assertThat(versions.getFirst().updatedAt())
                .isEqualTo(TestInstallation.START.plus(Duration.ofHours(1)));

        ask(handler, new DeleteWorkflow(TENANT, "reach"));
        installation.amc.off("POST", PATH).on("POST", PATH, 200, "{}");
        ask(handler, new PutWorkflow(workflow("SELECT 4", 0)));
        assertThat(ask(handler, new ListVersions(TENANT, "reach")).workflows())
                .extracting(Workflow::sql)
                .containsExactly("SELECT 4");
    }

    @Test
    void aCopyIsMadeForEachTenantThatCanHaveIt() {
        String other = "/amc/reporting/amcr2bbbb2b/workflows";
        installation.tenant("amcr2bbbb2b");
        installation.amc.on("POST", PATH, 200, "{}");
        installation.amc.on("POST", other, 200, "{}").on("POST", other, 400, EXISTS);
        installation.amc.on("PUT", other + "/reach", 200, "{}");
        installation.amc.on("GET", other + "/reach", 200, "{\"workflow\":{}}");
        ask(handler, new PutWorkflow(workflow("SELECT 1", 0)));

        List<Copy> copies =
                ask(
                                handler,
                                new CopyWorkflow(
                                        TENANT,
                                        "reach",
                                        List.of("amcr2bbbb2b", "amcr9nobody"),
                                        false))
                        .copies();
        assertThat(copies.getFirst()).isEqualTo(new Copy("amcr2bbbb2b", null));
        assertThat(Objects.requireNonNull(copies.getLast().problem()).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(ask(handler, new GetWorkflow("amcr2bbbb2b", "reach")).sql())
                .isEqualTo("SELECT 1");

        CopyWorkflow again = new CopyWorkflow(TENANT, "reach", List.of("amcr2bbbb2b"), false);
        Failure taken = Objects.requireNonNull(ask(handler, again).copies().getFirst().problem());
        assertThat(taken.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
        CopyWorkflow over = new CopyWorkflow(TENANT, "reach", List.of("amcr2bbbb2b"), true);
        assertThat(ask(handler, over).copies().getFirst().problem()).isNull();
        assertThat(ask(handler, new GetWorkflow("amcr2bbbb2b", "reach")).version()).isEqualTo(2);
    }

    private static Workflow named(String workflowId) {
        return new Workflow(
                TENANT, workflowId, "Reach", "", "SELECT 1", List.of(), null, Instant.EPOCH, 0);
    }

    private static Workflow workflow(String sql, long version, Parameter... parameters) {
        return new Workflow(
                TENANT,
                "reach",
                "Reach",
                "",
                sql,
                List.of(parameters),
                null,
                Instant.EPOCH,
                version);
    }
}
