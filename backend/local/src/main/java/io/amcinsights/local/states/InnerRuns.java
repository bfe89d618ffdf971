package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The flows inside of a Parallel or a Map state, side by side. Those of a Map state in distributed
 * mode are child executions on AWS, with histories of their own; here they run in their parent and
 * leave no history.
 */
final class InnerRuns {

    private static final Logger LOG = LoggerFactory.getLogger(InnerRuns.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** How many iterations of an inline Map state run at a time unless it says (same page). */
    private static final int MAP_CONCURRENCY = 40;

    /** Makes an inner flow that follows on an event. */
    @FunctionalInterface
    private interface Inner {
        FlowRun at(int index, long previous);
    }

    /** An inner flow has failed. */
    record Failure(int index, StateError error) {}

    private final FlowRun flow;

    /** As far as they have begun. */
    private FlowRun[] flows = new FlowRun[0];

    InnerRuns(FlowRun flow) {
        this.flow = flow;
    }

    /** The state is left. */
    void forget() {
        flows = new FlowRun[0];
    }

    JsonNode runBranches(State.Parallel parallel) throws StateError, InterruptedException {
        if (flow.at.result != null) {
            return flow.at.result;
        }
        if (flow.at.work == null) {
            flow.at.work =
                    parallel.arguments() == null
                            ? flow.input()
                            : flow.evaluate(
                                    parallel,
                                    "Arguments",
                                    parallel.arguments(),
                                    flow.states(null, null));
            flow.record(Event.plain("ParallelStateStarted"));
        }
        JsonNode arguments = flow.at.work;
        Map<String, JsonNode> visible = flow.variables();
        Failure failure =
                sideBySide(
                        parallel,
                        parallel.branches().size(),
                        parallel.branches().size(),
                        (i, previous) ->
                                new FlowRun(
                                        flow.host,
                                        flow.key + "/" + i,
                                        parallel.branches().get(i),
                                        visible,
                                        arguments,
                                        previous,
                                        flow.mapItem,
                                        flow.silent),
                        _ -> false);
        if (failure != null) {
            throw ended(parallel, failure);
        }
        return succeeded(parallel);
    }

    JsonNode runIterations(State.Each each) throws StateError, InterruptedException {
        if (flow.at.result != null) {
            return flow.at.result;
        }
        State.Distribution distribution = each.distribution();
        State.Reader reader = distribution == null ? null : distribution.reader();
        JsonNode arguments =
                reader == null
                        ? JSON.nullNode()
                        : flow.evaluate(
                                each,
                                "ItemReader/Arguments",
                                reader.arguments(),
                                flow.states(null, null));
        JsonNode work = flow.at.work;
        if (work == null) {
            work = reader == null ? items(each) : read(each, reader, arguments);
            begin(each, work);
        }
        String source = MapItems.source(reader, arguments);
        List<MapItems.Iteration> iterations = iterations(each, work, source);
        int concurrency = concurrency(each);
        Map<String, JsonNode> visible = distribution == null ? flow.variables() : Map.of();
        Inner inner =
                (i, previous) ->
                        new FlowRun(
                                flow.host,
                                flow.key + "/" + i,
                                each.processor(),
                                visible,
                                iterations.get(i).input(),
                                previous,
                                iterations.get(i).context(),
                                flow.silent || distribution != null);
        if (distribution != null) {
            return runChildren(each, distribution, iterations, concurrency, inner);
        }
        Failure failure = sideBySide(each, iterations.size(), concurrency, inner, _ -> false);
        if (failure != null) {
            throw ended(each, failure);
        }
        return succeeded(each);
    }

    private JsonNode items(State.Each each) throws StateError, InterruptedException {
        JsonNode items =
                each.items() == null
                        ? flow.input()
                        : flow.evaluate(each, "Items", each.items(), flow.states(null, null));
        if (!items.isContainerNode()) {
            throw flow.evaluationFailed(
                    each, "Items", "The items of a Map state must be an array or an object");
        }
        return items;
    }

    private JsonNode read(State.Each each, State.Reader reader, JsonNode arguments)
            throws StateError, InterruptedException {
        JsonNode config =
                flow.evaluate(
                        each, "ItemReader/ReaderConfig", reader.config(), flow.states(null, null));
        flow.record();
        try {
            JsonNode reply = flow.resource(reader.resource()).run(arguments, _ -> {});
            return MapItems.read(reply, config);
        } catch (StateError e) {
            throw new StateError(StateError.ITEM_READER_FAILED, flow.whileIn(each) + e.cause());
        }
    }

    private void begin(State.Each each, JsonNode items) throws StateError, InterruptedException {
        flow.at.work = items;
        State.Distribution distribution = each.distribution();
        // AWS knows the number only of what is in the state's input.
        int length = distribution != null && distribution.reader() != null ? 0 : items.size();
        Event started = Event.of("MapStateStarted", Event.object().put("length", length));
        if (distribution == null) {
            flow.record(started);
            return;
        }
        String label = distribution.label();
        String run =
                "%s/%s:%s"
                        .formatted(
                                flow.host.machine.arn().replace(":stateMachine:", ":mapRun:"),
                                label == null ? UUID.randomUUID() : label,
                                UUID.randomUUID());
        flow.record(started, Event.of("MapRunStarted", Event.object().put("mapRunArn", run)));
    }

    private List<MapItems.Iteration> iterations(State.Each each, JsonNode items, String source)
            throws StateError, InterruptedException {
        List<MapItems.Iteration> singles = new ArrayList<>();
        for (MapItems.Iteration item : MapItems.iterations(items, source)) {
            if (each.itemSelector() == null) {
                singles.add(item);
                continue;
            }
            ObjectNode states = flow.states(null, null);
            ((ObjectNode) states.get("context")).putObject("Map").set("Item", item.context());
            JsonNode input = flow.evaluate(each, "ItemSelector", each.itemSelector(), states);
            singles.add(new MapItems.Iteration(input, item.context(), 1));
        }
        State.Distribution distribution = each.distribution();
        if (distribution == null || distribution.batcher() == null) {
            return singles;
        }
        JsonNode batcher =
                flow.evaluate(each, "ItemBatcher", distribution.batcher(), flow.states(null, null));
        return MapItems.batches(singles, batcher);
    }

    private int concurrency(State.Each each) throws StateError, InterruptedException {
        long most =
                each.maxConcurrency() == null
                        ? 0
                        : flow.whole(each, "MaxConcurrency", each.maxConcurrency(), 0);
        return most == 0 ? MAP_CONCURRENCY : (int) Math.min(most, MAP_CONCURRENCY);
    }

    /** The children of a distributed Map state, of which some may fail. */
    private JsonNode runChildren(
            State.Each each,
            State.Distribution distribution,
            List<MapItems.Iteration> iterations,
            int concurrency,
            Inner inner)
            throws StateError, InterruptedException {
        int items = iterations.stream().mapToInt(MapItems.Iteration::items).sum();
        double borne =
                distribution.toleratedCount() == null && distribution.toleratedPercentage() == null
                        ? 0
                        : Double.MAX_VALUE;
        if (distribution.toleratedCount() != null) {
            borne = flow.whole(each, "ToleratedFailureCount", distribution.toleratedCount(), 0);
        }
        if (distribution.toleratedPercentage() != null) {
            String field = "ToleratedFailurePercentage";
            JsonNode share =
                    flow.evaluate(
                            each,
                            field,
                            distribution.toleratedPercentage(),
                            flow.states(null, null));
            if (!share.isNumber() || share.asDouble() < 0 || share.asDouble() > 100) {
                throw flow.evaluationFailed(
                        each, field, field + " must be a number from 0 to 100, not " + share);
            }
            borne = Math.min(borne, share.asDouble() / 100 * items);
        }
        double most = borne;
        AtomicInteger failed = new AtomicInteger();
        Failure failure =
                sideBySide(
                        each,
                        iterations.size(),
                        concurrency,
                        inner,
                        f -> failed.addAndGet(iterations.get(f.index()).items()) <= most);
        if (failure != null) {
            LOG.info(
                    "Child {} of {} in {} failed: {} {}",
                    failure.index(),
                    each.name(),
                    flow.host.execution.arn(),
                    failure.error().error(),
                    failure.error().cause());
            StateError error =
                    new StateError(
                            StateError.TOLERANCE_EXCEEDED,
                            "The specified tolerated failure threshold was exceeded");
            flow.record(Event.failed("MapRunFailed", error.error(), error.cause()));
            throw error;
        }
        flow.record(Event.plain("MapRunSucceeded").beside());
        long run = flow.at.previous;
        flow.at.previous = flow.at.last;
        JsonNode all = succeeded(each);
        flow.at.previous = run;
        return all;
    }

    /**
     * Runs inner flows, at most so many at a time and begun in their order. The first failure that
     * is not borne ends the others.
     *
     * @return that failure; null: all have ended
     */
    private @Nullable Failure sideBySide(
            State state, int count, int concurrency, Inner make, Predicate<Failure> borne)
            throws StateError, InterruptedException {
        State.Each iterated =
                state instanceof State.Each each && each.distribution() == null ? each : null;
        long started = flow.at.previous;
        FlowRun[] begun = new FlowRun[count];
        flows = begun;
        int workers = Math.min(concurrency, count);
        for (int i = 0; i < workers; i++) {
            begun[i] = make.at(i, started);
            begun[i].begin(iterated, i);
        }
        AtomicInteger next = new AtomicInteger(workers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ExecutorCompletionService<Optional<Failure>> ended =
                    new ExecutorCompletionService<>(threads);
            for (int i = 0; i < workers; i++) {
                int first = i;
                ended.submit(
                        () -> {
                            long previous = started;
                            for (int n = first; n < count; n = next.getAndIncrement()) {
                                if (n >= workers) {
                                    begun[n] = make.at(n, previous);
                                    begun[n].begin(iterated, n);
                                }
                                Failure failure = begun[n].runIn(state, n);
                                if (failure != null && !borne.test(failure)) {
                                    return Optional.of(failure);
                                }
                                previous = begun[n].at.previous;
                            }
                            return Optional.empty();
                        });
            }
            try {
                for (int i = 0; i < workers; i++) {
                    Optional<Failure> failure = ended.take().get();
                    if (failure.isPresent()) {
                        return failure.get();
                    }
                }
            } finally {
                threads.shutdownNow();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case InterruptedException stopped -> throw stopped;
                case RuntimeException bug -> throw bug;
                case StateError full -> throw full;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
        return null;
    }

    private JsonNode succeeded(State state) throws StateError, InterruptedException {
        ArrayNode all = JSON.arrayNode();
        for (FlowRun ended : flows) {
            all.add(ended.at.failure == null ? ended.at.output : ended.at.failure);
            if (ended.silent == flow.silent) {
                flow.at.previous = Math.max(flow.at.previous, ended.at.last);
            }
        }
        flow.at.result = all;
        flow.record(Event.plain(state.type() + "StateSucceeded").beside());
        return all;
    }

    /** Writes that a flow has failed and what became of the others. */
    private StateError ended(State state, Failure failure) throws StateError, InterruptedException {
        FlowRun failed = flows[failure.index()];
        flow.at.previous = failed.at.previous;
        if (failure.error().isTerminal()) {
            return failure.error();
        }
        List<Event> events = new ArrayList<>();
        if (state instanceof State.Each) {
            events.add(Event.iteration("MapIterationFailed", state, failure.index()));
        }
        if (failed.taskFailed) {
            events.add(Event.plain("TaskStateAborted"));
        }
        abort(state, failed, events);
        flow.record(events.stream().map(Event::beside).toArray(Event[]::new));
        return failure.error();
    }

    private void abort(State state, @Nullable FlowRun but, List<Event> events) {
        for (int i = 0; i < flows.length; i++) {
            FlowRun other = flows[i];
            if (other == null || other == but || other.at.output != null) {
                continue;
            }
            if (state instanceof State.Each) {
                events.add(Event.iteration("MapIterationAborted", state, i));
            }
            State within = other.flow.state(other.at.state);
            if (other.at.entered != null
                    && (within instanceof State.Task
                            || within instanceof State.Wait
                            || within instanceof State.Parallel
                            || within instanceof State.Each)) {
                events.add(Event.plain(within.type() + "StateAborted"));
                other.inner.abort(within, null, events);
            }
        }
    }
}
