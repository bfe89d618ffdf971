package io.amcinsights.desktop.workflows;

import static io.amcinsights.desktop.workflows.WorkflowSamples.CAMPAIGNS;
import static io.amcinsights.desktop.workflows.WorkflowSamples.FAILED;
import static io.amcinsights.desktop.workflows.WorkflowSamples.HARBOR;
import static io.amcinsights.desktop.workflows.WorkflowSamples.HIGHEST;
import static io.amcinsights.desktop.workflows.WorkflowSamples.KESTREL;
import static io.amcinsights.desktop.workflows.WorkflowSamples.REACH;
import static io.amcinsights.desktop.workflows.WorkflowSamples.json;
import static io.amcinsights.desktop.workflows.WorkflowSamples.saved;
import static io.amcinsights.desktop.workflows.WorkflowSamples.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.DeleteWorkflow;
import io.amcinsights.contract.WorkflowRequest.Done;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Toasts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

class EditorViewModelTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-05-04T10:00:00Z"), ZoneOffset.UTC);

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final EditorViewModel editor =
            new EditorViewModel(backend, TestTasks.inline(), dialogs, new Toasts(), CLOCK);
    private final List<Workflow> done = new ArrayList<>();

    @BeforeEach
    void know() {
        backend.on(
                PutWorkflow.class,
                request -> saved(request.workflow(), request.workflow().version() + 1));
        editor.know(
                List.of(KESTREL, HARBOR, FAILED),
                List.of(workflow(KESTREL, "reach-and-frequency", "Reach", 1)));
    }

    @Test
    void a_template_becomes_a_workflow_whose_defaults_are_what_was_filled_in() {
        editor.begin(REACH, null);
        assertThat(editor.activeTenants()).containsExactly(KESTREL, HARBOR);
        assertThat(editor.dirtyProperty().get()).isFalse();
        assertThat(editor.mayLeave()).isTrue();

        editor.tenantProperty().set(HARBOR);
        fill(editor.parameters().get(0), "Spring\nSummer");
        fill(editor.parameters().get(1), "");
        editor.save(done::add);

        assertThat(backend.asked(PutWorkflow.class))
                .singleElement()
                .satisfies(
                        put -> {
                            Workflow sent = put.workflow();
                            assertThat(sent.tenantId()).isEqualTo("amcharbor3");
                            assertThat(sent.workflowId()).isEqualTo("reach-and-frequency");
                            assertThat(sent.templateId()).isEqualTo("reach-and-frequency");
                            assertThat(sent.title()).isEqualTo("Reach and frequency");
                            assertThat(sent.description()).isEqualTo(REACH.question());
                            assertThat(sent.version()).isZero();
                            assertThat(sent.parameters())
                                    .containsExactly(
                                            withDefault(CAMPAIGNS, json("[\"Spring\",\"Summer\"]")),
                                            withDefault(HIGHEST, null));
                        });
        assertThat(done).extracting(Workflow::version).containsExactly(1L);
        assertThat(editor.dirtyProperty().get()).isFalse();
        assertThat(editor.savedProperty().get()).isEqualTo(done.getFirst());
    }

    @Test
    void suggests_an_id_that_the_tenant_does_not_have() {
        editor.begin(REACH, KESTREL);
        assertThat(editor.workflowIdProperty().get()).isEqualTo("reach-and-frequency-2");
        editor.tenantProperty().set(HARBOR);
        assertThat(editor.workflowIdProperty().get()).isEqualTo("reach-and-frequency");

        editor.beginBlank(KESTREL);
        editor.titleProperty().set("Größte Reichweite: Q1");
        assertThat(editor.workflowIdProperty().get()).isEqualTo("grosste-reichweite-q1");
        editor.workflowIdProperty().set("mine");
        editor.titleProperty().set("Another title");
        assertThat(editor.workflowIdProperty().get()).isEqualTo("mine");
    }

    @Test
    void says_at_each_field_what_is_wrong_and_sends_nothing() {
        editor.beginBlank(null);
        editor.workflowIdProperty().set("transient_1");
        editor.save(done::add);

        assertThat(message(EditorViewModel.Field.TENANT)).contains("Choose the tenant");
        assertThat(message(EditorViewModel.Field.TITLE)).contains("title");
        assertThat(message(EditorViewModel.Field.WORKFLOW_ID)).contains("AMC itself");
        assertThat(editor.refusedProperty().get())
                .extracting(io.amcinsights.sql.Problem::message)
                .containsExactly("Write the AMC SQL that the workflow runs.");

        editor.begin(REACH, KESTREL);
        editor.workflowIdProperty().set("reach-and-frequency");
        fill(editor.parameters().get(1), "ten");
        editor.save(done::add);
        assertThat(message(EditorViewModel.Field.WORKFLOW_ID)).contains("already");
        assertThat(parameterMessage(1)).contains("“ten” is no whole number");
        assertThat(backend.asked(PutWorkflow.class)).isEmpty();

        fill(editor.parameters().get(1), "");
        assertThat(parameterMessage(1)).isEmpty();
    }

    @Test
    void declares_a_parameter_as_the_sql_uses_it() {
        editor.beginBlank(KESTREL);
        editor.sqlProperty()
                .set(
                        """
                        SELECT campaign, COUNT(*) AS n FROM dsp_impressions
                        WHERE (ARRAY_CONTAINS(CUSTOM_PARAMETER('names'), 'ALL')
                            OR ARRAY_CONTAINS(CUSTOM_PARAMETER('names'), campaign))
                          AND impression_date > CUSTOM_PARAMETER('since')
                        GROUP BY campaign HAVING COUNT(*) > CUSTOM_PARAMETER('least')
                        """);
        List.of("names", "since", "least").forEach(editor::declare);

        assertThat(editor.parameters())
                .extracting(
                        ParameterDraft::name,
                        p -> p.typeProperty().get(),
                        p -> p.arrayProperty().get(),
                        p -> p.checked().map(Parameter::defaultValue))
                .containsExactly(
                        tuple(
                                "names",
                                Parameter.Type.STRING,
                                true,
                                Optional.of(JsonNodeFactory.instance.arrayNode().add("ALL"))),
                        tuple("since", Parameter.Type.DATE, false, Optional.empty()),
                        tuple("least", Parameter.Type.LONG, false, Optional.empty()));
    }

    @Test
    void shows_what_the_sql_gives_once_it_was_looked_at() {
        editor.beginBlank(KESTREL);
        String sql = "SELECT postal_code, COUNT(*) AS n FROM dsp_impressions GROUP BY postal_code";
        editor.sqlProperty().set(sql);
        editor.check("SELECT 1 FROM what_was_typed_before");
        assertThat(editor.analysisProperty().get()).isNull();

        editor.check(sql);
        assertThat(requireNonNull(editor.analysisProperty().get()).privacy().users())
                .isEqualTo(100);
    }

    @Test
    void keeps_declarations_in_step_with_the_sql() {
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        assertThat(editor.undeclared()).isEmpty();
        assertThat(editor.check(editor.sqlProperty().get())).isEmpty();

        editor.sqlProperty()
                .set(
                        "SELECT campaign FROM dsp_impressions WHERE ARRAY_CONTAINS("
                                + "CUSTOM_PARAMETER('brands'), advertiser) GROUP BY campaign");
        assertThat(editor.undeclared()).containsExactly("brands");
        assertThat(editor.parameters()).allMatch(parameter -> !parameter.usedProperty().get());
        assertThat(editor.check(editor.sqlProperty().get()))
                .anyMatch(
                        found ->
                                found.severity() == io.amcinsights.sql.Problem.Severity.ERROR
                                        && found.message().contains("undeclared parameter brands"));

        editor.declare("brands");
        assertThat(editor.undeclared()).isEmpty();
        ParameterDraft brands = editor.parameters().getLast();
        assertThat(brands.arrayProperty().get()).isTrue();
        assertThat(editor.declaredProperty().get())
                .containsExactlyInAnyOrder("campaigns", "highest_frequency", "brands");
        assertThat(editor.check(editor.sqlProperty().get()))
                .noneMatch(found -> found.severity() == io.amcinsights.sql.Problem.Severity.ERROR);

        brands.typeProperty().set(Parameter.Type.LONG);
        fill(brands, "Kestrel");
        editor.save(done::add);
        assertThat(done).isEmpty();
        brands.typeProperty().set(Parameter.Type.STRING);
        editor.remove(editor.parameters().getFirst());
        editor.save(done::add);
        assertThat(done.getFirst().parameters())
                .containsExactly(
                        withDefault(HIGHEST, LongNode.valueOf(10)),
                        new Parameter(
                                "brands", Parameter.Type.STRING, true, "", json("[\"Kestrel\"]")));
    }

    @Test
    void what_amc_refuses_lands_at_its_place_and_nothing_is_lost() {
        backend.on(
                PutWorkflow.class,
                request -> {
                    throw Failure.of(
                                    ErrorCode.AMC_REFUSED,
                                    "Was unable to compile workflow reach because it was found to"
                                        + " be invalid: SQL query was invalid: From line 3, column"
                                        + " 8 to line 3, column 10: Object 'foo' not found")
                            .with("field", "sql")
                            .with("line", "3")
                            .with("column", "8")
                            .with("endLine", "3")
                            .with("endColumn", "10")
                            .exception();
                });
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        editor.sqlProperty().set("SELECT\n1\nFROM   foo");
        editor.save(done::add);

        assertThat(editor.refusedProperty().get())
                .containsExactly(
                        new io.amcinsights.sql.Problem(
                                3,
                                8,
                                3,
                                11,
                                io.amcinsights.sql.Problem.Severity.ERROR,
                                "Object 'foo' not found"));
        assertThat(problem().title()).isEqualTo("AMC refused");
        assertThat(editor.sqlProperty().get()).isEqualTo("SELECT\n1\nFROM   foo");
        assertThat(editor.dirtyProperty().get()).isTrue();
        assertThat(editor.busyProperty().get()).isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void a_conflict_is_settled_by_the_person() {
        Workflow theirs = workflow(KESTREL, "reach", "Their title", 4);
        backend.on(
                        PutWorkflow.class,
                        request -> {
                            if (request.workflow().version() != 4) {
                                throw Failure.of(ErrorCode.CONFLICT, "Somebody else changed it.")
                                        .exception();
                            }
                            return saved(request.workflow(), 5);
                        })
                .on(GetWorkflow.class, request -> theirs);
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        editor.titleProperty().set("My title");
        editor.save(done::add);
        assertThat(editor.conflictProperty().get()).isTrue();

        dialogs.answer(false);
        editor.reload();
        assertThat(editor.titleProperty().get()).isEqualTo("My title");

        editor.overwrite();
        assertThat(editor.conflictProperty().get()).isFalse();
        assertThat(editor.savedProperty().get())
                .extracting(Workflow::title, Workflow::version)
                .containsExactly("My title", 5L);
        assertThat(editor.dirtyProperty().get()).isFalse();

        dialogs.answer(true);
        editor.titleProperty().set("My next title");
        editor.reload();
        assertThat(editor.titleProperty().get()).isEqualTo("Their title");
        assertThat(editor.dirtyProperty().get()).isFalse();
    }

    @Test
    void overwriting_what_somebody_deleted_makes_it_anew() {
        backend.on(
                        PutWorkflow.class,
                        request -> {
                            if (request.workflow().version() != 0) {
                                throw Failure.of(ErrorCode.CONFLICT, "Somebody else deleted it.")
                                        .exception();
                            }
                            return saved(request.workflow(), 1);
                        })
                .on(
                        GetWorkflow.class,
                        request -> {
                            throw Failure.of(ErrorCode.NOT_FOUND, "It is gone.").exception();
                        });
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        editor.titleProperty().set("My title");
        editor.save(done::add);
        editor.overwrite();
        assertThat(Objects.requireNonNull(editor.savedProperty().get()).version()).isEqualTo(1);
    }

    @Test
    void an_id_that_is_taken_is_said_at_the_field() {
        backend.on(
                PutWorkflow.class,
                request -> {
                    throw Failure.of(ErrorCode.ALREADY_EXISTS, "AMC has it already.")
                            .with("field", "workflowId")
                            .next("Choose another workflow id.")
                            .exception();
                });
        editor.begin(REACH, HARBOR);
        editor.save(done::add);
        assertThat(message(EditorViewModel.Field.WORKFLOW_ID))
                .isEqualTo("AMC has it already. Choose another workflow id.");
        editor.descriptionProperty().set("Something else");
        assertThat(message(EditorViewModel.Field.WORKFLOW_ID)).isNotEmpty();
        editor.workflowIdProperty().set("mine");
        assertThat(message(EditorViewModel.Field.WORKFLOW_ID)).isEmpty();
        assertThat(editor.problemProperty().get()).isNull();
    }

    @Test
    void asks_before_something_is_lost_and_only_then() {
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        assertThat(editor.mayLeave()).isTrue();
        editor.descriptionProperty().set("Changed");
        assertThat(editor.mayLeave()).isFalse();
        editor.descriptionProperty().set("How many people saw our ads, and how often?");
        assertThat(editor.mayLeave()).isTrue();
        assertThat(dialogs.asked()).containsExactly("Discard what is not saved?");
    }

    @Test
    void tenants_that_become_known_late_do_not_count_as_an_edit() {
        EditorViewModel early =
                new EditorViewModel(backend, TestTasks.inline(), dialogs, new Toasts(), CLOCK);
        early.begin(REACH, null);
        early.know(List.of(HARBOR), List.of());
        assertThat(early.tenantProperty().get()).isEqualTo(HARBOR);
        assertThat(early.dirtyProperty().get()).isFalse();
        early.titleProperty().set("Mine");
        early.know(List.of(HARBOR, KESTREL), List.of());
        assertThat(early.dirtyProperty().get()).isTrue();
        assertThat(early.tenantProperty().get()).isEqualTo(HARBOR);
    }

    @Test
    void deletes_after_a_question_and_says_why_not() {
        Failure used =
                Failure.of(ErrorCode.CONFLICT, "The schedule “Weekly” runs this workflow.")
                        .next("Delete the schedule first.");
        backend.on(
                DeleteWorkflow.class,
                request -> {
                    throw used.exception();
                });
        editor.open(workflow(KESTREL, "reach", "Reach", 3));
        boolean[] gone = {false};
        editor.delete(() -> gone[0] = true);
        assertThat(backend.asked(DeleteWorkflow.class)).isEmpty();

        dialogs.answer(true);
        editor.delete(() -> gone[0] = true);
        assertThat(problem().message()).isEqualTo("The schedule “Weekly” runs this workflow.");
        assertThat(problem().next()).isEqualTo("Delete the schedule first.");
        assertThat(editor.conflictProperty().get()).isFalse();
        assertThat(gone[0]).isFalse();

        backend.on(DeleteWorkflow.class, request -> new Done());
        editor.delete(() -> gone[0] = true);
        assertThat(gone[0]).isTrue();
    }

    private Problem problem() {
        return Objects.requireNonNull(editor.problemProperty().get());
    }

    private String message(EditorViewModel.Field field) {
        return editor.message(field).get();
    }

    private String parameterMessage(int index) {
        return editor.parameters()
                .get(index)
                .defaultValue()
                .fields()
                .getFirst()
                .messageProperty()
                .get();
    }

    private static void fill(ParameterDraft parameter, String text) {
        parameter.defaultValue().fields().getFirst().textProperty().set(text);
    }

    private static Parameter withDefault(Parameter of, @Nullable JsonNode value) {
        return new Parameter(of.name(), of.type(), of.array(), of.description(), value);
    }
}
