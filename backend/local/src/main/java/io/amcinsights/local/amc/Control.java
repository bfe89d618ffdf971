package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.Faults.Fault;
import io.amcinsights.local.amc.Faults.Kind;
import io.amcinsights.local.amc.Statuses.Forced;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.MovableTimer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
            case "GET settings" -> shown(behaviour.get());
            case "PATCH settings" -> change(call.json());
            case "GET faults" -> faults();
            case "POST faults" -> shown(faults.add(fault(call.json())));
            case "DELETE faults" -> {
                faults.clear();
                yield faults();
            }
            case "DELETE faults/*" -> {
                if (!faults.remove(id)) {
                    throw AmcError.of(404, "There is no fault " + id);
                }
                yield faults();
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
        only(wanted, "instant", "frozen");
        Instant instant = null;
        try {
            if (wanted.hasNonNull("instant")) {
                instant = Instant.parse(wanted.path("instant").asText());
            }
        } catch (DateTimeParseException e) {
            throw AmcError.badRequest("instant must have the form 2026-11-23T09:30:00Z.");
        }
        Boolean frozen = flag(wanted, "frozen");
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
        only(wanted, "duration");
        Duration duration;
        try {
            duration = Duration.parse(wanted.path("duration").asText());
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

    private static ObjectNode shown(Behaviour behaviour) {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("speed", behaviour.speed());
        json.put("envelope", behaviour.wrapped() ? "wrapped" : "flat");
        json.put("asyncValidation", behaviour.asyncValidation());
        json.put("differencingAfter", behaviour.differencingAfter());
        json.put("partRows", behaviour.partRows()).put("gzip", behaviour.gzip());
        json.put("seed", behaviour.seed());
        Throttle.Rate rate = behaviour.throttle();
        if (rate == null) {
            json.putNull("throttle");
        } else {
            json.putObject("throttle")
                    .put("burst", rate.burst())
                    .put("perSecond", rate.perSecond());
        }
        return json;
    }

    private ObjectNode change(ObjectNode wanted) throws AmcError {
        only(
                wanted,
                "speed",
                "envelope",
                "asyncValidation",
                "differencingAfter",
                "partRows",
                "gzip",
                "seed",
                "throttle");
        Behaviour old = behaviour.get();
        Double speed = number(wanted, "speed", 0.001, 1_000_000);
        String envelope = wanted.path("envelope").asText(old.wrapped() ? "wrapped" : "flat");
        if (!envelope.equals("wrapped") && !envelope.equals("flat")) {
            throw AmcError.badRequest("envelope must be flat or wrapped.");
        }
        Boolean async = flag(wanted, "asyncValidation");
        Double differencing = number(wanted, "differencingAfter", 0, 1_000_000);
        Double partRows = number(wanted, "partRows", 1, Integer.MAX_VALUE);
        Boolean gzip = flag(wanted, "gzip");
        Double seed = number(wanted, "seed", 0, 1e15);
        Behaviour changed =
                new Behaviour(
                        speed == null ? old.speed() : speed,
                        envelope.equals("wrapped"),
                        async == null ? old.asyncValidation() : async,
                        wanted.has("differencingAfter")
                                ? integer(differencing)
                                : old.differencingAfter(),
                        partRows == null ? old.partRows() : partRows.intValue(),
                        gzip == null ? old.gzip() : gzip,
                        wanted.has("throttle") ? rate(wanted.get("throttle")) : old.throttle(),
                        seed == null ? old.seed() : seed.longValue());
        behaviour.set(changed);
        if (wanted.has("throttle")) {
            throttle.reset();
        }
        if (seed != null) {
            faults.seed(changed.seed());
        }
        return shown(changed);
    }

    private static Throttle.@Nullable Rate rate(JsonNode wanted) throws AmcError {
        if (wanted.isNull()) {
            return null;
        }
        Double burst = number(wanted, "burst", 1, 1_000_000);
        Double perSecond = number(wanted, "perSecond", 0.001, 1_000_000);
        if (burst == null || perSecond == null) {
            throw AmcError.badRequest("throttle needs burst and perSecond, or is null.");
        }
        return new Throttle.Rate(burst.intValue(), perSecond);
    }

    private Fault fault(ObjectNode wanted) throws AmcError {
        only(
                wanted,
                "operation",
                "kind",
                "status",
                "body",
                "retryAfter",
                "delayMillis",
                "probability",
                "times");
        Kind kind = null;
        for (Kind one : Kind.values()) {
            if (title(one).equals(wanted.path("kind").asText())) {
                kind = one;
            }
        }
        if (kind == null) {
            throw AmcError.badRequest("kind must be status, delay, lostReply or duplicate.");
        }
        Double status = number(wanted, "status", 400, 599);
        if ((kind == Kind.STATUS) != (status != null)) {
            throw AmcError.badRequest("A status belongs to the kind status, and to no other.");
        }
        Double delay = number(wanted, "delayMillis", 1, 3_600_000);
        if ((kind == Kind.DELAY) != (delay != null)) {
            throw AmcError.badRequest("delayMillis belongs to the kind delay, and to no other.");
        }
        return new Fault(
                operations(wanted.path("operation")),
                kind,
                status == null ? 0 : status.intValue(),
                wanted.get("body"),
                integer(number(wanted, "retryAfter", 0, 86_400)),
                Duration.ofMillis(delay == null ? 0 : delay.longValue()),
                number(wanted, "probability", 0, 1),
                integer(number(wanted, "times", 1, Integer.MAX_VALUE)));
    }

    private static Set<Operation> operations(JsonNode names) throws AmcError {
        Set<Operation> found = EnumSet.noneOf(Operation.class);
        if (names.isTextual()) {
            found.add(operation(names.asText()));
        }
        for (JsonNode name : names) {
            found.add(operation(name.asText()));
        }
        return found;
    }

    private static Operation operation(String name) throws AmcError {
        for (Operation operation : Operation.values()) {
            if (operation.title().equals(name)) {
                return operation;
            }
        }
        throw AmcError.badRequest(
                "There is no operation %s, but %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        EnumSet.allOf(Operation.class).stream()
                                                .map(Operation::title)
                                                .toList())));
    }

    private ObjectNode faults() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        ArrayNode list = json.putArray("faults");
        faults.all().forEach(entry -> list.add(shown(entry)));
        return json;
    }

    private ObjectNode shown(Faults.Entry entry) {
        Fault fault = entry.fault();
        ObjectNode json = AmcCall.JSON.createObjectNode().put("id", entry.id());
        ArrayNode names = json.putArray("operation");
        fault.operations().forEach(o -> names.add(o.title()));
        json.put("kind", title(fault.kind()));
        if (fault.kind() == Kind.STATUS) {
            json.put("status", fault.status()).put("retryAfter", fault.retryAfter());
        }
        if (fault.kind() == Kind.DELAY) {
            json.put("delayMillis", fault.delay().toMillis());
        }
        json.put("probability", fault.probability()).put("times", fault.times());
        return json.put("happened", faults.happened(entry));
    }

    private static String title(Kind kind) {
        return switch (kind) {
            case STATUS -> "status";
            case DELAY -> "delay";
            case LOST_REPLY -> "lostReply";
            case DUPLICATE -> "duplicate";
        };
    }

    private static Statuses.Next next(ObjectNode wanted) throws AmcError {
        only(wanted, "status", "reason", "workflowId", "times");
        Double times = number(wanted, "times", 1, Integer.MAX_VALUE);
        return new Statuses.Next(
                forced(wanted),
                wanted.hasNonNull("workflowId") ? wanted.path("workflowId").asText() : null,
                times == null ? 1 : times.intValue());
    }

    private static Forced forced(JsonNode wanted) throws AmcError {
        String status = wanted.path("status").asText("");
        if (!status.matches("[A-Z][A-Z0-9_]*")) {
            throw AmcError.badRequest("status must be a word in capitals, such as FAILED.");
        }
        return new Forced(
                status, wanted.hasNonNull("reason") ? wanted.path("reason").asText() : null);
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
        only(wanted, "status", "reason");
        return executions.force(executionId, forced(wanted));
    }

    private ObjectNode console(ObjectNode wanted) throws AmcError {
        only(wanted, "instanceId", "sqlQuery");
        return executions.createInConsole(
                instance(wanted.path("instanceId").asText()), wanted.path("sqlQuery").asText());
    }

    private Instance instance(String id) throws AmcError {
        Instance instance = instances.find(id);
        if (instance == null) {
            throw AmcError.of(404, "There is no instance " + id);
        }
        return instance;
    }

    private ObjectNode bucket(String id, ObjectNode wanted) throws AmcError {
        only(wanted, "hasBucket");
        Instance instance = instance(id);
        Boolean hasBucket = flag(wanted, "hasBucket");
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
            operation(wanted);
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
                    .put("fault", one.fault() == null ? null : title(one.fault()));
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

    /** A misspelt field would otherwise be a fault that never happens. */
    private static void only(ObjectNode wanted, String... fields) throws AmcError {
        Set<String> known = Set.of(fields);
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            if (!known.contains(field.getKey())) {
                throw AmcError.badRequest(
                        "There is no field %s here, but %s"
                                .formatted(field.getKey(), String.join(", ", fields)));
            }
        }
    }

    private static @Nullable Boolean flag(JsonNode wanted, String field) throws AmcError {
        JsonNode value = wanted.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw AmcError.badRequest(field + " must be true or false.");
        }
        return value.asBoolean();
    }

    private static @Nullable Double number(JsonNode wanted, String field, double least, double most)
            throws AmcError {
        JsonNode value = wanted.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || value.asDouble() < least || value.asDouble() > most) {
            throw AmcError.badRequest(
                    String.format(
                            Locale.ROOT,
                            "%s must be a number from %s to %s.",
                            field,
                            plain(least),
                            plain(most)));
        }
        return value.asDouble();
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    private static @Nullable Integer integer(@Nullable Double number) {
        return number == null ? null : number.intValue();
    }
}
