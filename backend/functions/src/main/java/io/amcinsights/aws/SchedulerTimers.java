package io.amcinsights.aws;

import io.amcinsights.ports.Timers;

import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindow;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.scheduler.model.Target;

/** Timers as schedules of one group of EventBridge Scheduler. */
final class SchedulerTimers implements Timers {

    private static final FlexibleTimeWindow PUNCTUAL =
            FlexibleTimeWindow.builder().mode(FlexibleTimeWindowMode.OFF).build();

    private final SchedulerClient scheduler;
    private final String group;
    private final String role;
    private final String target;
    private final String deadLetters;

    /**
     * @param target ARN of the function to call
     */
    SchedulerTimers(
            SchedulerClient scheduler,
            String group,
            String role,
            String target,
            String deadLetters) {
        this.scheduler = scheduler;
        this.group = group;
        this.role = role;
        this.target = target;
        this.deadLetters = deadLetters;
    }

    @Override
    public void set(String name, String expression, String zone, boolean enabled, String payload) {
        Timers.check(name, expression, zone);
        Target call =
                Target.builder()
                        .arn(target)
                        .roleArn(role)
                        .input(payload)
                        .deadLetterConfig(d -> d.arn(deadLetters))
                        .retryPolicy(
                                p -> p.maximumEventAgeInSeconds(86400).maximumRetryAttempts(185))
                        .build();
        ScheduleState state = enabled ? ScheduleState.ENABLED : ScheduleState.DISABLED;
        try {
            scheduler.createSchedule(
                    r ->
                            r.name(name)
                                    .groupName(group)
                                    .scheduleExpression(expression)
                                    .scheduleExpressionTimezone(zone)
                                    .flexibleTimeWindow(PUNCTUAL)
                                    .state(state)
                                    .target(call));
        } catch (ConflictException e) {
            scheduler.updateSchedule(
                    r ->
                            r.name(name)
                                    .groupName(group)
                                    .scheduleExpression(expression)
                                    .scheduleExpressionTimezone(zone)
                                    .flexibleTimeWindow(PUNCTUAL)
                                    .state(state)
                                    .target(call));
        }
    }

    @Override
    public void remove(String name) {
        try {
            scheduler.deleteSchedule(r -> r.name(name).groupName(group));
        } catch (ResourceNotFoundException e) {
            // removed already
        }
    }
}
