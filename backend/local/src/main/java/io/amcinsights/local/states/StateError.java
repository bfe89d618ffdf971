package io.amcinsights.local.states;

import java.util.List;

/** An error of a state as the States Language knows it: a name to match and a cause to read. */
public class StateError extends Exception {

    private static final long serialVersionUID = 1;

    static final String ALL = "States.ALL";
    static final String TIMEOUT = "States.Timeout";
    static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String BRANCH_FAILED = "States.BranchFailed";
    static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";
    static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    static final String QUERY_EVALUATION = "States.QueryEvaluationError";
    static final String ITEM_READER_FAILED = "States.ItemReaderFailed";
    static final String TOLERANCE_EXCEEDED = "States.ExceedToleratedFailureThreshold";
    static final String RUNTIME = "States.Runtime";

    private final String error;
    private final boolean heartbeat;

    /**
     * @param error such as {@code States.Timeout} or a function's exception
     * @param cause for people; may be empty
     */
    public StateError(String error, String cause) {
        this(error, cause, false);
    }

    private StateError(String error, String cause, boolean heartbeat) {
        super(cause);
        this.error = error;
        this.heartbeat = heartbeat;
    }

    /** A task took too long, or its heartbeat stayed away: AWS gives no cause for either. */
    static StateError timeout(boolean heartbeat) {
        return new StateError(TIMEOUT, "", heartbeat);
    }

    /** The name that Retry and Catch compare. */
    public String error() {
        return error;
    }

    /** What happened, for people. */
    public String cause() {
        return String.valueOf(getMessage());
    }

    /** Whether States.ALL leaves it alone: the state fails as if it had no Retry and no Catch. */
    boolean isTerminal() {
        return error.equals(RUNTIME) || error.equals(DATA_LIMIT_EXCEEDED);
    }

    /**
     * Whether a Retrier or a Catcher with these names is for this error: Step Functions Developer
     * Guide, "Handling errors", "Error names".
     */
    boolean isOneOf(List<String> names, State state) {
        for (String name : names) {
            boolean matches =
                    switch (name) {
                        case ALL -> !isTerminal();
                        case TASK_FAILED -> !isTerminal() && !error.equals(TIMEOUT);
                        case HEARTBEAT_TIMEOUT -> heartbeat;
                        case BRANCH_FAILED -> state instanceof State.Parallel && !isTerminal();
                        case RUNTIME -> false;
                        default -> name.equals(error);
                    };
            if (matches) {
                return true;
            }
        }
        return false;
    }
}
