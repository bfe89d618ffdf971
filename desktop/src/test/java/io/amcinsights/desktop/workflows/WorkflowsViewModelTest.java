package io.amcinsights.desktop.workflows;

import static io.amcinsights.desktop.workflows.WorkflowSamples.HARBOR;
import static io.amcinsights.desktop.workflows.WorkflowSamples.KESTREL;
import static io.amcinsights.desktop.workflows.WorkflowSamples.OVERLAP;
import static io.amcinsights.desktop.workflows.WorkflowSamples.REACH;
import static io.amcinsights.desktop.workflows.WorkflowSamples.run;
import static io.amcinsights.desktop.workflows.WorkflowSamples.saved;
import static io.amcinsights.desktop.workflows.WorkflowSamples.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.TenantRequest.Tenants;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.GetWorkflow;
import io.amcinsights.contract.WorkflowRequest.ListRuns;
import io.amcinsights.contract.WorkflowRequest.ListTemplates;
import io.amcinsights.contract.WorkflowRequest.ListWorkflows;
import io.amcinsights.contract.WorkflowRequest.PutWorkflow;
import io.amcinsights.contract.WorkflowRequest.Runs;
import io.amcinsights.contract.WorkflowRequest.Templates;
import io.amcinsights.contract.WorkflowRequest.Workflows;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.FakeDialogs;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.places.NewSchedule;
import io.amcinsights.desktop.places.OpenWorkflow;
import io.amcinsights.desktop.workflows.WorkflowsViewModel.Page;
import io.amcinsights.desktop.workflows.WorkflowsViewModel.Row;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.List;
import java.util.Objects;

class WorkflowsViewModelTest {

    private static final Workflow KESTRELS = workflow(KESTREL, "reach", "Reach", 3);
    private static final Workflow HARBORS = workflow(HARBOR, "reach", "Reach of Harbor", 1);

    private static final Run FAILED_RUN = run(KESTRELS, Run.Status.FAILED, 60);

    private final FakeBackend backend = new FakeBackend();
    private final FakeDialogs dialogs = new FakeDialogs();
    private final Visited navigation = new Visited();
    private final LibraryViewModel library = new LibraryViewModel(backend, TestTasks.inline());
    private final EditorViewModel editor =
            new EditorViewModel(
                    backend, TestTasks.inline(), dialogs, new Toasts(), Clock.systemUTC());
    private final RunViewModel run =
            new RunViewModel(backend, TestTasks.inline(), navigation, Clock.systemUTC());
    private final WorkflowsViewModel model =
            new WorkflowsViewModel(
                    backend,
                    TestTasks.inline(),
                    navigation,
                    library,
                    editor,
                    run,
                    new BatchViewModel(backend, TestTasks.inline(), navigation, Clock.systemUTC()));

    @BeforeEach
    void answer() {
        backend.on(ListTemplates.class, request -> new Templates(List.of(REACH, OVERLAP)))
                .on(ListTenants.class, request -> new Tenants(List.of(KESTREL, HARBOR)))
                .on(ListWorkflows.class, request -> new Workflows(List.of(KESTRELS, HARBORS)))
                .on(
                        ListRuns.class,
                        request ->
                                new Runs(
                                        List.of(
                                                FAILED_RUN,
                                                run(KESTRELS, Run.Status.SUCCEEDED, 3_600)),
                                        null));
    }

    @Test
    void lists_all_tenants_workflows_with_their_last_run() {
        model.start();
        assertThat(model.found())
                .containsExactly(
                        new Row(
                                KESTRELS,
                                "Kestrel Outdoor",
                                "Reach and frequency",
                                FAILED_RUN,
                                false),
                        new Row(HARBORS, "Harbor Lane", "Reach and frequency", null, true));
        model.searchProperty().set("harbor");
        assertThat(model.found()).extracting(Row::workflow).containsExactly(HARBORS);
        assertThat(model.count()).isEqualTo("1 workflow");
        model.tenantProperty().set(KESTREL);
        assertThat(model.found()).isEmpty();
        assertThat(model.stateProperty().get())
                .isInstanceOfSatisfying(
                        ViewState.Empty.class,
                        empty -> Objects.requireNonNull(empty.action()).command().run());
        assertThat(model.found()).hasSize(2);
    }

    @Test
    void a_list_that_is_there_stays_when_it_cannot_be_read_again() {
        model.start();
        backend.on(
                ListWorkflows.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "It broke.").exception();
                });
        model.refresh();
        assertThat(model.found()).hasSize(2);
        assertThat(model.remarkProperty().get()).startsWith("Not up to date");
    }

    @Test
    void a_first_list_that_cannot_be_read_says_so_and_can_be_tried_again() {
        backend.on(
                ListWorkflows.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "It broke.").exception();
                });
        model.start();
        assertThat(model.stateProperty().get()).isInstanceOf(ViewState.Failed.class);
        backend.on(ListWorkflows.class, request -> new Workflows(List.of(KESTRELS)));
        if (model.stateProperty().get() instanceof ViewState.Failed failed
                && failed.retry() != null) {
            failed.retry().run();
        }
        assertThat(model.stateProperty().get()).isEqualTo(ViewState.CONTENT);
    }

    @Test
    void finds_templates_by_what_they_are_about() {
        library.load();
        assertThat(library.entries())
                .containsExactly(
                        new LibraryViewModel.Entry.Category("Reach and frequency"),
                        new LibraryViewModel.Entry.Of(REACH),
                        new LibraryViewModel.Entry.Category("Overlap"),
                        new LibraryViewModel.Entry.Of(OVERLAP));
        assertThat(library.chosenProperty().get()).isEqualTo(REACH);
        library.searchProperty().set("CONVERSIONS");
        assertThat(library.chosenProperty().get()).isEqualTo(OVERLAP);
        library.searchProperty().set("nothing like it");
        assertThat(library.chosenProperty().get()).isNull();
        assertThat(library.stateProperty().get()).isInstanceOf(ViewState.Empty.class);
    }

    @Test
    void saves_before_it_runs_what_was_edited() {
        backend.on(PutWorkflow.class, request -> saved(request.workflow(), 4));
        model.start();
        model.open(KESTRELS);
        model.runEdited();
        assertThat(run.workflowProperty().get()).isEqualTo(KESTRELS);
        assertThat(backend.asked(PutWorkflow.class)).isEmpty();

        editor.titleProperty().set("Reach of spring");
        model.runEdited();
        assertThat(run.workflowProperty().get())
                .satisfies(
                        asked -> {
                            assertThat(asked.title()).isEqualTo("Reach of spring");
                            assertThat(asked.version()).isEqualTo(4);
                        });
        assertThat(backend.asked(ListWorkflows.class)).hasSize(2);
        model.schedule();
        assertThat(navigation.places()).containsExactly(new NewSchedule("amckestrel1", "reach"));
    }

    @Test
    void another_workflow_does_not_take_the_place_of_unsaved_text() {
        backend.on(GetWorkflow.class, request -> HARBORS);
        model.start();
        model.open(KESTRELS);
        editor.sqlProperty().set("SELECT mine");

        model.open(new OpenWorkflow("amckestrel1", "reach"));
        assertThat(dialogs.asked()).isEmpty();
        model.open(new OpenWorkflow("amcharbor3", "reach"));
        model.back();
        model.openLibrary();
        assertThat(dialogs.asked()).hasSize(3);
        assertThat(editor.sqlProperty().get()).isEqualTo("SELECT mine");
        assertThat(model.pageProperty().get()).isEqualTo(Page.EDITOR);

        dialogs.answer(true);
        model.open(new OpenWorkflow("amcharbor3", "reach"));
        assertThat(editor.savedProperty().get()).isEqualTo(HARBORS);
        model.back();
        assertThat(model.pageProperty().get()).isEqualTo(Page.LIST);
    }
}
