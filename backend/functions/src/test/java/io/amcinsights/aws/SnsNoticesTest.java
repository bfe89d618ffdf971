package io.amcinsights.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.NoticesContract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** What is sent reaches a queue that listens to the topic. */
class SnsNoticesTest extends NoticesContract {

    @RegisterExtension static final Moto MOTO = new Moto();

    private final SnsClient sns = MOTO.client(SnsClient.builder());
    private final SqsClient sqs = MOTO.client(SqsClient.builder());
    private String topic;
    private String inbox;

    @BeforeEach
    void listen() {
        String name = "n-" + UUID.randomUUID();
        topic = sns.createTopic(r -> r.name(name)).topicArn();
        inbox = sqs.createQueue(r -> r.queueName(name)).queueUrl();
        sns.subscribe(
                r ->
                        r.topicArn(topic)
                                .protocol("sqs")
                                .endpoint("arn:aws:sqs:us-east-1:123456789012:" + name));
    }

    @Override
    protected Notices notices() {
        return new SnsNotices(sns, topic);
    }

    /** SNS refuses these; moto does not mind. */
    @AfterEach
    void nothingWasSentThatSnsRefuses() {
        for (JsonNode message = next(); message != null; message = next()) {
            assertThat(message.path("Subject").asText()).matches("[!-~][ -~]{0,98}");
            assertThat(message.path("Message").asText()).isNotBlank();
            assertThat(message.path("Message").asText().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThan(256 * 1024);
        }
    }

    @Test
    void aNoticeArrivesWithWhatSubscribersFilterBy() {
        notices()
                .send(
                        notice(
                                Notice.Kind.DELIVERY,
                                false,
                                "Délivery “x”\n" + "y".repeat(120),
                                "all “of” it",
                                "amcr1aaaa1a"));
        JsonNode message = arrived();
        assertThat(message.path("Subject").asText()).isEqualTo("Delivery ?x??" + "y".repeat(86));
        assertThat(message.path("Message").asText()).isEqualTo("all “of” it");
        assertThat(attribute(message, "kind")).isEqualTo("DELIVERY");
        assertThat(attribute(message, "outcome")).isEqualTo("bad");
        assertThat(attribute(message, "tenantId")).isEqualTo("amcr1aaaa1a");
    }

    @Test
    void aGoodNoticeOfNoTenantSaysSo() {
        notices().send(notice(Notice.Kind.CREDENTIALS, true, "subject", "text", null));
        JsonNode message = arrived();
        assertThat(attribute(message, "outcome")).isEqualTo("good");
        assertThat(message.path("MessageAttributes").has("tenantId")).isFalse();
    }

    @Test
    void aNoticeWithoutTextTellsItsSubject() {
        notices().send(notice(Notice.Kind.RUN, true, "reach has succeeded", "", null));
        assertThat(arrived().path("Message").asText()).isEqualTo("reach has succeeded");
    }

    @Test
    void aTextThatIsTooLongIsCutBetweenTwoCharacters() {
        notices().send(notice(Notice.Kind.RUN, false, "subject", "x" + "😀".repeat(90_000), null));
        String text = arrived().path("Message").asText();
        assertThat(text).isEqualTo("x" + "😀".repeat(62_499) + "…");
    }

    private static String attribute(JsonNode message, String name) {
        return message.path("MessageAttributes").path(name).path("Value").asText();
    }

    private JsonNode arrived() {
        JsonNode message = next();
        assertThat(message).as("a message arrived").isNotNull();
        return Objects.requireNonNull(message);
    }

    private @Nullable JsonNode next() {
        List<Message> messages =
                sqs.receiveMessage(r -> r.queueUrl(inbox).maxNumberOfMessages(1)).messages();
        if (messages.isEmpty()) {
            return null;
        }
        Message message = messages.getFirst();
        sqs.deleteMessage(r -> r.queueUrl(inbox).receiptHandle(message.receiptHandle()));
        return Json.read(message.body(), JsonNode.class);
    }
}
