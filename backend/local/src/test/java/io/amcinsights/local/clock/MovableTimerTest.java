package io.amcinsights.local.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class MovableTimerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MovableTimer timer = new MovableTimer(new SystemTimer());
    private final List<String> rung = Collections.synchronizedList(new ArrayList<>());

    private void ring(String name) {
        rung.add(name + " " + timer.instant());
    }

    @Test
    void standsStillWhenHeldAndGoesOnFromThere() {
        timer.set(NOON);
        timer.hold(true);
        timer.set(NOON);
        assertThat(timer.instant()).isEqualTo(NOON);
        timer.hold(false);
        assertThat(timer.instant()).isBetween(NOON, NOON.plusSeconds(30));
        timer.reset();
        assertThat(Duration.between(timer.instant(), Instant.now()).abs())
                .isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void ringsOnTheWayInOrderAtTheTimesThatWereSet() {
        timer.hold(true);
        timer.set(NOON);
        timer.at(NOON.plusSeconds(20), () -> ring("b"));
        timer.at(
                NOON.plusSeconds(10),
                () -> {
                    ring("a");
                    timer.at(timer.instant().plusSeconds(5), () -> ring("a2"));
                });
        timer.at(NOON.plusSeconds(15), () -> ring("never")).cancel();
        timer.at(NOON.plusSeconds(61), () -> ring("later"));
        List<Instant> settled = new ArrayList<>();
        timer.advance(Duration.ofMinutes(1), () -> settled.add(timer.instant()));
        assertThat(rung)
                .containsExactly(
                        "a 2026-03-01T12:00:10Z",
                        "a2 2026-03-01T12:00:15Z",
                        "b 2026-03-01T12:00:20Z");
        assertThat(settled).hasSize(4).last().isEqualTo(NOON.plusSeconds(20));
        assertThat(timer.instant()).isEqualTo(NOON.plusSeconds(60));
        assertThat(timer.isHeld()).isTrue();
    }

    @Test
    void oneFailureDoesNotStopTheOthers() {
        timer.hold(true);
        timer.set(NOON);
        timer.at(
                NOON.plusSeconds(1),
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        timer.at(NOON.plusSeconds(2), () -> ring("b"));
        timer.advance(Duration.ofSeconds(5), () -> {});
        assertThat(rung).containsExactly("b 2026-03-01T12:00:02Z");
    }

    @Test
    void whatIsPastAfterAJumpRingsAtOnce() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        timer.at(Instant.now().plus(Duration.ofDays(3)), done::countDown);
        timer.set(Instant.now().plus(Duration.ofDays(4)));
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isAdvancedByOneAtATime() {
        timer.at(timer.instant(), () -> {});
        assertThatThrownBy(
                        () ->
                                timer.advance(
                                        Duration.ofSeconds(1),
                                        () -> timer.advance(Duration.ofSeconds(1), () -> {})))
                .hasMessage("The time is being advanced already");
        assertThat(timer.isHeld()).isFalse();
    }
}
