package io.amcinsights.ports;

import io.amcinsights.contract.Notice;

import software.amazon.awssdk.services.s3.S3Client;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Ports in memory, open to see what went through them. */
public final class MemoryPorts implements Ports {

    /** A message that waits. */
    public record Message(String group, String deduplicationId, String body) {}

    /** A timer that is set. */
    public record Timer(String expression, String zone, boolean enabled, String payload) {}

    public final List<Message> messages = new ArrayList<>();
    public final Map<String, Duration> postponed = new HashMap<>();
    public final Map<String, String> secretValues = new HashMap<>();
    public final Map<String, Timer> timersByName = new HashMap<>();
    public final List<Notice> sent = new ArrayList<>();

    /** S3 of others by role, external id and region. */
    public final Map<String, S3Client> doors = new HashMap<>();

    /** Accounts whose events are taken. */
    public final Set<String> heard = new HashSet<>();

    private final Documents documents;

    public MemoryPorts(Clock clock) {
        this.documents = new MemoryDocuments(clock);
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public MessageQueue queue() {
        return new MessageQueue() {
            @Override
            public void send(String group, String deduplicationId, String body) {
                if (messages.stream().noneMatch(m -> m.deduplicationId().equals(deduplicationId))) {
                    messages.add(new Message(group, deduplicationId, body));
                }
            }

            @Override
            public void postpone(String receipt, Duration delay) {
                postponed.put(receipt, delay);
            }
        };
    }

    @Override
    public Secrets secrets() {
        return new Secrets() {
            @Override
            public Optional<String> get(String name) {
                return Optional.ofNullable(secretValues.get(name));
            }

            @Override
            public void put(String name, String value) {
                secretValues.put(name, value);
            }

            @Override
            public void remove(String name) {
                secretValues.remove(name);
            }
        };
    }

    @Override
    public Timers timers() {
        return new Timers() {
            @Override
            public void set(
                    String name, String expression, String zone, boolean enabled, String payload) {
                timersByName.put(name, new Timer(expression, zone, enabled, payload));
            }

            @Override
            public void remove(String name) {
                timersByName.remove(name);
            }
        };
    }

    /** S3 of others, for whoever was let in. */
    public S3Client guest(BucketOwners.Pass pass, String region) {
        return Objects.requireNonNull(doors.get(pass.keyId() + " " + region));
    }

    @Override
    public BucketOwners bucketOwners() {
        return new BucketOwners() {
            @Override
            public Optional<Pass> enter(String role, String externalId) {
                String key = role + " " + externalId;
                return doors.keySet().stream().anyMatch(door -> door.startsWith(key + " "))
                        ? Optional.of(new Pass(key, "", ""))
                        : Optional.empty();
            }

            @Override
            public void hear(String awsAccountId) {
                heard.add(awsAccountId);
            }

            @Override
            public void ignore(String awsAccountId) {
                heard.remove(awsAccountId);
            }
        };
    }

    @Override
    public Notices notices() {
        return sent::add;
    }
}
