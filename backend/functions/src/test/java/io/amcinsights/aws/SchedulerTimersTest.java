package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.ports.Timers;
import io.amcinsights.ports.TimersContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.GetScheduleResponse;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;

import java.util.Optional;
import java.util.UUID;

class SchedulerTimersTest extends TimersContract {

    private static final String ROLE = "arn:aws:iam::123456789012:role/schedules";
    private static final String FUNCTION =
            "arn:aws:lambda:us-east-1:123456789012:function:workflows:write";
    private static final String DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:dead";

    @RegisterExtension static final Moto MOTO = new Moto();

    private final SchedulerClient scheduler = MOTO.client(SchedulerClient.builder());
    private final String group = "group-" + UUID.randomUUID();

    @BeforeEach
    void create() {
        scheduler.createScheduleGroup(r -> r.name(group));
    }

    @Override
    protected Timers timers() {
        return new SchedulerTimers(scheduler, group, ROLE, FUNCTION, DEAD_LETTERS);
    }

    @Override
    protected Optional<Kept> kept(String name) {
        try {
            GetScheduleResponse schedule = schedule(name);
            return Optional.of(
                    new Kept(
                            schedule.scheduleExpression(),
                            schedule.scheduleExpressionTimezone(),
                            schedule.state() == ScheduleState.ENABLED,
                            schedule.target().input()));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private GetScheduleResponse schedule(String name) {
        return scheduler.getSchedule(r -> r.name(name).groupName(group));
    }

    @Test
    void aTimerCallsTheFunctionPunctuallyOrLeavesADeadLetter() {
        timers().set("timer-1", "rate(1 day)", "UTC", true, "{}");
        assertThatItCalls(schedule("timer-1"));
        timers().set("timer-1", "rate(2 days)", "UTC", true, "{}");
        assertThatItCalls(schedule("timer-1"));
    }

    private static void assertThatItCalls(GetScheduleResponse schedule) {
        assertThat(schedule.target().arn()).isEqualTo(FUNCTION);
        assertThat(schedule.target().roleArn()).isEqualTo(ROLE);
        assertThat(schedule.target().deadLetterConfig().arn()).isEqualTo(DEAD_LETTERS);
        assertThat(schedule.flexibleTimeWindow().mode()).isEqualTo(FlexibleTimeWindowMode.OFF);
    }
}
