package io.amcinsights.aws;

import io.amcinsights.contract.Notice;
import io.amcinsights.ports.Notices;

import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/** Notices through a topic of SNS. */
final class SnsNotices implements Notices {

    private static final int LONGEST_SUBJECT = 99;

    /** SNS takes 256 KB with all attributes. */
    private static final int LONGEST_TEXT = 250_000;

    private final SnsClient sns;
    private final String topic;

    SnsNotices(SnsClient sns, String topic) {
        this.sns = sns;
        this.topic = topic;
    }

    /**
     * Subscribers may filter by the attributes. What SNS would refuse is made fit: the board shows
     * a notice only when it was sent.
     */
    @Override
    public void send(Notice notice) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        attributes.put("kind", attribute(notice.kind().name()));
        attributes.put("outcome", attribute(notice.good() ? "good" : "bad"));
        String tenantId = notice.tenantId();
        if (tenantId != null && !tenantId.isBlank()) {
            attributes.put("tenantId", attribute(tenantId));
        }
        String subject = plain(notice.subject());
        sns.publish(
                r ->
                        r.topicArn(topic)
                                .subject(subject)
                                .message(notice.text().isBlank() ? subject : cut(notice.text()))
                                .messageAttributes(attributes));
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    /** SNS takes subjects in ASCII only, on one line, and none that is blank at its start. */
    private static String plain(String subject) {
        String ascii =
                Normalizer.normalize(subject, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .replaceAll("[^\\x20-\\x7e]", "?")
                        .strip();
        return ascii.isEmpty()
                ? "AMC Insights"
                : ascii.substring(0, Math.min(ascii.length(), LONGEST_SUBJECT));
    }

    private static String cut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_TEXT) {
            return text;
        }
        int end = LONGEST_TEXT;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--; // in the middle of a character
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + "…";
    }
}
