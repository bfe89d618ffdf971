package io.amcinsights.desktop.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.desktop.aws.Executions.Event;
import io.amcinsights.desktop.pipeline.ExecutionTrace.Outcome;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class ExecutionTraceTest {

    private final List<Event> events = new ArrayList<>();

    @Test
    void aTaskThatIsRetriedSucceedsWithItsAttempts() {
        event("ExecutionStarted");
        event("TaskStateEntered", "Create");
        event("TaskScheduled");
        failed("TaskFailed", "Busy", "later");
        event("TaskScheduled");
        event("TaskSucceeded");
        event("TaskStateExited", "Create");
        event("WaitStateEntered", "Wait");

        ExecutionTrace trace = ExecutionTrace.of(events);

        ExecutionTrace.Visit create = trace.latest("Create").orElseThrow();
        assertThat(create.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(create.attempts()).isEqualTo(2);
        assertThat(create.error()).isNull();
        assertThat(trace.latest("Wait").orElseThrow().outcome()).isEqualTo(Outcome.RUNNING);
        assertThat(trace.went("Create", "Wait")).isTrue();
        assertThat(trace.went("Wait", "Create")).isFalse();
        assertThat(trace.firstFailure()).isEmpty();
    }

    @Test
    void aCaughtFailureIsWhereToLookFirst() {
        event("ExecutionStarted");
        event("TaskStateEntered", "Create");
        event("TaskScheduled");
        failed("TaskFailed", "Refused", "no such table");
        event("TaskStateExited", "Create");
        event("FailStateEntered", "Failed");
        failed("ExecutionFailed", "Refused", "no such table");

        ExecutionTrace trace = ExecutionTrace.of(events);

        ExecutionTrace.Visit first = trace.firstFailure().orElseThrow();
        assertThat(first.state()).isEqualTo("Create");
        assertThat(first.outcome()).isEqualTo(Outcome.CAUGHT);
        assertThat(first.cause()).isEqualTo("no such table");
        ExecutionTrace.Visit last = trace.latest("Failed").orElseThrow();
        assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(last.error()).isEqualTo("Refused");
    }

    @Test
    void aLoopCountsItsVisitsAndAStopEndsTheLast() {
        event("ExecutionStarted");
        for (int i = 0; i < 3; i++) {
            event("WaitStateEntered", "Wait");
            event("WaitStateExited", "Wait");
            event("TaskStateEntered", "Ask");
            if (i < 2) {
                event("TaskStateExited", "Ask");
            }
        }
        event("ExecutionAborted");

        ExecutionTrace trace = ExecutionTrace.of(events);

        assertThat(trace.times("Wait")).isEqualTo(3);
        assertThat(trace.latest("Ask").orElseThrow().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(trace.went("Ask", "Wait")).isTrue();
    }

    @Test
    void theGraphHasEveryWayThatTheDefinitionAllows() {
        StateGraph graph =
                StateGraph.of(
                        """
                        {"StartAt": "Ask", "States": {
                          "Ask": {"Type": "Task", "Comment": "Asks AMC.", "Next": "HasEnded",
                            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]},
                          "HasEnded": {"Type": "Choice",
                            "Choices": [{"Condition": "{% $states.input.ended %}", "Next": "Each"}],
                            "Default": "Ask"},
                          "Each": {"Type": "Map", "End": true, "ItemProcessor":
                            {"StartAt": "Load", "States": {"Load": {"Type": "Pass", "End": true}}}},
                          "Failed": {"Type": "Fail"}}}
                        """);
        assertThat(graph.nodes())
                .extracting(StateGraph.Node::id)
                .containsExactly(
                        StateGraph.START,
                        "Ask",
                        "HasEnded",
                        "Each",
                        "Load",
                        "Failed",
                        StateGraph.END);
        assertThat(graph.edges())
                .containsExactlyInAnyOrder(
                        new StateGraph.Edge(StateGraph.START, "Ask", "", false),
                        new StateGraph.Edge("Ask", "HasEnded", "", false),
                        new StateGraph.Edge("Ask", "Failed", "", true),
                        new StateGraph.Edge("HasEnded", "Each", "ended", false),
                        new StateGraph.Edge("HasEnded", "Ask", "otherwise", false),
                        new StateGraph.Edge("Each", "Load", "each item", false),
                        new StateGraph.Edge("Load", StateGraph.END, "", false),
                        new StateGraph.Edge("Failed", StateGraph.END, "", false));

        GraphLayout layout = GraphLayout.of(graph, name -> 7.0 * name.length());
        GraphLayout.Box ask = Objects.requireNonNull(layout.boxes().get("Ask"));
        GraphLayout.Box next = Objects.requireNonNull(layout.boxes().get("HasEnded"));
        assertThat(ask.y() + ask.height()).isLessThan(next.y());
        assertThat(layout.lines()).hasSize(8).allMatch(line -> line.spots().size() >= 2);
    }

    @Test
    void whatIsNoDefinitionIsSaidSo() {
        assertThatThrownBy(() -> StateGraph.of("{}"))
                .hasMessage("The definition has no States or no StartAt.");
    }

    @Test
    void theFailureWithinTheCauseIsToldInItsWords() {
        String cause =
                """
                {"errorMessage": "{\\"code\\":\\"BAD_DELIVERY\\",\\"message\\":\\"Line 3 ends within\
                 quotes.\\",\\"details\\":{\\"next\\":\\"Run the workflow again.\\"}}",
                 "errorType": "io.amcinsights.StepFailure"}
                """;
        var problem = FailureText.problem("StepFailure", cause.strip());
        assertThat(problem.message()).isEqualTo("Line 3 ends within quotes.");
        assertThat(problem.next()).isEqualTo("Run the workflow again.");
        assertThat(FailureText.problem("States.Timeout", null).message())
                .isEqualTo("It took longer than it may.");
    }

    private void event(String type) {
        event(type, null);
    }

    private void event(String type, @Nullable String state) {
        add(type, state, null, null);
    }

    private void failed(String type, String error, String cause) {
        add(type, null, error, cause);
    }

    private void add(
            String type, @Nullable String state, @Nullable String error, @Nullable String cause) {
        long id = events.size() + 1L;
        events.add(
                new Event(
                        id,
                        id - 1,
                        Instant.EPOCH.plusSeconds(id),
                        type,
                        state,
                        null,
                        null,
                        error,
                        cause));
    }
}
