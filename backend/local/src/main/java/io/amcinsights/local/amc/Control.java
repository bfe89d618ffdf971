package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.Faults.Fault;
import io.amcinsights.local.amc.Statuses.Forced;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.MovableTimer;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The control path {@code /_sim}: how the simulator's owner moves its clock, makes it fail and sees
 * who called. It opens with a key, never to a web page. Nothing of its state outlives the program.
 */
final class Control {

    static final String ROOT = "_sim";
    static final String KEY = "X-Sim-Key";

    private final String key;
    private final Behaviour usual;
    private final AtomicReference<Behaviour> behaviour;
    private final MovableTimer clock;
    private final Faults faults;
    private final Throttle throttle;
    private final Statuses statuses;
    private final CallLog log;
    private final Instances instances;
    private final Executions executions;
    private final Schedules schedules;
    private final Runner runner;
    private final ReentrantLock moving = new ReentrantLock();

    /**
     * @param behaviour is changed by calls; what it holds now comes back with a reset
     */
    Control(
            String key,
            AtomicReference<Behaviour> behaviour,
            MovableTimer clock,
            Faults faults,
            Throttle throttle,
            Statuses statuses,
            CallLog log,
            Instances instances,
            Executions executions,
            Schedules schedules,
            Runner runner) {
        this.key = key;
        this.usual = behaviour.get();
        this.behaviour = behaviour;
        this.clock = clock;
        this.faults = faults;
        this.throttle = throttle;
        this.statuses = statuses;
        this.log = log;
        this.instances = instances;
        this.executions = executions;
        this.schedules = schedules;
        this.runner = runner;
    }

    Answer answer(AmcCall call) {
        try {
            if (call.header("Origin") != null) {
                throw AmcError.of(403, "The control path does not answer to web pages.");
            }
            if (!Credentials.same(key, call.header(KEY))) {
                throw AmcError.of(
                        401,
                        "The control path needs the header %s with the controlKey of amc.json."
                                .formatted(KEY));
            }
            return Answer.of(done(call, call.path().subList(1, call.path().size())));
        } catch (AmcError e) {
            return e.answer(false, call.requestId());
        }
    }

    private JsonNode done(AmcCall call, List<String> path) throws AmcError {
        String what = String.join("/", path);
        String id = path.isEmpty() ? "" : path.getLast();
        if (path.size() == 2 && !what.equals("clock/advance")) {
            what = path.getFirst() + "/*";
        }
        return switch (call.method() + " " + what) {
            case "GET clock" -> clock();
            case "PUT clock" -> setClock(call.json());
            case "POST clock/advance" -> advance(call.json());
            case "GET settings" -> behaviour.get().json();
            case "PATCH settings" -> change(call.json());
            case "GET faults" -> faults.json();
            case "POST faults" -> faults.add(Fault.of(call.json()));
            case "DELETE faults" -> {
                faults.clear();
                yield faults.json();
            }
            case "DELETE faults/*" -> {
                if (!faults.remove(id)) {
                    throw AmcError.of(404, "There is no fault " + id);
                }
                yield faults.json();
            }
            case "GET statuses" -> statuses();
            case "POST statuses" -> {
                statuses.add(next(call.json()));
                yield statuses();
            }
            case "PUT executions/*" -> force(id, call.json());
            case "POST console" -> console(call.json());
            case "GET world" -> world();
            case "PATCH instances/*" -> bucket(id, call.json());
            case "GET calls" -> calls(call);
            case "DELETE calls" -> {
                log.clear();
                yield calls(call);
            }
            case "POST reset" -> reset();
            default ->
                    throw AmcError.of(
                            404,
                            "The control path has no %s /%s/%s"
                                    .formatted(call.method(), ROOT, String.join("/", path)));
        };
    }

    private ObjectNode clock() {
        return AmcCall.JSON
                .createObjectNode()
                .put("instant", clock.instant().toString())
                .put("frozen", clock.isHeld());
    }

    private ObjectNode setClock(ObjectNode wanted) throws AmcError {
        Fields fields = Fields.of(wanted, "instant", "frozen");
        Instant instant;
        try {
            String text = fields.text("instant");
            instant = text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw AmcError.badRequest("instant must have the form 2026-11-23T09:30:00Z.");
        }
        Boolean frozen = fields.flag("frozen");
        alone(
                () -> {
                    if (frozen != null) {
                        clock.hold(frozen);
                    }
                });
        if (instant != null) {
            Instant to = instant;
            alone(() -> clock.set(to));
            schedules.resume();
            instances.all().forEach(runner::advance);
        }
        return clock();
    }

    private ObjectNode advance(ObjectNode wanted) throws AmcError {
        Fields fields = Fields.of(wanted, "duration");
        Duration duration;
        try {
            duration = Duration.parse(fields.text("duration", ""));
        } catch (DateTimeParseException e) {
            throw AmcError.badRequest("duration must have the form PT90M or P2D.");
        }
        if (duration.isNegative()) {
            throw AmcError.badRequest("duration goes forward only; set the clock to go back.");
        }
        alone(() -> clock.advance(duration, runner::awaitIdle));
        return clock();
    }

    private void alone(Runnable move) throws AmcError {
        if (!moving.tryLock()) {
            throw AmcError.of(409, "The clock is being advanced; wait until that call returns.");
        }
        try {
            move.run();
        } finally {
            moving.unlock();
        }
    }

    private ObjectNode change(ObjectNode wanted) throws AmcError {
        Behaviour changed = behaviour.get().changed(wanted);
        behaviour.set(changed);
        if (wanted.has("throttle")) {
            throttle.reset();
        }
        if (wanted.has("seed")) {
            faults.seed(changed.seed());
        }
        return changed.json();
    }

    private static Statuses.Next next(ObjectNode wanted) throws AmcError {
        Fields fields = Fields.of(wanted, "status", "reason", "workflowId", "times");
        return new Statuses.Next(
                forced(fields),
                fields.text("workflowId"),
                fields.integer("times", 1, Integer.MAX_VALUE, 1));
    }

    private static Forced forced(Fields fields) throws AmcError {
        String status = fields.text("status", "");
        if (!status.matches("[A-Z][A-Z0-9_]*")) {
            throw AmcError.badRequest("status must be a word in capitals, such as FAILED.");
        }
        return new Forced(status, fields.text("reason"));
    }

    private ObjectNode statuses() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        ArrayNode list = json.putArray("next");
        for (Statuses.Next next : statuses.queued()) {
            list.addObject()
                    .put("status", next.forced().status())
                    .put("reason", next.forced().reason())
                    .put("workflowId", next.workflowId())
                    .put("times", next.times());
        }
        return json;
    }

    private ObjectNode force(String executionId, ObjectNode wanted) throws AmcError {
        return executions.force(executionId, forced(Fields.of(wanted, "status", "reason")));
    }

    private ObjectNode console(ObjectNode wanted) throws AmcError {
        Fields fields = Fields.of(wanted, "instanceId", "sqlQuery");
        return executions.createInConsole(
                instance(fields.text("instanceId", "")), fields.text("sqlQuery", ""));
    }

    private Instance instance(String id) throws AmcError {
        Instance instance = instances.find(id);
        if (instance == null) {
            throw AmcError.of(404, "There is no instance " + id);
        }
        return instance;
    }

    private ObjectNode bucket(String id, ObjectNode wanted) throws AmcError {
        Instance instance = instance(id);
        Boolean hasBucket = Fields.of(wanted, "hasBucket").flag("hasBucket");
        if (hasBucket != null) {
            instances.setBucketless(instance, !hasBucket);
        }
        return instances.shown(instance);
    }

    private ObjectNode world() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        ArrayNode accounts = json.putArray("accounts");
        for (Account account : instances.accounts()) {
            ObjectNode one = accounts.addObject();
            one.put("entityId", account.entityId()).put("name", account.name());
            one.put("marketplaceId", account.marketplaceId());
            ArrayNode list = one.putArray("instances");
            for (Instance instance : instances.of(account)) {
                ObjectNode shown = list.addObject();
                shown.put("instanceId", instance.id()).put("name", instance.name());
                shown.put("type", instance.type().name()).put("users", instance.users());
                shown.put("bucket", instances.bucket(instance));
                shown.put("eventsReady", runner.isReady(instance));
                ArrayNode advertisers = shown.putArray("advertisers");
                instance.advertisers().forEach(a -> advertisers.add(a.name()));
            }
        }
        return json;
    }

    private ObjectNode calls(AmcCall call) throws AmcError {
        String wanted = call.query().get("operation");
        if (wanted != null) {
            Operation.named(wanted);
        }
        List<CallLog.Seen> seen =
                log.last().stream()
                        .filter(s -> wanted == null || s.title().equals(wanted))
                        .toList();
        ObjectNode json = AmcCall.JSON.createObjectNode();
        ArrayNode list = json.putArray("calls");
        int from = Math.max(0, seen.size() - limit(call));
        for (CallLog.Seen one : seen.subList(from, seen.size())) {
            list.addObject()
                    .put("operation", one.title())
                    .put("method", one.method())
                    .put("path", one.path())
                    .put("status", one.status())
                    .put("at", one.at().toString())
                    .put("millis", one.took().toMillis())
                    .put("requestId", one.requestId())
                    .put("fault", one.fault() == null ? null : one.fault().title());
        }
        ObjectNode counts = json.putObject("counts");
        for (Map.Entry<String, Map<Integer, Long>> operation : log.counts().entrySet()) {
            ObjectNode statuses = counts.putObject(operation.getKey());
            operation.getValue().forEach((status, count) -> statuses.put(status.toString(), count));
        }
        return json;
    }

    private static int limit(AmcCall call) throws AmcError {
        try {
            return Integer.parseInt(call.query().getOrDefault("limit", "100"));
        } catch (NumberFormatException e) {
            throw AmcError.badRequest("limit must be a number.");
        }
    }

    private ObjectNode reset() throws AmcError {
        faults.clear();
        faults.seed(usual.seed());
        behaviour.set(usual);
        throttle.reset();
        alone(clock::reset);
        schedules.resume();
        log.clear();
        instances.reset();
        runner.releaseAll();
        return AmcCall.JSON.createObjectNode();
    }
}
