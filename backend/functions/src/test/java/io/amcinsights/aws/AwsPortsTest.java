package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What goes out of the ports is there on the other side. */
class AwsPortsTest {

    @RegisterExtension static final Moto MOTO = new Moto();

    @Test
    void messagesKeepTheirGroupAndComeOnce() {
        SqsClient sqs = MOTO.client(SqsClient.builder());
        String url =
                sqs.createQueue(
                                r ->
                                        r.queueName("runs.fifo")
                                                .attributes(
                                                        Map.of(
                                                                QueueAttributeName.FIFO_QUEUE,
                                                                "true")))
                        .queueUrl();
        SqsQueue queue = new SqsQueue(sqs, url);
        queue.send("amcr1aaaa1a", "run-1", "{\"runId\":\"run-1\"}");
        queue.send("amcr1aaaa1a", "run-1", "{\"runId\":\"run-1\"}");
        queue.send("amcr1aaaa1a", "run-2", "{\"runId\":\"run-2\"}");

        Message first = receiveOne(sqs, url);
        assertThat(first.body()).isEqualTo("{\"runId\":\"run-1\"}");
        assertThat(first.attributes())
                .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "amcr1aaaa1a");
        assertThat(receive(sqs, url)).isEmpty();

        queue.postpone(first.receiptHandle(), Duration.ZERO);
        Message again = receiveOne(sqs, url);
        assertThat(again.body()).isEqualTo(first.body());
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(again.receiptHandle()));

        Message second = receiveOne(sqs, url);
        assertThat(second.body()).isEqualTo("{\"runId\":\"run-2\"}");
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));
        assertThat(receive(sqs, url)).isEmpty();
    }

    private static Message receiveOne(SqsClient sqs, String url) {
        List<Message> messages = receive(sqs, url);
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

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

        new SnsNotices(sns, topic).send("Délivery “x”\n" + "y".repeat(120), "all of it");

        assertThat(receive(sqs, url))
                .singleElement()
                .satisfies(
                        m -> assertThat(m.body()).contains("\"Delivery ?x??yyy", "\"all of it\""));
    }
}
