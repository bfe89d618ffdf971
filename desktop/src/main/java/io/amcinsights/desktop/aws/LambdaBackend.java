package io.amcinsights.desktop.aws;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * The functions behind Lambda Invoke: reads through the alias {@code read}, writes {@code write}.
 */
final class LambdaBackend implements Backend {

    private final LambdaClient lambda;
    private final Installation installation;

    LambdaBackend(LambdaClient lambda, Installation installation) {
        this.lambda = lambda;
        this.installation = installation;
    }

    @Override
    public <R> R call(Request<R> request) {
        InvokeResponse response =
                lambda.invoke(
                        invoke ->
                                invoke.functionName(installation.function(request.function()))
                                        .qualifier(request.writes() ? "write" : "read")
                                        .payload(SdkBytes.fromUtf8String(Json.request(request))));
        String answer = response.payload().asUtf8String();
        if (response.functionError() != null) {
            throw Failure.of(
                            ErrorCode.INTERNAL,
                            "The function “%s” broke off while it worked on %s."
                                    .formatted(
                                            request.function().word(),
                                            request.getClass().getSimpleName()))
                    .with("answer", answer)
                    .next("Try again; if it happens again, look into the function’s log.")
                    .exception();
        }
        return Json.reply(request, answer);
    }
}
