package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class ThrottleTest {

    private static final Throttle.Rate RATE = new Throttle.Rate(2, 0.5);

    private final AtomicLong nanos = new AtomicLong();
    private final Throttle throttle = new Throttle(nanos::get);

    /** The seconds that a caller is told to wait; 0: admitted. */
    private int wait(String client) {
        try {
            throttle.admit(client, RATE);
            return 0;
        } catch (AmcError e) {
            Answer answer = e.answer(false, "");
            assertThat(answer.status()).isEqualTo(429);
            return Integer.parseInt(answer.headers().getOrDefault("Retry-After", ""));
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void admitsABurstAndThenWhatTheRateAllows() {
        assertThat(wait("a")).isZero();
        assertThat(wait("a")).isZero();
        assertThat(wait("a")).isEqualTo(2);
        assertThat(wait("b")).as("each client has a bucket of its own").isZero();
        pass(Duration.ofMillis(1500));
        assertThat(wait("a")).isEqualTo(1);
        pass(Duration.ofMillis(500));
        assertThat(wait("a")).isZero();
        assertThat(wait("a")).isEqualTo(2);
        pass(Duration.ofMinutes(5));
        assertThat(wait("a")).isZero();
        assertThat(wait("a")).isZero();
        assertThat(wait("a")).as("a bucket does not overflow").isEqualTo(2);
    }
}
