package io.amcinsights.workflows;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.Snapshot;
import io.amcinsights.contract.Json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code dispatcher}, called with messages of the queue of runs. */
public final class DispatcherHandler implements RequestStreamHandler {

    private final Dispatcher dispatcher;

    /** On AWS. */
    public DispatcherHandler() {
        this(Functions.aws());
        Snapshot.rehearse(
                functions -> functions.dispatcher()::dispatch,
                "{\"Records\": [{\"body\": \"{\\\"runId\\\":"
                        + " \\\"20260101T000000000-none-00000\\\"}\"}]}");
    }

    public DispatcherHandler(Functions functions) {
        this.dispatcher = functions.dispatcher();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        out.write(Json.mapper().writeValueAsBytes(dispatcher.dispatch(Json.mapper().readTree(in))));
    }
}
