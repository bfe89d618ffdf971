package io.amcinsights.amc;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Sends requests, and sends them again where that may help and does no harm, for as long as the
 * caller has time.
 */
final class Retrying {

    /** Waits; a test need not. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    private static final int ATTEMPTS = 6;
    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Set<Integer> BROKEN = Set.of(500, 502, 503, 504);

    private final HttpClient http;
    private final Supplier<Duration> timeLeft;
    private final Clock clock;
    private final Pause pause;

    Retrying(HttpClient http, Supplier<Duration> timeLeft, Clock clock, Pause pause) {
        this.http = http;
        this.timeLeft = timeLeft;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * The last answer, whatever its status.
     *
     * @param repeatable the same request twice does what one does
     * @throws FailureException {@link ErrorCode#AMC_UNAVAILABLE}: no answer came
     */
    HttpResponse<String> send(Supplier<HttpRequest.Builder> request, boolean repeatable) {
        return send(request, BodyHandlers.ofString(), repeatable);
    }

    <T> HttpResponse<T> send(
            Supplier<HttpRequest.Builder> request, BodyHandler<T> body, boolean repeatable) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    HttpRequest once = request.get().timeout(patience()).build();
                    HttpResponse<T> response = http.send(once, body);
                    // what was turned away at the door was not done
                    boolean again =
                            response.statusCode() == 429
                                    || (repeatable && BROKEN.contains(response.statusCode()));
                    if (!again || !pause(attempt, retryAfter(response))) {
                        return response;
                    }
                } catch (IOException e) {
                    if (!repeatable || !pause(attempt, Optional.empty())) {
                        throw unanswered(e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(
                    Failure.of(ErrorCode.AMC_UNAVAILABLE, "The call was stopped."), e);
        }
    }

    private Duration patience() {
        Duration left = timeLeft.get();
        Duration answer = left.compareTo(ANSWER) < 0 ? left : ANSWER;
        return answer.isPositive() ? answer : Duration.ofMillis(1);
    }

    /** Waits before the next attempt; false where there is no time or no sense in one. */
    private boolean pause(int attempt, Optional<Duration> asked) throws InterruptedException {
        Duration ceiling = FIRST.multipliedBy(1L << Math.min(attempt, 10));
        ceiling = ceiling.compareTo(LONGEST) < 0 ? ceiling : LONGEST;
        Duration jittered =
                Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, ceiling.toMillis()));
        Duration wait = asked.map(a -> a.plus(jittered.dividedBy(4))).orElse(jittered);
        if (attempt >= ATTEMPTS || wait.compareTo(timeLeft.get().dividedBy(2)) > 0) {
            return false;
        }
        pause.of(wait);
        return true;
    }

    private Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").flatMap(this::duration);
    }

    private Optional<Duration> duration(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("\\d{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            ZonedDateTime at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), at);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static FailureException unanswered(IOException e) {
        String message = e.getMessage();
        return new FailureException(
                Failure.of(
                                ErrorCode.AMC_UNAVAILABLE,
                                "Amazon Ads did not answer: "
                                        + (message == null
                                                ? e.getClass().getSimpleName()
                                                : message))
                        .next("Try again in a few minutes."),
                e);
    }
}
