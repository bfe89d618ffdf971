package io.amcinsights.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.states.StateError;
import io.amcinsights.local.states.TaskResource;

import java.util.function.Consumer;

/**
 * {@code arn:aws:states:::lambda:invoke}, also with {@code .waitForTaskToken}: AWS Step Functions
 * Developer Guide, "Invoke an AWS Lambda function with Step Functions".
 */
public final class LambdaTask implements TaskResource {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaFunctions functions;

    public LambdaTask(LambdaFunctions functions) {
        this.functions = functions;
    }

    @Override
    public JsonNode run(JsonNode arguments, Consumer<JsonNode> submitted)
            throws StateError, InterruptedException {
        JsonNode payload = arguments.path("Payload");
        String input = (payload.isMissingNode() ? JSON.createObjectNode() : payload).toString();
        Invoked invoked;
        try {
            invoked =
                    functions.invoke(
                            arguments.path("FunctionName").asText(),
                            arguments.path("Qualifier").asText(null),
                            input);
        } catch (AwsError e) {
            throw new StateError("Lambda." + e.code(), e.getMessage());
        }
        JsonNode output = json(invoked.payload());
        if (invoked.functionError() != null) {
            throw new StateError(
                    output.path("errorType").asText("Lambda.Unknown"), invoked.payload());
        }
        ObjectNode result = JSON.createObjectNode();
        result.put("ExecutedVersion", invoked.executedVersion());
        result.set("Payload", output);
        result.put("StatusCode", 200);
        return result;
    }

    private static JsonNode json(String text) throws StateError {
        try {
            return JSON.readTree(text.isEmpty() ? "null" : text);
        } catch (JsonProcessingException e) {
            throw new StateError(
                    "Lambda.Unknown",
                    "The function's reply is not JSON: " + e.getOriginalMessage());
        }
    }
}
