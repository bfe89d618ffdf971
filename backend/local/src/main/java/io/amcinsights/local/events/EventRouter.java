package io.amcinsights.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * EventBridge: takes the events that S3 kept and gives each to the targets of the rules that it
 * matches. An event is forgotten when all of them have taken it.
 */
public final class EventRouter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRouter.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    /** EventBridge User Guide, "Retrying event delivery": after that a target is given up. */
    private static final Duration PATIENCE = Duration.ofHours(24);

    private static final int BATCH = 100;

    /**
     * Where a rule's events go.
     *
     * @param deadLetters takes an event that the taker refused for a day; null: it is dropped
     */
    public record Target(Taker taker, @Nullable Consumer<String> deadLetters) {}

    /** Takes an event. The same event may come again; it is the same then. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @param eventId of the event
         * @param event as JSON
         * @throws Exception if it cannot take it now
         */
        void take(String eventId, String event) throws Exception;
    }

    /** A rule; its name tells it apart in the log. */
    public record Rule(String name, EventPattern pattern, List<Target> targets) {}

    private record Kept(long id, String body) {}

    private final Database database;
    private final Timer timer;
    private final List<Rule> rules = new ArrayList<>();
    private boolean started;
    private boolean wanted;
    private boolean routing;
    private Duration retry = FIRST_RETRY;

    /**
     * @param database has the table {@code s3_events}
     */
    public EventRouter(Database database, Timer timer) {
        this.database = database;
        this.timer = timer;
    }

    /** Adds a rule; before {@link #start}. */
    public void define(Rule rule) {
        rules.add(rule);
    }

    /** Begins to route, also what came before. */
    public synchronized void start() {
        started = true;
        wake();
    }

    /** Tells that there is an event; returns at once. */
    public synchronized void wake() {
        if (!started) {
            return;
        }
        wanted = true;
        if (!routing) {
            routing = true;
            Thread.ofVirtual().name("event-router").start(this::route);
        }
    }

    @Override
    public synchronized void close() {
        started = false;
    }

    private synchronized boolean goesOn() {
        routing = wanted && started;
        wanted = false;
        return routing;
    }

    private void route() {
        while (goesOn()) {
            boolean refused = false;
            long last = 0;
            for (List<Kept> batch = after(last); !batch.isEmpty(); batch = after(last)) {
                for (Kept event : batch) {
                    refused |= !route(event);
                    last = event.id();
                }
            }
            if (refused) {
                timer.at(timer.instant().plus(retry), this::wake);
                retry = retry.multipliedBy(2);
                retry = retry.compareTo(LAST_RETRY) < 0 ? retry : LAST_RETRY;
            } else {
                retry = FIRST_RETRY;
            }
        }
    }

    private List<Kept> after(long last) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "SELECT id, body FROM s3_events WHERE id > ? ORDER BY id LIMIT ?",
                                row -> new Kept(row.getLong(1), row.getString(2)),
                                last,
                                BATCH));
    }

    private boolean route(Kept kept) {
        JsonNode event;
        try {
            event = JSON.readTree(kept.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event is no JSON: " + kept.body(), e);
        }
        for (Rule rule : rules) {
            if (!rule.pattern().matches(event)) {
                continue;
            }
            for (Target target : rule.targets()) {
                if (!give(rule, target, event, kept.body())) {
                    return false;
                }
            }
        }
        database.write(c -> Sql.update(c, "DELETE FROM s3_events WHERE id = ?", kept.id()));
        return true;
    }

    /** False where the target has to be asked again. */
    private boolean give(Rule rule, Target target, JsonNode event, String body) {
        try {
            target.taker().take(event.path("id").asText(), body);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            Instant sent = Instant.parse(event.path("time").asText());
            if (timer.instant().isBefore(sent.plus(PATIENCE))) {
                LOG.warn("A target of {} is asked again: {}", rule.name(), e.toString());
                return false;
            }
            LOG.error("A target of {} never took {} and is given up", rule.name(), body, e);
            if (target.deadLetters() != null) {
                target.deadLetters().accept(body);
            }
            return true;
        }
    }
}
