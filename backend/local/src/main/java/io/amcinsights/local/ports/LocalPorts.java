package io.amcinsights.local.ports;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.store.Database;
import io.amcinsights.ports.BucketOwners;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.MessageQueue;
import io.amcinsights.ports.Notices;
import io.amcinsights.ports.Ports;
import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.Timers;

import java.util.Map;
import java.util.Optional;

/** The ports of the workspace; each function gets those that its environment names. */
public final class LocalPorts {

    private final Queues queues;
    private final StoredTimers timers;
    private final Secrets secrets;
    private final Documents documents;

    public LocalPorts(
            Database database, Timer timer, Queues queues, StoredTimers timers, Secrets secrets) {
        this.queues = queues;
        this.timers = timers;
        this.secrets = secrets;
        this.documents = new StoredDocuments(database, timer);
    }

    /** The ports of a function with this environment. */
    public Ports of(Map<String, String> environment) {
        return new Ports() {
            @Override
            public Documents documents() {
                return documents;
            }

            @Override
            public MessageQueue queue() {
                return queues.of(setting(environment, "RUN_QUEUE"));
            }

            @Override
            public Secrets secrets() {
                return secrets;
            }

            @Override
            public Timers timers() {
                return timers.of(setting(environment, "SCHEDULE_TARGET"));
            }

            @Override
            public Notices notices() {
                return notice -> {}; // the board keeps them, and nobody listens elsewhere
            }

            // There is one account and one region here: no role of others lets us in.
            @Override
            public BucketOwners bucketOwners() {
                return new BucketOwners() {
                    @Override
                    public Optional<Pass> enter(String role, String externalId) {
                        return Optional.empty();
                    }

                    @Override
                    public void hear(String awsAccountId) {
                        // nobody there can be heard
                    }

                    @Override
                    public void ignore(String awsAccountId) {
                        // likewise
                    }
                };
            }
        };
    }

    private static String setting(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalStateException("The function's environment lacks " + name);
        }
        return value;
    }
}
