package io.amcinsights.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.http.AwsError;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The workspace's functions. As in Lambda, an instance of a handler serves one invocation at a time
 * and is kept for the next.
 */
public final class LambdaFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(LambdaFunctions.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Lambda, "Quotas": payload of a synchronous invocation, each way. */
    private static final int LARGEST_PAYLOAD = 6 * 1024 * 1024;

    private static final int DEEPEST_TRACE = 64;

    /** Makes an instance of a handler class. */
    @FunctionalInterface
    public interface HandlerFactory {
        RequestStreamHandler create(Class<?> handler, Map<String, String> environment)
                throws ReflectiveOperationException;
    }

    private final HandlerFactory factory;
    private final Map<String, Deployed> functions = new TreeMap<>();

    /** A function with its aliases and idle instances. */
    private static final class Deployed {
        private final LambdaFunction function;
        private final Class<?> handler;
        private final Set<String> aliases = new TreeSet<>();
        private final Deque<RequestStreamHandler> idle = new ArrayDeque<>();

        Deployed(LambdaFunction function, Class<?> handler) {
            this.function = function;
            this.handler = handler;
        }

        synchronized @Nullable RequestStreamHandler take() {
            return idle.poll();
        }

        synchronized void giveBack(RequestStreamHandler instance) {
            idle.push(instance);
        }
    }

    public LambdaFunctions(HandlerFactory factory) {
        this.factory = factory;
    }

    /**
     * Adds a function.
     *
     * @throws ReflectiveOperationException if there is no handler class of this name
     */
    public void define(LambdaFunction function) throws ReflectiveOperationException {
        Class<?> handler = Class.forName(function.handlerClass());
        if (!RequestStreamHandler.class.isAssignableFrom(handler)) {
            throw new ClassNotFoundException(
                    handler.getName() + " does not implement RequestStreamHandler");
        }
        functions.put(function.name(), new Deployed(function, handler));
    }

    /** Adds an alias to a function; false if there is no such function. */
    public boolean alias(String functionArn, String alias) {
        for (Deployed deployed : functions.values()) {
            if (deployed.function.arn().equals(functionArn)) {
                return deployed.aliases.add(alias);
            }
        }
        return false;
    }

    /** Whether an ARN, with or without an alias, can be invoked. */
    public boolean has(String arn) {
        try {
            target(arn, null);
            return true;
        } catch (AwsError e) {
            return false;
        }
    }

    /**
     * Runs a function and waits for its end.
     *
     * @param function name, ARN or partial ARN, with a qualifier or not
     * @param qualifier alias or version; null: as the function says
     * @param payload JSON
     */
    public Invoked invoke(String function, @Nullable String qualifier, String payload)
            throws AwsError, InterruptedException {
        Target target = target(function, qualifier);
        byte[] input = payload.getBytes(StandardCharsets.UTF_8);
        if (input.length > LARGEST_PAYLOAD) {
            throw new AwsError(
                    413,
                    "RequestTooLargeException",
                    "Request must be smaller than %d bytes for the InvokeFunction operation"
                            .formatted(LARGEST_PAYLOAD));
        }
        String requestId = UUID.randomUUID().toString();
        InvocationLog log = new InvocationLog();
        log.add("START RequestId: %s Version: %s".formatted(requestId, target.version()));
        long start = System.nanoTime();
        Invoked invoked = run(target, input, requestId, log);
        log.add("END RequestId: " + requestId);
        log.add(
                "REPORT RequestId: %s\tDuration: %.2f ms\tMemory Size: %d MB"
                        .formatted(
                                requestId,
                                (System.nanoTime() - start) / 1e6,
                                target.deployed().function.memoryMegabytes()));
        return new Invoked(
                invoked.payload(), invoked.functionError(), target.version(), log.tail());
    }

    /** The ARN of what an invocation would run. */
    String qualified(String function, @Nullable String qualifier) throws AwsError {
        return target(function, qualifier).arn();
    }

    Collection<LambdaFunction> functions() {
        return functions.values().stream().map(d -> d.function).toList();
    }

    LambdaFunction function(String name) throws AwsError {
        return target(name, null).deployed().function;
    }

    Set<String> aliases(String name) throws AwsError {
        return target(name, null).deployed().aliases;
    }

    /** What is invoked: a function, its version and the ARN that names both. */
    private record Target(Deployed deployed, String version, String arn) {}

    private Target target(String function, @Nullable String qualifier) throws AwsError {
        // arn:aws:lambda:region:account:function:name[:alias], account:function:name, name[:alias]
        int marker = function.lastIndexOf("function:");
        String rest = marker < 0 ? function : function.substring(marker + "function:".length());
        int colon = rest.indexOf(':');
        String name = colon < 0 ? rest : rest.substring(0, colon);
        String named = colon < 0 ? null : rest.substring(colon + 1);
        if (named != null && qualifier != null && !named.equals(qualifier)) {
            throw new AwsError(
                    400,
                    "InvalidParameterValueException",
                    "The derived qualifier from the function name does not match the specified"
                            + " qualifier.");
        }
        String wanted = qualifier == null ? named : qualifier;
        Deployed deployed = functions.get(name);
        if (deployed == null
                || (function.startsWith("arn:") && !function.startsWith(deployed.function.arn()))) {
            throw new AwsError(404, "ResourceNotFoundException", "Function not found: " + function);
        }
        String arn = deployed.function.arn();
        if (wanted == null || wanted.equals("$LATEST")) {
            return new Target(deployed, "$LATEST", wanted == null ? arn : arn + ":$LATEST");
        }
        if (!wanted.equals("1") && !deployed.aliases.contains(wanted)) {
            throw new AwsError(
                    404, "ResourceNotFoundException", "Function not found: " + arn + ":" + wanted);
        }
        return new Target(deployed, "1", arn + ":" + wanted);
    }

    private Invoked run(Target target, byte[] payload, String requestId, InvocationLog log)
            throws InterruptedException {
        LambdaFunction function = target.deployed().function;
        CompletableFuture<String> reply = new CompletableFuture<>();
        Thread worker =
                Thread.ofVirtual()
                        .name(function.name() + "-" + requestId)
                        .start(
                                () -> {
                                    try {
                                        reply.complete(
                                                log.during(
                                                        () ->
                                                                handle(
                                                                        target, payload, requestId,
                                                                        log)));
                                    } catch (Throwable e) {
                                        // Whatever it is, Lambda tells it to the caller.
                                        reply.completeExceptionally(e);
                                    }
                                });
        Duration timeout = function.timeout();
        try {
            return new Invoked(reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS), null, "", "");
        } catch (TimeoutException e) {
            worker.interrupt();
            LOG.warn("{} timed out after {} s", function.name(), timeout.toSeconds());
            ObjectNode error = JSON.createObjectNode();
            error.put("errorType", "Sandbox.Timedout");
            error.put(
                    "errorMessage",
                    "RequestId: %s Error: Task timed out after %d.%02d seconds"
                            .formatted(
                                    requestId, timeout.toSeconds(), timeout.toMillisPart() / 10));
            return failed(error);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.add(cause.toString());
            return failed(error(cause));
        }
    }

    private String handle(Target target, byte[] payload, String requestId, InvocationLog log)
            throws Exception {
        Deployed deployed = target.deployed();
        RequestStreamHandler instance = deployed.take();
        if (instance == null) {
            try {
                instance = factory.create(deployed.handler, deployed.function.environment());
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InvocationContext context =
                new InvocationContext(
                        deployed.function, requestId, target.arn(), target.version(), log);
        try {
            instance.handleRequest(new ByteArrayInputStream(payload), out, context);
        } finally {
            // One that ran out of time is not used again, as in Lambda.
            if (!Thread.currentThread().isInterrupted()) {
                deployed.giveBack(instance);
            }
        }
        if (out.size() > LARGEST_PAYLOAD) {
            throw new IllegalStateException(
                    "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Invoked failed(ObjectNode error) {
        return new Invoked(error.toString(), "Unhandled", "", "");
    }

    /** As the Java runtime of Lambda reports an exception. */
    private static ObjectNode error(Throwable thrown) {
        ObjectNode error = JSON.createObjectNode();
        error.put("errorMessage", String.valueOf(thrown.getMessage()));
        error.put("errorType", thrown.getClass().getName());
        ArrayNode trace = error.putArray("stackTrace");
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (trace.size() == DEEPEST_TRACE) {
                break;
            }
            trace.add(element.toString());
        }
        if (thrown.getCause() != null) {
            error.set("cause", error(thrown.getCause()));
        }
        return error;
    }
}
