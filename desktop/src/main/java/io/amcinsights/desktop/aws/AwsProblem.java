package io.amcinsights.desktop.aws;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why AWS did not do what an administrator asked, told apart, and what to do about each. */
public final class AwsProblem {

    private static final Messages MESSAGES = Messages.of(AwsProblem.class);

    private static final Pattern EXPIRED =
            Pattern.compile(
                    "(?is).*(expired|sso token|sso session|token is (no longer|not) valid"
                            + "|unable to load.*token|login session|reauthenticate).*");
    private static final Pattern WRONG =
            Pattern.compile(
                    "InvalidClientTokenId|UnrecognizedClientException|AuthFailure"
                            + "|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature");
    private static final Pattern SKEWED =
            Pattern.compile(
                    "(?is).*(RequestTimeTooSkewed|RequestExpired|signature (expired|not yet)).*");

    private AwsProblem() {}

    /**
     * Does some work at AWS.
     *
     * @throws ProblemException it failed, in words
     */
    public static <T> T explained(AwsAccount account, Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (SdkException e) {
            throw new ProblemException(of(e, account));
        }
    }

    /** What a failure means, and what to do. */
    public static Problem of(SdkException failure, AwsAccount account) {
        String said = said(failure);
        Kind kind = kind(failure, said);
        String word = kind.name().toLowerCase(Locale.ROOT);
        String next =
                switch (kind) {
                    case EXPIRED, MISSING, WRONG ->
                            account.profile() == null
                                    ? MESSAGES.text("portal.next")
                                    : account.signIn().isEmpty()
                                            ? MESSAGES.text(word + ".next", name(account))
                                            : MESSAGES.text("signIn.next", account.signIn());
                    case DENIED, SKEWED, THROTTLED, UNREACHABLE, OTHER ->
                            MESSAGES.text(word + ".next", name(account), account.region());
                };
        return new Problem(
                MESSAGES.text(word + ".title"),
                switch (kind) {
                    case EXPIRED, MISSING ->
                            account.profile() == null
                                    ? MESSAGES.text("portal.message")
                                    : MESSAGES.text(word + ".message", name(account));
                    case UNREACHABLE -> MESSAGES.text(word + ".message", account.region());
                    case DENIED, WRONG, SKEWED, THROTTLED, OTHER -> message(failure);
                },
                next,
                trace(failure),
                null,
                null);
    }

    private enum Kind {
        EXPIRED,
        MISSING,
        WRONG,
        DENIED,
        SKEWED,
        THROTTLED,
        UNREACHABLE,
        OTHER
    }

    private static Kind kind(SdkException failure, String said) {
        if (SKEWED.matcher(said).matches()) {
            return Kind.SKEWED;
        }
        if (failure instanceof AwsServiceException service) {
            String code = code(service);
            if (code.contains("Expired") || code.equals("UnauthorizedException")) {
                return Kind.EXPIRED;
            }
            if (WRONG.matcher(code).matches()) {
                return Kind.WRONG;
            }
            if (service.isThrottlingException()) {
                return Kind.THROTTLED;
            }
            return service.statusCode() == 403
                            || code.contains("AccessDenied")
                            || code.startsWith("Unauthorized")
                    ? Kind.DENIED
                    : Kind.OTHER;
        }
        if (EXPIRED.matcher(said).matches()) {
            return Kind.EXPIRED;
        }
        return causes(failure).anyMatch(IOException.class::isInstance)
                ? Kind.UNREACHABLE
                : said.toLowerCase(Locale.ROOT).contains("credentials") || said.contains("rofile")
                        ? Kind.MISSING
                        : Kind.OTHER;
    }

    /** The service's code for what went wrong; empty where it gave none. */
    public static String code(AwsServiceException failure) {
        return failure.awsErrorDetails() == null || failure.awsErrorDetails().errorCode() == null
                ? ""
                : failure.awsErrorDetails().errorCode();
    }

    /** What the service said, without its decoration. */
    public static String message(SdkException failure) {
        String text =
                failure instanceof AwsServiceException service && service.awsErrorDetails() != null
                        ? service.awsErrorDetails().errorMessage()
                        : failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }

    private static String name(AwsAccount account) {
        return account.profile() == null ? MESSAGES.text("signIn.this") : account.profile();
    }

    private static String said(Throwable failure) {
        return causes(failure).map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(12);
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
