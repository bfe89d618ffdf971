package io.amcinsights.aws;

import io.amcinsights.ports.Notices;

import software.amazon.awssdk.services.sns.SnsClient;

import java.text.Normalizer;

/** Notices through a topic of SNS. */
final class SnsNotices implements Notices {

    private static final int LONGEST = 99;

    private final SnsClient sns;
    private final String topic;

    SnsNotices(SnsClient sns, String topic) {
        this.sns = sns;
        this.topic = topic;
    }

    @Override
    public void send(String subject, String text) {
        sns.publish(r -> r.topicArn(topic).subject(plain(subject)).message(text));
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
