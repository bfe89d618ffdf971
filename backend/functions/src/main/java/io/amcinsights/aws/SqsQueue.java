package io.amcinsights.aws;

import io.amcinsights.ports.MessageQueue;

import software.amazon.awssdk.services.sqs.SqsClient;

import java.time.Duration;

/** A FIFO queue of SQS. */
final class SqsQueue implements MessageQueue {

    private final SqsClient sqs;
    private final String url;

    SqsQueue(SqsClient sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    @Override
    public void send(String group, String deduplicationId, String body) {
        sqs.sendMessage(
                r ->
                        r.queueUrl(url)
                                .messageGroupId(group)
                                .messageDeduplicationId(deduplicationId)
                                .messageBody(body));
    }

    @Override
    public void postpone(String receipt, Duration delay) {
        sqs.changeMessageVisibility(
                r ->
                        r.queueUrl(url)
                                .receiptHandle(receipt)
                                .visibilityTimeout(Math.toIntExact(delay.toSeconds())));
    }
}
