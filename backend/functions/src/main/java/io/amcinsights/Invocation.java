package io.amcinsights;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.WorkflowRequest.FireSchedule;
import io.amcinsights.contract.WorkflowRequest.Reconcile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Function;

/**
 * One call of a function: a request of a person or a step of a state machine, and how each is
 * answered.
 */
public final class Invocation {

    /** What a step of a state machine does. */
    @FunctionalInterface
    public interface Step {
        Object run(String step, JsonNode input);
    }

    private static final Logger log = LoggerFactory.getLogger(Invocation.class);
    private static final Duration MARGIN = Duration.ofSeconds(3);
    private static final ScopedValue<Context> CURRENT = ScopedValue.newInstance();

    private Invocation() {}

    /** How long the current call may still wait for others; zero when its time is up. */
    public static Duration timeLeft() {
        if (!CURRENT.isBound()) {
            return Duration.ofSeconds(30);
        }
        Duration left = Duration.ofMillis(CURRENT.get().getRemainingTimeInMillis()).minus(MARGIN);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Answers a request with its reply or a failure, both JSON; requests that write are refused on
     * any alias but {@code write}. A step that fails ends the call with {@link Busy} or {@link
     * StepFailed}, which its state machine understands.
     */
    public static void serve(
            InputStream in,
            OutputStream out,
            Context context,
            Function<Request<?>, Object> answer,
            Step steps)
            throws IOException {
        JsonNode input = Json.mapper().readTree(in);
        boolean writing = "write".equals(alias(context));
        Object reply =
                ScopedValue.where(CURRENT, context)
                        .call(
                                () ->
                                        input.has("step")
                                                ? step(input, writing, steps)
                                                : request(input, writing, answer, context));
        out.write(Json.mapper().writeValueAsBytes(reply));
    }

    /** Reads what a step threw, from the error that its state machine caught. */
    public static Failure failureOf(JsonNode error) {
        String cause = error.path("Cause").asText();
        String name = error.path("Error").asText();
        if (cause.isEmpty()) {
            // Step Functions gives none where a task was given up after its time.
            return name.equals("States.Timeout")
                    ? Failure.of(
                                    ErrorCode.INTERNAL,
                                    "A step took longer than it may and was given up.")
                            .next("Try again; if it stays, look into the execution's history.")
                    : inside(name);
        }
        try {
            JsonNode thrown = Json.mapper().readTree(cause);
            String message = thrown.path("errorMessage").asText();
            try {
                return Json.mapper().readValue(message, Failure.class);
            } catch (JsonProcessingException e) {
                return inside(message.isEmpty() ? cause : message);
            }
        } catch (JsonProcessingException e) {
            return inside(name + ": " + cause);
        }
    }

    private static Object request(
            JsonNode input, boolean writing, Function<Request<?>, Object> answer, Context context) {
        Request<?> request = null;
        try {
            request = Json.request(input);
            if (request.writes() && !writing) {
                throw Failure.of(
                                ErrorCode.NOT_ALLOWED,
                                "You may look but not change anything in this installation.")
                        .next("Ask your administrator for the role that may make changes.")
                        .exception();
            }
            return answer.apply(request);
        } catch (FailureException e) {
            return new Refusal(e.failure());
        } catch (RuntimeException e) {
            if (request instanceof FireSchedule || request instanceof Reconcile) {
                throw e; // nobody reads the answer; Lambda calls again, then an alarm is raised
            }
            log.error("The request {} failed", input.path("operation").asText(), e);
            return new Refusal(
                    unexpected(e).with("requestId", String.valueOf(context.getAwsRequestId())));
        }
    }

    private record Refusal(Failure error) {}

    private static Object step(JsonNode input, boolean writing, Step steps) {
        if (!writing) {
            throw new StepFailed(
                    Failure.of(ErrorCode.NOT_ALLOWED, "Steps run on the alias write only."));
        }
        try {
            return steps.run(input.path("step").asText(), input);
        } catch (FailureException e) {
            log.warn("The step {} ended with {}", input, e.failure());
            throw end(e.failure(), mayPass(e.failure().code()));
        } catch (SdkException e) {
            log.warn("The step {} was stopped by AWS", input, e);
            throw end(unexpected(e), mayPass(e));
        } catch (RuntimeException e) {
            log.error("The step {} failed", input, e);
            throw end(unexpected(e), false);
        }
    }

    private static RuntimeException end(Failure failure, boolean mayPass) {
        return mayPass ? new Busy(failure) : new StepFailed(failure);
    }

    private static boolean mayPass(ErrorCode code) {
        return code == ErrorCode.AMC_UNAVAILABLE || code == ErrorCode.CONFLICT;
    }

    private static boolean mayPass(SdkException e) {
        return e instanceof AwsServiceException service
                ? service.isThrottlingException() || service.statusCode() >= 500 || expired(service)
                : e.getCause() instanceof IOException;
    }

    /** The next call has new credentials. Services name it with and without “Exception”. */
    private static boolean expired(AwsServiceException e) {
        return code(e).startsWith("ExpiredToken");
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    }

    /** What nobody expected, as it is shown to people. */
    public static Failure unexpected(RuntimeException e) {
        // Some services deny with 400.
        if (e instanceof AwsServiceException denied
                && !expired(denied)
                && (denied.statusCode() == 403 || code(denied).startsWith("AccessDenied"))) {
            return Failure.of(
                            ErrorCode.INTERNAL,
                            "AWS does not let this installation do that: " + e.getMessage())
                    .next(
                            "Ask your administrator for what stands against it: a policy of the"
                                    + " bucket or key, or one of the organisation.");
        }
        if (e instanceof SdkException passing && mayPass(passing)) {
            return Failure.of(
                            ErrorCode.INTERNAL, "AWS is busy or does not answer: " + e.getMessage())
                    .next("Try again in a minute.");
        }
        return inside(String.valueOf(e.getMessage()));
    }

    private static Failure inside(String message) {
        return Failure.of(ErrorCode.INTERNAL, "Something went wrong inside: " + message)
                .next("Try again; if it stays, look into the function's log.");
    }

    private static String alias(Context context) {
        String arn = context.getInvokedFunctionArn();
        String[] parts = arn.split(":", -1);
        return parts.length == 8 ? parts[7] : "";
    }
}
