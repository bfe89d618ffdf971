package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.ExecutionStore.Row;
import io.amcinsights.local.amc.ExecutionStore.Status;
import io.amcinsights.local.amc.Statuses.Forced;
import io.amcinsights.local.amc.engine.Cancellation;
import io.amcinsights.local.amc.engine.Query;
import io.amcinsights.local.amc.engine.QueryEngine;
import io.amcinsights.local.amc.engine.QueryException;
import io.amcinsights.local.amc.engine.Result;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.Timer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Moves executions through their life: they wait as PENDING, run ten at a time an instance, and
 * end. What was not ended when the simulator stopped goes on when it starts again.
 */
final class Runner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    /** Source: Amazon Ads, AMC Reporting API limits. */
    private static final int MOST_RUNNING = 10;

    private static final Duration WAITS = Duration.ofMillis(700);
    private static final Duration RUNS = Duration.ofMillis(1200);

    /** Queries that compute at the same time, over all instances. */
    private static final int WORKERS = 3;

    /** An execution under way. */
    private record Running(Cancellation cancellation, Timer.Alarm timeout) {}

    private final ExecutionStore store;
    private final QueryEngine engine;
    private final Instances instances;
    private final ResultStore results;
    private final ResultFiles files;
    private final Timer timer;
    private final Statuses statuses;
    private final Differencing differencing;
    private final Supplier<Behaviour> behaviour;

    // Queries run in native code, which must not hold a carrier of virtual threads.
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    WORKERS, Thread.ofPlatform().daemon().name("amc-query-", 0).factory());

    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Runnable> held = new ConcurrentHashMap<>();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final ReentrantLock starting = new ReentrantLock();
    private final ReentrantLock counting = new ReentrantLock();
    private final Condition idle = counting.newCondition();
    private int working;
    private volatile boolean closed;

    Runner(
            ExecutionStore store,
            QueryEngine engine,
            Instances instances,
            ResultStore results,
            ResultFiles files,
            Timer timer,
            Statuses statuses,
            Differencing differencing,
            Supplier<Behaviour> behaviour) {
        this.store = store;
        this.engine = engine;
        this.instances = instances;
        this.results = results;
        this.files = files;
        this.timer = timer;
        this.statuses = statuses;
        this.differencing = differencing;
        this.behaviour = behaviour;
    }

    /** Takes up what was left. */
    void resume() {
        store.recover();
        instances.all().forEach(this::advance);
    }

    /** Makes an instance's events in the background; its executions wait for them. */
    void prepare(Instance instance) {
        prepare(instance, () -> {});
    }

    /**
     * @param then is done when they are made, or somebody else has asked for them
     */
    void prepare(Instance instance, Runnable then) {
        if (!asked.add(instance.id())) {
            then.run();
            return;
        }
        submit(
                () -> {
                    try {
                        engine.prepare(instance);
                        ready.add(instance.id());
                        advance(instance);
                    } catch (QueryException e) {
                        asked.remove(instance.id());
                        if (!closed) {
                            LOG.error("The events of {} could not be made", instance.id(), e);
                        }
                    }
                    then.run();
                });
    }

    /** Whether an instance's events are made. */
    boolean isReady(Instance instance) {
        return ready.contains(instance.id());
    }

    /** Starts what may start; called whenever that may have changed. */
    void advance(Instance instance) {
        if (closed) {
            return;
        }
        expire(instance);
        if (!ready.contains(instance.id())) {
            if (!store.pending(instance.id(), 1).isEmpty()) {
                prepare(instance);
            }
            return;
        }
        starting.lock();
        try {
            int free = MOST_RUNNING - store.running(instance.id());
            if (free <= 0) {
                return;
            }
            for (Row row : store.pending(instance.id(), free + statuses.assigned())) {
                if (free == 0) {
                    return;
                }
                if (Status.PENDING.name().equals(statuses.held(row.id()))) {
                    continue;
                }
                Instant now = timer.instant();
                Instant created = Instant.ofEpochMilli(row.created());
                Instant due = created.plus(scaled(WAITS));
                // Made before the clock was put back, it does not wait for that time to return.
                if (due.isAfter(now) && !created.isAfter(now)) {
                    timer.at(due, () -> advance(instance));
                    return;
                }
                if (start(instance, row)) {
                    free--;
                }
            }
        } finally {
            starting.unlock();
        }
    }

    /** What waits for a day is given up. */
    void expire(Instance instance) {
        long before = timer.instant().minus(Executions.LIVES).toEpochMilli();
        for (Row row : store.expired(instance.id(), before)) {
            store.move(
                    row.id(),
                    Status.PENDING,
                    Status.FAILED,
                    body -> failed(body, "The execution did not start before its expireTime."));
        }
    }

    private boolean start(Instance instance, Row row) {
        JsonNode workflow = row.job().path("workflow");
        Forced forced = statuses.of(row.id());
        if (forced != null && forced.ends() && !forced.status().equals(Status.FAILED.name())) {
            end(row, Status.PENDING, forced);
            return false;
        }
        try {
            engine.compile(
                    instance,
                    workflow.path("sqlQuery").asText(),
                    Workflows.declared(workflow),
                    row.job().path("controls").asBoolean());
            query(row);
        } catch (QueryException e) {
            reject(row, String.valueOf(e.getMessage()));
            return false;
        }
        Integer most = behaviour.get().differencingAfter();
        boolean dryRun = row.job().path("dryRun").asBoolean();
        if (most != null && !dryRun && differencing.refuses(row, store.list(instance.id()), most)) {
            reject(row, Differencing.text(row));
            return false;
        }
        Status next = dryRun ? Status.SUCCEEDED : Status.RUNNING;
        boolean moved =
                store.move(
                        row.id(),
                        Status.PENDING,
                        next,
                        body -> {
                            body.put("validatedTime", Times.MILLIS.format(timer.instant()));
                            touch(body);
                        });
        if (!moved || dryRun) {
            return false;
        }
        int timeout = row.body().path("workflowExecutionTimeoutSeconds").asInt();
        running.put(
                row.id(),
                new Running(
                        new Cancellation(),
                        timer.at(
                                timer.instant().plusSeconds(timeout),
                                () -> stop(instance, row, timeout))));
        if (forced != null && forced.ends()) {
            timer.at(
                    timer.instant().plus(scaled(RUNS)),
                    () -> end(instance, row, Status.FAILED, body -> failed(body, forced.why())));
        } else {
            submit(() -> run(instance, row));
        }
        return true;
    }

    private void reject(Row row, String reason) {
        store.move(row.id(), Status.PENDING, Status.REJECTED, body -> failed(body, reason));
    }

    private void stop(Instance instance, Row row, int seconds) {
        Running one = running.get(row.id());
        if (one != null) {
            one.cancellation().cancel();
        }
        end(
                instance,
                row,
                Status.FAILED,
                body ->
                        failed(
                                body,
                                "The execution exceeded its workflowExecutionTimeoutSeconds of "
                                        + seconds
                                        + "."));
    }

    private Query query(Row row) throws QueryException {
        JsonNode job = row.job();
        Map<String, JsonNode> values = new LinkedHashMap<>();
        job.path("values").properties().forEach(e -> values.put(e.getKey(), e.getValue()));
        JsonNode workflow = job.path("workflow");
        Query.requireValues(workflow.path("sqlQuery").asText(), values.keySet());
        return Query.of(
                workflow,
                values,
                Instant.ofEpochMilli(job.path("start").asLong()),
                // What has not happened yet is not known, also where the clock was put back.
                earlier(Instant.ofEpochMilli(job.path("end").asLong()), timer.instant()),
                job.path("controls").asBoolean());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void run(Instance instance, Row row) {
        Running one = running.get(row.id());
        if (one == null) {
            return;
        }
        Instant began = timer.instant();
        try {
            Path draft = files.draft(row.id());
            Result result = engine.run(instance, query(row), draft, one.cancellation());
            files.keep(row.id(), result.rows(), behaviour.get().partRows());
            timer.at(began.plus(scaled(RUNS)), () -> succeed(instance, row, result, began));
        } catch (QueryException e) {
            end(instance, row, Status.FAILED, body -> failed(body, e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.error("Execution {} broke", row.id(), e);
            end(instance, row, Status.FAILED, body -> failed(body, e.getMessage()));
        }
    }

    private void succeed(Instance instance, Row row, Result result, Instant began) {
        if (closed || !running.containsKey(row.id())) {
            return;
        }
        if (statuses.held(row.id()) != null) {
            held.put(row.id(), () -> succeed(instance, row, result, began));
            if (statuses.held(row.id()) != null || held.remove(row.id()) == null) {
                return;
            }
        }
        try {
            JsonNode columns = columns(result);
            files.describe(row.id(), description(row, columns));
            String location = publish(instance, row);
            end(
                    instance,
                    row,
                    Status.SUCCEEDED,
                    body -> {
                        body.put("availableTimeBeforeWindowSecs", 0);
                        body.put(
                                "executionTime",
                                Math.max(1, Duration.between(began, timer.instant()).toSeconds()));
                        body.put("invalidationOffsetSecs", 266_400);
                        body.set("outputColumns", columns);
                        body.put("outputS3URI", location);
                        touch(body);
                    });
        } catch (IOException | UncheckedIOException e) {
            LOG.error("The result of {} could not be published", row.id(), e);
            end(instance, row, Status.FAILED, body -> failed(body, e.getMessage()));
        }
    }

    /** Puts the result into the instance's bucket, and what describes it beside. */
    private String publish(Instance instance, Row row) throws IOException {
        JsonNode job = row.job();
        String bucket = instances.bucket(instance);
        if (bucket == null || !job.path("publish").asBoolean()) {
            return "N/A";
        }
        String folder =
                "workflow=%s/schedule=%s/".formatted(row.workflow(), job.path("folder").asText());
        String name = job.path("file").asText();
        results.put(
                bucket,
                folder + "metadata/" + name.replaceFirst("\\.csv$", ".json"),
                files.metadata(row.id()));
        return results.put(bucket, folder + name, files.whole(row.id())).toString();
    }

    /** What AMC puts beside a result; its form is not documented, but it has the SQL. */
    private static JsonNode description(Row row, JsonNode columns) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("workflowId", row.workflow()).put("workflowExecutionId", row.id());
        json.set("sqlQuery", row.job().path("workflow").path("sqlQuery"));
        for (String field :
                List.of("parameterValues", "createTime", "timeWindowStart", "timeWindowEnd")) {
            json.set(field, row.body().path(field));
        }
        json.set("outputColumns", columns);
        return json;
    }

    /**
     * Ends an execution from outside.
     *
     * @return whether it was under way
     */
    boolean end(Instance instance, String id, Status status, @Nullable String reason) {
        for (Status from : new Status[] {Status.PENDING, Status.RUNNING}) {
            boolean moved =
                    store.move(
                            id,
                            from,
                            status,
                            body -> {
                                if (reason != null) {
                                    body.put("statusReason", reason);
                                }
                                touch(body);
                            });
            if (moved) {
                Running one = forget(id);
                if (one != null) {
                    one.cancellation().cancel();
                }
                advance(instance);
                return true;
            }
        }
        return false;
    }

    private void end(Row row, Status from, Forced forced) {
        store.move(
                row.id(),
                from,
                Status.valueOf(forced.status()),
                body -> failed(body, forced.why()));
        statuses.forget(row.id());
    }

    private void end(Instance instance, Row row, Status status, Consumer<ObjectNode> change) {
        if (closed) {
            return;
        }
        forget(row.id());
        store.move(row.id(), Status.RUNNING, status, change);
        advance(instance);
    }

    private @Nullable Running forget(String id) {
        held.remove(id);
        statuses.forget(id);
        Running one = running.remove(id);
        if (one != null) {
            one.timeout().cancel();
        }
        return one;
    }

    /** Lets an execution go on that is held in a status. */
    void release(Instance instance, String id) {
        statuses.forget(id);
        Runnable rest = held.remove(id);
        if (rest != null) {
            timer.at(timer.instant(), rest);
        } else {
            advance(instance);
        }
    }

    /** Lets all go on. */
    void releaseAll() {
        statuses.clear();
        for (String id : Set.copyOf(held.keySet())) {
            Runnable rest = held.remove(id);
            if (rest != null) {
                timer.at(timer.instant(), rest);
            }
        }
        instances.all().forEach(this::advance);
    }

    /** Waits until no query computes and no events are being made. */
    void awaitIdle() {
        counting.lock();
        try {
            while (working > 0 && !closed) {
                idle.awaitUninterruptibly();
            }
        } finally {
            counting.unlock();
        }
    }

    /** Leaves what is not ended to the next start. */
    @Override
    public void close() {
        closed = true;
        count(0);
        workers.shutdownNow();
        running.values().forEach(one -> one.cancellation().cancel());
        running.values().forEach(one -> one.timeout().cancel());
        try {
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("A query of the AMC simulator did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode columns(Result result) {
        var columns = AmcCall.JSON.createArrayNode();
        for (Result.Column column : result.columns()) {
            ObjectNode one = columns.addObject();
            one.put("columnType", column.metric() ? "METRIC" : "DIMENSION");
            one.put("dataType", column.dataType()).put("name", column.name());
            if (column.precision() > 0) {
                one.put("dataTypePrecision", column.precision());
                one.put("dataTypeScale", column.scale());
            }
        }
        return columns;
    }

    private void failed(ObjectNode body, @Nullable String reason) {
        body.put("statusReason", String.valueOf(reason));
        touch(body);
    }

    private void touch(ObjectNode body) {
        body.put("lastUpdatedTime", Times.SECONDS.format(timer.instant()));
    }

    private Duration scaled(Duration usual) {
        return behaviour.get().scaled(usual);
    }

    private void submit(Runnable work) {
        count(1);
        try {
            workers.execute(
                    () -> {
                        try {
                            work.run();
                        } finally {
                            count(-1);
                        }
                    });
        } catch (RejectedExecutionException e) {
            count(-1);
            LOG.debug("Left for the next start", e);
        }
    }

    private void count(int change) {
        counting.lock();
        try {
            working += change;
            if (working == 0 || closed) {
                idle.signalAll();
            }
        } finally {
            counting.unlock();
        }
    }
}
