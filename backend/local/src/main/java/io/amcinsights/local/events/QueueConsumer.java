package io.amcinsights.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.events.Queues.Message;
import io.amcinsights.local.events.Queues.Queue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.lambda.Invoked;
import io.amcinsights.local.lambda.LambdaFunctions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An event source mapping: gives a queue's messages to a function. What the function does not name
 * as failed is deleted; the rest comes again (AWS Lambda Developer Guide, "Using Lambda with Amazon
 * SQS").
 */
public final class QueueConsumer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueConsumer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param partial whether the function reports which messages of a batch failed
     */
    public record Mapping(
            Queue queue,
            String functionArn,
            String region,
            int batchSize,
            int mostAtATime,
            boolean partial) {}

    private final Queues queues;
    private final LambdaFunctions functions;
    private final Timer timer;
    private final Mapping mapping;
    private Timer.Alarm alarm = () -> {};
    private int underway;
    private boolean closed;

    public QueueConsumer(Queues queues, LambdaFunctions functions, Timer timer, Mapping mapping) {
        this.queues = queues;
        this.functions = functions;
        this.timer = timer;
        this.mapping = mapping;
    }

    /** Begins to consume. */
    public void start() {
        queues.listen(mapping.queue(), this::wake);
        wake();
    }

    @Override
    public synchronized void close() {
        closed = true;
        alarm.cancel();
    }

    private void wake() {
        Thread.ofVirtual().name("consumer").start(this::take);
    }

    private synchronized void take() {
        if (closed) {
            return;
        }
        // A message may become visible while this looks: it must be found by now or by the alarm.
        Instant looked = timer.instant();
        while (underway < mapping.mostAtATime()) {
            List<Message> batch = queues.receive(mapping.queue(), mapping.batchSize());
            if (batch.isEmpty()) {
                break;
            }
            underway++;
            Thread.ofVirtual().name("batch-" + batch.getFirst().id()).start(() -> give(batch));
        }
        alarm.cancel();
        Optional<Instant> next = queues.nextVisible(mapping.queue(), looked);
        if (next.isPresent()) {
            alarm = timer.at(next.get(), this::take);
        }
    }

    private void give(List<Message> batch) {
        try {
            Invoked invoked = functions.invoke(mapping.functionArn(), null, event(batch));
            Set<String> failed = new HashSet<>();
            if (invoked.functionError() != null) {
                LOG.warn(
                        "{} failed with messages of {}, which come again: {}",
                        mapping.functionArn(),
                        mapping.queue().arn(),
                        invoked.payload());
                batch.forEach(m -> failed.add(m.id()));
            } else if (mapping.partial()) {
                failed.addAll(failures(invoked.payload(), batch));
            }
            batch.stream().filter(m -> !failed.contains(m.id())).forEach(queues::delete);
        } catch (AwsError e) {
            LOG.error("{} cannot be invoked", mapping.functionArn(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        underway--;
        if (!closed) {
            wake();
        }
    }

    private Set<String> failures(String payload, List<Message> batch) {
        Set<String> failed = new HashSet<>();
        try {
            for (JsonNode failure :
                    JSON.readTree(payload.isEmpty() ? "{}" : payload).path("batchItemFailures")) {
                failed.add(failure.path("itemIdentifier").asText());
            }
        } catch (JsonProcessingException e) {
            failed.add("");
        }
        Set<String> ids = new HashSet<>();
        batch.forEach(m -> ids.add(m.id()));
        // A name that is not in the batch makes all of it failed, as in Lambda.
        return ids.containsAll(failed) ? failed : ids;
    }

    private String event(List<Message> batch) {
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (Message message : batch) {
            ObjectNode entry = records.addObject();
            entry.put("messageId", message.id());
            entry.put("receiptHandle", message.receipt());
            entry.put("body", message.body());
            ObjectNode attributes = entry.putObject("attributes");
            attributes.put("ApproximateReceiveCount", Integer.toString(message.receives()));
            attributes.put("SentTimestamp", Long.toString(message.sent().toEpochMilli()));
            attributes.put("SenderId", "local");
            attributes.put(
                    "ApproximateFirstReceiveTimestamp",
                    Long.toString(message.firstReceived().toEpochMilli()));
            if (mapping.queue().fifo()) {
                attributes.put("SequenceNumber", "%020d".formatted(message.sequence()));
                attributes.put("MessageGroupId", message.group());
                attributes.put("MessageDeduplicationId", message.deduplicationId());
            }
            entry.putObject("messageAttributes");
            entry.put("md5OfBody", md5(message.body()));
            entry.put("eventSource", "aws:sqs");
            entry.put("eventSourceARN", mapping.queue().arn());
            entry.put("awsRegion", mapping.region());
        }
        return event.toString();
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5", e);
        }
    }
}
