package io.amcinsights.aws;

import io.amcinsights.contract.Notice;
import io.amcinsights.ports.Notices;

import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/** Notices through a topic of SNS. */
final class SnsNotices implements Notices {

    private static final int LONGEST = 99;

    private final SnsClient sns;
    private final String topic;

    SnsNotices(SnsClient sns, String topic) {
        this.sns = sns;
        this.topic = topic;
    }

    /** Subscribers may filter by the attributes. */
    @Override
    public void send(Notice notice) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        attributes.put("kind", attribute(notice.kind().name()));
        attributes.put("outcome", attribute(notice.good() ? "good" : "bad"));
        if (notice.tenantId() != null) {
            attributes.put("tenantId", attribute(notice.tenantId()));
        }
        sns.publish(
                r ->
                        r.topicArn(topic)
                                .subject(plain(notice.subject()))
                                .message(notice.text())
                                .messageAttributes(attributes));
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    /** SNS takes subjects in ASCII only, on one line. */
    private static String plain(String subject) {
        String ascii =
                Normalizer.normalize(subject, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.substring(0, Math.min(ascii.length(), LONGEST));
    }
}
