package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.ListExecutionsResponse;

import java.util.ArrayList;
import java.util.List;

/** Executions over AWS Step Functions. */
final class StepFunctions implements Executions {

    private final SfnClient states;

    StepFunctions(SfnClient states) {
        this.states = states;
    }

    @Override
    public Page list(String stateMachine, int limit, @Nullable String nextToken) {
        ListExecutionsResponse page =
                states.listExecutions(
                        list ->
                                list.stateMachineArn(stateMachine)
                                        .maxResults(limit)
                                        .nextToken(nextToken));
        return new Page(
                page.executions().stream().map(StepFunctions::execution).toList(),
                page.nextToken());
    }

    @Override
    public Execution describe(String execution) {
        DescribeExecutionResponse answer =
                states.describeExecution(describe -> describe.executionArn(execution));
        return new Execution(
                answer.executionArn(),
                answer.name(),
                answer.stateMachineArn(),
                status(answer.status()),
                answer.startDate(),
                answer.stopDate(),
                answer.input(),
                answer.output(),
                answer.error(),
                answer.cause(),
                answer.redriveStatus() == ExecutionRedriveStatus.REDRIVABLE);
    }

    @Override
    public List<Event> history(String execution) {
        List<Event> events = new ArrayList<>();
        states.getExecutionHistoryPaginator(
                        history ->
                                history.executionArn(execution)
                                        .includeExecutionData(true)
                                        .maxResults(1000))
                .events()
                .forEach(event -> events.add(event(event)));
        return events;
    }

    @Override
    public String definition(String execution) {
        return states.describeStateMachineForExecution(describe -> describe.executionArn(execution))
                .definition();
    }

    @Override
    public void stop(String execution, String cause) {
        states.stopExecution(stop -> stop.executionArn(execution).error("Stopped").cause(cause));
    }

    @Override
    public void redrive(String execution) {
        states.redriveExecution(redrive -> redrive.executionArn(execution));
    }

    private static Execution execution(ExecutionListItem item) {
        return new Execution(
                item.executionArn(),
                item.name(),
                item.stateMachineArn(),
                status(item.status()),
                item.startDate(),
                item.stopDate(),
                null,
                null,
                null,
                null,
                false);
    }

    private static Status status(ExecutionStatus status) {
        return switch (status) {
            case SUCCEEDED -> Status.SUCCEEDED;
            case FAILED -> Status.FAILED;
            case TIMED_OUT -> Status.TIMED_OUT;
            case ABORTED -> Status.ABORTED;
            case PENDING_REDRIVE -> Status.PENDING_REDRIVE;
            // A status that AWS adds later is one that has not ended, as far as we can know.
            case RUNNING, UNKNOWN_TO_SDK_VERSION -> Status.RUNNING;
        };
    }

    private static Event event(HistoryEvent event) {
        @Nullable String state = null;
        @Nullable String input = null;
        @Nullable String output = null;
        @Nullable String error = null;
        @Nullable String cause = null;
        if (event.stateEnteredEventDetails() != null) {
            state = event.stateEnteredEventDetails().name();
            input = event.stateEnteredEventDetails().input();
        } else if (event.stateExitedEventDetails() != null) {
            state = event.stateExitedEventDetails().name();
            output = event.stateExitedEventDetails().output();
        } else if (event.executionStartedEventDetails() != null) {
            input = event.executionStartedEventDetails().input();
        } else if (event.executionSucceededEventDetails() != null) {
            output = event.executionSucceededEventDetails().output();
        } else if (event.executionFailedEventDetails() != null) {
            error = event.executionFailedEventDetails().error();
            cause = event.executionFailedEventDetails().cause();
        } else if (event.executionAbortedEventDetails() != null) {
            error = event.executionAbortedEventDetails().error();
            cause = event.executionAbortedEventDetails().cause();
        } else if (event.executionTimedOutEventDetails() != null) {
            error = event.executionTimedOutEventDetails().error();
            cause = event.executionTimedOutEventDetails().cause();
        } else if (event.taskScheduledEventDetails() != null) {
            input = event.taskScheduledEventDetails().parameters();
        } else if (event.taskSucceededEventDetails() != null) {
            output = event.taskSucceededEventDetails().output();
        } else if (event.taskFailedEventDetails() != null) {
            error = event.taskFailedEventDetails().error();
            cause = event.taskFailedEventDetails().cause();
        } else if (event.taskTimedOutEventDetails() != null) {
            error = event.taskTimedOutEventDetails().error();
            cause = event.taskTimedOutEventDetails().cause();
        } else if (event.taskStartFailedEventDetails() != null) {
            error = event.taskStartFailedEventDetails().error();
            cause = event.taskStartFailedEventDetails().cause();
        } else if (event.taskSubmitFailedEventDetails() != null) {
            error = event.taskSubmitFailedEventDetails().error();
            cause = event.taskSubmitFailedEventDetails().cause();
        } else if (event.evaluationFailedEventDetails() != null) {
            state = event.evaluationFailedEventDetails().state();
            error = event.evaluationFailedEventDetails().error();
            cause = event.evaluationFailedEventDetails().cause();
        }
        return new Event(
                event.id(),
                event.previousEventId() == null ? 0 : event.previousEventId(),
                event.timestamp(),
                event.typeAsString(),
                state,
                input,
                output,
                error,
                cause);
    }
}
