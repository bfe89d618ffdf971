package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Notice;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

import java.time.Instant;
import java.util.List;

/** What goes out of the ports is there on the other side. */
class AwsPortsTest {

    @RegisterExtension static final Moto MOTO = new Moto();

    private static List<Message> receive(SqsClient sqs, String url) {
        return sqs.receiveMessage(
                        r ->
                                r.queueUrl(url)
                                        .maxNumberOfMessages(1)
                                        .messageSystemAttributeNames(
                                                MessageSystemAttributeName.ALL))
                .messages();
    }

    @Test
    void aTimerIsSetChangedAndRemoved() {
        SchedulerClient scheduler = MOTO.client(SchedulerClient.builder());
        scheduler.createScheduleGroup(r -> r.name("amc-insights"));
        SchedulerTimers timers =
                new SchedulerTimers(
                        scheduler,
                        "amc-insights",
                        "arn:aws:iam::123456789012:role/schedules",
                        "arn:aws:lambda:us-east-1:123456789012:function:workflows:write",
                        "arn:aws:sqs:us-east-1:123456789012:dead");
        timers.set("timer-1", "rate(1 day)", "UTC", true, "{}");
        timers.set("timer-1", "cron(0 6 ? * MON *)", "Europe/London", false, "{\"a\":1}");

        var schedule = scheduler.getSchedule(r -> r.name("timer-1").groupName("amc-insights"));
        assertThat(schedule.scheduleExpression()).isEqualTo("cron(0 6 ? * MON *)");
        assertThat(schedule.scheduleExpressionTimezone()).isEqualTo("Europe/London");
        assertThat(schedule.state()).isEqualTo(ScheduleState.DISABLED);
        assertThat(schedule.target().input()).isEqualTo("{\"a\":1}");
        assertThat(schedule.target().deadLetterConfig().arn()).endsWith(":dead");

        timers.remove("timer-1");
        timers.remove("timer-1");
        assertThat(scheduler.listSchedules(r -> r.groupName("amc-insights")).schedules()).isEmpty();
    }

    @Test
    void aNoticeReachesTheTopicAlsoWithASubjectThatSnsRefuses() {
        SnsClient sns = MOTO.client(SnsClient.builder());
        SqsClient sqs = MOTO.client(SqsClient.builder());
        String topic = sns.createTopic(r -> r.name("notices")).topicArn();
        String url = sqs.createQueue(r -> r.queueName("inbox")).queueUrl();
        sns.subscribe(
                r ->
                        r.topicArn(topic)
                                .protocol("sqs")
                                .endpoint("arn:aws:sqs:us-east-1:123456789012:inbox"));

        new SnsNotices(sns, topic)
                .send(
                        new Notice(
                                "notice-1",
                                Instant.EPOCH,
                                Notice.Kind.DELIVERY,
                                false,
                                "Délivery “x”\n" + "y".repeat(120),
                                "all of it",
                                "amcr1aaaa1a",
                                "delivery-1"));

        assertThat(receive(sqs, url))
                .singleElement()
                .satisfies(
                        m -> assertThat(m.body()).contains("\"Delivery ?x??yyy", "\"all of it\""));
    }
}
