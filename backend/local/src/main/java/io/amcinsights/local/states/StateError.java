package io.amcinsights.local.states;

/** An error of a state as the States Language knows it: a name to match and a cause to read. */
public class StateError extends Exception {

    private static final long serialVersionUID = 1;

    static final String ALL = "States.ALL";
    static final String TIMEOUT = "States.Timeout";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String BRANCH_FAILED = "States.BranchFailed";
    static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";
    static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    static final String QUERY_EVALUATION = "States.QueryEvaluationError";
    static final String RUNTIME = "States.Runtime";

    private final String error;

    /**
     * @param error such as {@code States.Timeout} or a function's exception
     * @param cause for people
     */
    public StateError(String error, String cause) {
        super(cause);
        this.error = error;
    }

    /** The name that Retry and Catch compare. */
    public String error() {
        return error;
    }

    /** What happened, for people. */
    public String cause() {
        return String.valueOf(getMessage());
    }
}
