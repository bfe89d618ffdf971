package io.amcinsights.aws;

import io.amcinsights.ports.BucketOwners;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.Ports;
import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.Timers;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

import java.time.Clock;
import java.util.Map;

/** The ports on AWS, as the function's environment names them. */
public final class AwsPorts implements Ports {

    private final Map<String, String> environment;
    private final AwsClients clients;

    public AwsPorts(Map<String, String> environment, AwsClients clients) {
        this.environment = environment;
        this.clients = clients;
    }

    @Override
    public Documents documents() {
        return new DynamoDocuments(
                clients.make(DynamoDbClient.builder()),
                setting("DOCUMENTS_TABLE"),
                Clock.systemUTC());
    }

    @Override
    public MessageQueue queue() {
        return new SqsQueue(clients.make(SqsClient.builder()), setting("RUN_QUEUE"));
    }

    @Override
    public Secrets secrets() {
        return new ManagedSecrets(clients.make(SecretsManagerClient.builder()));
    }

    @Override
    public Timers timers() {
        return new SchedulerTimers(
                clients.make(SchedulerClient.builder()),
                setting("SCHEDULE_GROUP"),
                setting("SCHEDULE_ROLE"),
                setting("SCHEDULE_TARGET"),
                setting("SCHEDULE_DEAD_LETTERS"));
    }

    @Override
    public Notices notices() {
        return new SnsNotices(clients.make(SnsClient.builder()), setting("NOTICES_TOPIC"));
    }

    @Override
    public BucketOwners bucketOwners() {
        return new AwsBucketOwners(
                clients.make(StsClient.builder()), clients.make(EventBridgeClient.builder()));
    }

    private String setting(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalStateException("The function's environment lacks " + name);
        }
        return value;
    }
}
