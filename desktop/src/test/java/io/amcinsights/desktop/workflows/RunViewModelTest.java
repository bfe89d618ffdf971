package io.amcinsights.desktop.workflows;

import static io.amcinsights.desktop.workflows.WorkflowSamples.CAMPAIGNS;
import static io.amcinsights.desktop.workflows.WorkflowSamples.KESTREL;
import static io.amcinsights.desktop.workflows.WorkflowSamples.json;
import static io.amcinsights.desktop.workflows.WorkflowSamples.run;
import static io.amcinsights.desktop.workflows.WorkflowSamples.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.TestTasks;
import io.amcinsights.desktop.common.Visited;
import io.amcinsights.desktop.inputs.ParameterField;
import io.amcinsights.desktop.inputs.TimeWindowViewModel;
import io.amcinsights.desktop.places.ShowRun;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

class RunViewModelTest {

    private static final Workflow REQUIRES =
            new Workflow(
                    "amckestrel1",
                    "reach",
                    "Reach",
                    "",
                    "SELECT 1",
                    List.of(
                            CAMPAIGNS,
                            new Parameter("brand", Parameter.Type.STRING, false, "", null)),
                    null,
                    Instant.EPOCH,
                    3);

    private final FakeBackend backend = new FakeBackend();
    private final Visited navigation = new Visited();
    private final RunViewModel model =
            new RunViewModel(
                    backend,
                    TestTasks.inline(),
                    navigation,
                    Clock.fixed(Instant.parse("2026-05-04T10:00:00Z"), ZoneOffset.UTC));

    @Test
    void runs_with_what_was_entered_and_leads_to_the_run() {
        backend.on(RunWorkflow.class, request -> run(REQUIRES, Run.Status.QUEUED, 0));
        model.begin(REQUIRES, "Kestrel Outdoor");
        model.run();
        assertThat(model.purposeProperty().get()).contains("Kestrel Outdoor");
        assertThat(field("brand").messageProperty().get()).isEqualTo("Enter a value for “brand”.");
        assertThat(backend.asked(RunWorkflow.class)).isEmpty();

        field("brand").textProperty().set("Kestrel");
        model.window().typeProperty().set(TimeWindow.Type.EXPLICIT);
        model.window().value(TimeWindowViewModel.Field.START).set("TODAY(-14)");
        model.window().value(TimeWindowViewModel.Field.END).set("TODAY(-7)");
        model.window().value(TimeWindowViewModel.Field.ZONE).set("Europe/Berlin");
        model.run();

        assertThat(backend.asked(RunWorkflow.class))
                .singleElement()
                .satisfies(
                        request -> {
                            assertThat(request.tenantId()).isEqualTo("amckestrel1");
                            assertThat(request.workflowId()).isEqualTo("reach");
                            assertThat(request.window())
                                    .isEqualTo(
                                            TimeWindow.explicit(
                                                    "TODAY(-14)", "TODAY(-7)", "Europe/Berlin"));
                            assertThat(request.parameters())
                                    .isEqualTo(Map.of("brand", json("\"Kestrel\"")));
                            assertThat(request.requestKey()).isNotBlank();
                        });
        assertThat(model.workflowProperty().get()).isNull();
        assertThat(navigation.places()).containsExactly(new ShowRun("run-amckestrel1-reach"));
    }

    @Test
    void the_same_form_is_the_same_request_and_another_is_not() {
        backend.on(
                RunWorkflow.class,
                request -> {
                    throw Failure.of(ErrorCode.INTERNAL, "The answer was lost.").exception();
                });
        model.begin(workflow(KESTREL, "reach", "Reach", 3), "Kestrel Outdoor");
        model.run();
        assertThat(model.problemProperty().get()).isNotNull();
        model.run();
        field("highest_frequency").textProperty().set("7");
        model.run();
        model.begin(workflow(KESTREL, "reach", "Reach", 3), "Kestrel Outdoor");
        model.run();

        List<String> keys =
                backend.asked(RunWorkflow.class).stream().map(RunWorkflow::requestKey).toList();
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
        assertThat(keys.get(3)).isNotIn(keys.subList(0, 3));
        assertThat(navigation.places()).isEmpty();
    }

    @Test
    void a_refused_field_says_so_itself() {
        backend.on(
                RunWorkflow.class,
                request -> {
                    throw Failure.invalid("parameters.campaigns", "“campaigns” takes a list.")
                            .exception();
                });
        model.begin(workflow(KESTREL, "reach", "Reach", 3), "Kestrel Outdoor");
        model.run();
        assertThat(field("campaigns").messageProperty().get())
                .isEqualTo("“campaigns” takes a list.");
        assertThat(model.problemProperty().get()).isNull();
        assertThat(model.workflowProperty().get()).isNotNull();
    }

    private ParameterField field(String name) {
        return model.parameters().fields().stream()
                .filter(field -> field.parameter().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
