package io.amcinsights.lake;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Request;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code transform}. */
public final class TransformHandler implements RequestStreamHandler {

    private final Transform transform;

    /** On AWS. */
    public TransformHandler() {
        this.transform = Functions.transformOnAws();
    }

    public TransformHandler(Functions functions) {
        this.transform = functions.transform();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        Invocation.serve(in, out, context, TransformHandler::answer, transform::step);
    }

    private static Object answer(Request<?> request) {
        throw Failure.invalid("operation", "Another function answers this.").exception();
    }
}
