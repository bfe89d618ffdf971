package io.amcinsights.local.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.Map;

/**
 * A service of AWS's JSON protocols: {@code X-Amz-Target} names the operation, body and reply are
 * JSON. An operation that is not there answers as AWS answers an unknown one.
 */
public abstract class JsonService implements AwsService {

    /** Runs one operation. */
    @FunctionalInterface
    public interface Operation {
        JsonNode run(ObjectNode input) throws AwsError, IOException;
    }

    protected static final ObjectMapper JSON = new ObjectMapper();

    private final String signingName;
    private final String contentType;

    /**
     * @param version of the protocol: {@code 1.0} or {@code 1.1}
     */
    protected JsonService(String signingName, String version) {
        this.signingName = signingName;
        this.contentType = "application/x-amz-json-" + version;
    }

    /** The operations by name, as in the service's API reference. */
    protected abstract Map<String, Operation> operations();

    @Override
    public final String signingName() {
        return signingName;
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        String target = call.header("x-amz-target");
        String name = target == null ? "" : target.substring(target.lastIndexOf('.') + 1);
        Operation operation = operations().get(name);
        if (operation == null) {
            throw new AwsError(400, "UnknownOperationException", "Unknown operation: " + name);
        }
        String text = call.text();
        JsonNode input;
        try {
            input = JSON.readTree(text.isBlank() ? "{}" : text);
        } catch (JsonProcessingException e) {
            throw new AwsError(400, "SerializationException", e.getOriginalMessage());
        }
        if (!(input instanceof ObjectNode object)) {
            throw new AwsError(400, "SerializationException", "The body is not a JSON object");
        }
        return Reply.of(200, contentType, JSON.writeValueAsBytes(operation.run(object)));
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("__type", error.code());
        body.put("message", error.getMessage());
        return Reply.of(error.status(), contentType, body.toString())
                .with("x-amzn-ErrorType", error.code());
    }
}
