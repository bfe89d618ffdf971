package io.amcinsights.aws;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Json;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Calls functions as Lambda does, on the alias {@code write}.
 *
 * @param handlers by the ARN that they are called by
 */
public record MemoryLambda(Map<String, Supplier<RequestStreamHandler>> handlers)
        implements LambdaClient {

    @Override
    public InvokeResponse invoke(InvokeRequest request) {
        RequestStreamHandler handler =
                Objects.requireNonNull(handlers.get(request.functionName())).get();
        try {
            String answer =
                    TestInstallation.call(handler, "write", request.payload().asUtf8String());
            return InvokeResponse.builder().payload(SdkBytes.fromUtf8String(answer)).build();
        } catch (RuntimeException e) {
            String error =
                    Json.write(
                            Map.of(
                                    "errorMessage",
                                    String.valueOf(e.getMessage()),
                                    "errorType",
                                    e.getClass().getName()));
            return InvokeResponse.builder()
                    .functionError("Unhandled")
                    .payload(SdkBytes.fromUtf8String(error))
                    .build();
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
