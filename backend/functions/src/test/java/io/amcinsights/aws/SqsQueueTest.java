package io.amcinsights.aws;

import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.MessageQueueContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

class SqsQueueTest extends MessageQueueContract {

    @RegisterExtension static final Moto MOTO = new Moto();

    private final SqsClient sqs = MOTO.client(SqsClient.builder());
    private String url;

    @BeforeEach
    void create() {
        url =
                sqs.createQueue(
                                r ->
                                        r.queueName(UUID.randomUUID() + ".fifo")
                                                .attributes(
                                                        Map.of(
                                                                QueueAttributeName.FIFO_QUEUE,
                                                                "true")))
                        .queueUrl();
    }

    @Override
    protected MessageQueue queue() {
        return new SqsQueue(sqs, url);
    }

    @Override
    protected Optional<Received> receive() {
        return sqs
                .receiveMessage(
                        r ->
                                r.queueUrl(url)
                                        .maxNumberOfMessages(1)
                                        .messageSystemAttributeNames(
                                                MessageSystemAttributeName.ALL))
                .messages()
                .stream()
                .map(this::received)
                .findFirst();
    }

    private Received received(Message message) {
        return new Received(
                String.valueOf(
                        message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID)),
                message.body(),
                message.receiptHandle(),
                () ->
                        sqs.deleteMessage(
                                r -> r.queueUrl(url).receiptHandle(message.receiptHandle())));
    }
}
