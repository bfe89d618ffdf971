package io.amcinsights.local.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.AwsService;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.http.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Lambda API, as far as functions are found and invoked (REST-JSON). */
public final class LambdaService implements AwsService {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH =
            Pattern.compile("/2015-03-31/functions(?:/([^/]+)(?:/([a-z]+))?)?/?");

    private final LambdaFunctions functions;
    private final AsyncInvocations later;
    private final Predicate<String> mayInvoke;
    private final String lastModified;

    /**
     * @param mayInvoke whether the one who asks may invoke a function, by its qualified ARN
     * @param lastModified when the functions came here, ISO
     */
    public LambdaService(
            LambdaFunctions functions,
            AsyncInvocations later,
            Predicate<String> mayInvoke,
            String lastModified) {
        this.functions = functions;
        this.mayInvoke = mayInvoke;
        this.later = later;
        this.lastModified = lastModified;
    }

    @Override
    public String signingName() {
        return "lambda";
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        Matcher path = PATH.matcher(call.path());
        if (!path.matches()) {
            throw unknown(call);
        }
        String function = path.group(1);
        String part = path.group(2) == null ? "" : path.group(2);
        boolean get = call.method().equals("GET");
        if (call.method().equals("POST") && function != null && part.equals("invocations")) {
            return invoke(function, call);
        }
        if (!get) {
            throw unknown(call);
        }
        ObjectNode reply = JSON.createObjectNode();
        if (function == null) {
            ArrayNode list = reply.putArray("Functions");
            functions.functions().forEach(f -> list.add(configuration(f)));
            return json(reply);
        }
        return switch (part) {
            case "" -> {
                reply.set("Configuration", configuration(functions.function(function)));
                reply.putObject("Code").put("RepositoryType", "Local");
                yield json(reply);
            }
            case "configuration" -> json(configuration(functions.function(function)));
            case "aliases" -> {
                ArrayNode list = reply.putArray("Aliases");
                String arn = functions.function(function).arn();
                for (String alias : functions.aliases(function)) {
                    list.addObject()
                            .put("AliasArn", arn + ":" + alias)
                            .put("Name", alias)
                            .put("FunctionVersion", "1");
                }
                yield json(reply);
            }
            default -> throw unknown(call);
        };
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("Type", error.status() < 500 ? "User" : "Service");
        body.put("Message", error.getMessage());
        return Reply.of(error.status(), "application/json", body.toString())
                .with("x-amzn-ErrorType", error.code());
    }

    private Reply invoke(String function, Call call) throws AwsError, IOException {
        String qualifier = call.parameter("Qualifier");
        String payload = call.text();
        String input = payload.isEmpty() ? "{}" : payload;
        try {
            JSON.readTree(input);
        } catch (IOException e) {
            throw new AwsError(
                    400,
                    "InvalidRequestContentException",
                    "Could not parse request body into json: " + e.getMessage());
        }
        String qualified = functions.qualified(function, qualifier);
        if (!mayInvoke.test(qualified)) {
            throw new AwsError(
                    403,
                    "AccessDeniedException",
                    "%s is not authorized to perform: lambda:InvokeFunction on resource: %s"
                            .formatted(Caller.principal(), qualified));
        }
        String type = call.header("x-amz-invocation-type");
        return switch (type == null ? "RequestResponse" : type) {
            case "RequestResponse" -> {
                Invoked invoked = wait(function, qualifier, input);
                Reply reply =
                        Reply.of(200, "application/json", invoked.payload())
                                .with("X-Amz-Executed-Version", invoked.executedVersion());
                if (invoked.functionError() != null) {
                    reply = reply.with("X-Amz-Function-Error", invoked.functionError());
                }
                if ("Tail".equals(call.header("x-amz-log-type"))) {
                    reply =
                            reply.with(
                                    "X-Amz-Log-Result",
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    invoked.log()
                                                            .getBytes(StandardCharsets.UTF_8)));
                }
                yield reply;
            }
            case "Event" -> {
                later.invoke(functions.qualified(function, qualifier), input);
                yield Reply.empty(202);
            }
            case "DryRun" -> {
                functions.qualified(function, qualifier);
                yield Reply.empty(204);
            }
            default ->
                    throw new AwsError(
                            400,
                            "InvalidParameterValueException",
                            "There is no invocation type " + type);
        };
    }

    private Invoked wait(String function, @Nullable String qualifier, String input)
            throws AwsError, IOException {
        try {
            return functions.invoke(function, qualifier, input);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The workspace is stopping");
        }
    }

    private ObjectNode configuration(LambdaFunction function) {
        ObjectNode configuration = JSON.createObjectNode();
        configuration.put("FunctionName", function.name());
        configuration.put("FunctionArn", function.arn());
        configuration.put("Runtime", function.runtime());
        configuration.put("Role", function.role());
        configuration.put("Handler", function.handler());
        configuration.put("Description", function.description());
        configuration.put("Timeout", function.timeout().toSeconds());
        configuration.put("MemorySize", function.memoryMegabytes());
        configuration.put("LastModified", lastModified);
        configuration.put("Version", "$LATEST");
        configuration.put("State", "Active");
        configuration.put("LastUpdateStatus", "Successful");
        configuration.put("PackageType", "Zip");
        ObjectNode variables = configuration.putObject("Environment").putObject("Variables");
        function.environment().forEach(variables::put);
        return configuration;
    }

    private static Reply json(ObjectNode body) {
        return Reply.of(200, "application/json", body.toString());
    }

    private static AwsError unknown(Call call) {
        return new AwsError(
                404,
                "UnknownOperationException",
                "The local workspace's Lambda has no %s %s".formatted(call.method(), call.path()));
    }
}
