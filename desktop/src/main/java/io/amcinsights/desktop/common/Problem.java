package io.amcinsights.desktop.common;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Collectors;

/**
 * Something that went wrong, in the user's words.
 *
 * @param title what did not happen, in a few words
 * @param message what happened and why
 * @param next what to do; null where nothing better is known than to try again
 * @param details for a closer look and for support; may be long
 * @param code the backend's code, where the backend said no
 * @param field the request's field at fault, where there is one
 */
public record Problem(
        String title,
        String message,
        @Nullable String next,
        String details,
        @Nullable ErrorCode code,
        @Nullable String field) {

    private static final Messages MESSAGES = Messages.of(Problem.class);

    /** A problem that this application found itself. */
    public static Problem of(String title, String message, @Nullable String next) {
        return new Problem(title, message, next, title + "\n" + message, null, null);
    }

    /** What a throwable means to a person. */
    public static Problem of(Throwable throwable) {
        return switch (throwable) {
            case FailureException e -> of(e.failure(), trace(e));
            case ProblemException e -> e.problem();
            case AwsServiceException e -> of(e);
            case SdkClientException e ->
                    new Problem(
                            MESSAGES.text("problem.unreachable.title"),
                            MESSAGES.text("problem.unreachable.message"),
                            MESSAGES.text("problem.unreachable.next"),
                            trace(e),
                            null,
                            null);
            default ->
                    new Problem(
                            MESSAGES.text("problem.unexpected.title"),
                            throwable.getMessage() == null
                                    ? throwable.getClass().getSimpleName()
                                    : throwable.getMessage(),
                            MESSAGES.text("problem.unexpected.next"),
                            trace(throwable),
                            null,
                            null);
        };
    }

    /** A failure that the backend recorded. */
    public static Problem of(Failure failure) {
        return of(failure, "");
    }

    private static Problem of(Failure failure, String trace) {
        String facts =
                failure.details().entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining("\n"));
        return new Problem(
                MESSAGES.text("problem." + failure.code() + ".title"),
                failure.message(),
                failure.nextStep(),
                "%s: %s\n%s\n%s".formatted(failure.code(), failure.message(), facts, trace).strip(),
                failure.code(),
                failure.field());
    }

    private static Problem of(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        String message =
                e.awsErrorDetails() == null
                        ? String.valueOf(e.getMessage())
                        : e.awsErrorDetails().errorMessage();
        boolean expired = code != null && code.contains("Expired");
        String kind =
                expired
                        ? "expired"
                        : e.statusCode() == 403 || (code != null && code.contains("AccessDenied"))
                                ? "denied"
                                : e.isThrottlingException() ? "throttled" : "service";
        return new Problem(
                MESSAGES.text("problem." + kind + ".title"),
                message == null || message.isBlank() ? String.valueOf(code) : message,
                MESSAGES.text("problem." + kind + ".next"),
                trace(e),
                null,
                null);
    }

    private static String trace(Throwable throwable) {
        StringWriter text = new StringWriter();
        throwable.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
