package io.amcinsights.workflows;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.Snapshot;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Request;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code run-steps}. */
public final class RunStepsHandler implements RequestStreamHandler {

    private final RunSteps steps;

    /** On AWS. */
    public RunStepsHandler() {
        this(Functions.aws());
        Snapshot.rehearse(
                functions -> call -> functions.runSteps().step("poll", call),
                "{\"runId\": \"20260101T000000000-none-00000\"}");
    }

    public RunStepsHandler(Functions functions) {
        this.steps = functions.runSteps();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        Invocation.serve(in, out, context, RunStepsHandler::answer, steps::step);
    }

    private static Object answer(Request<?> request) {
        throw Failure.invalid("operation", "Another function answers this.").exception();
    }
}
