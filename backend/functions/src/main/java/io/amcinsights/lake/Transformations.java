package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.TransformationInUse;
import io.amcinsights.contract.LakeRequest.Trial;
import io.amcinsights.contract.Transformation;
import io.amcinsights.contract.Transformation.Version;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.ports.Documents.ConflictException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What customers make of the rows of their datasets: written, tried, kept as versions, and put in
 * force. The function {@code transform} is asked what SQL means, for it has the engine.
 */
public final class Transformations {

    /** Larger ones take longer than somebody waits. */
    private static final long LARGEST_SAMPLE = 20L << 20;

    private static final int MOST_SAMPLES = 20;
    private static final int LOOKED_THROUGH = 200;

    private final TransformationStore store;
    private final DatasetStore states;
    private final Datasets datasets;
    private final Deliveries deliveries;
    private final RawDatasets raw;
    private final Planning planning;
    private final LambdaClient functions;
    private final String transform;
    private final Clock clock;

    /**
     * @param transform ARN of the function's alias {@code write}
     */
    public Transformations(
            TransformationStore store,
            DatasetStore states,
            Datasets datasets,
            Deliveries deliveries,
            RawDatasets raw,
            Planning planning,
            LambdaClient functions,
            String transform,
            Clock clock) {
        this.store = store;
        this.states = states;
        this.datasets = datasets;
        this.deliveries = deliveries;
        this.raw = raw;
        this.planning = planning;
        this.functions = functions;
        this.transform = transform;
        this.clock = clock;
    }

    TransformationInUse inUse(String name) {
        DatasetState dataset = datasets.loaded(name);
        List<Column> input = states.input(name, List.of(), List.of(), List.of());
        return new TransformationInUse(
                store.of(name),
                Datasets.described(input.isEmpty() ? dataset.columns() : input),
                samples(dataset));
    }

    private List<Delivery> samples(DatasetState dataset) {
        return deliveries.newest(null, LOOKED_THROUGH, null).deliveries().stream()
                .filter(d -> d.bytes() <= LARGEST_SAMPLE && isOf(d, dataset))
                .limit(MOST_SAMPLES)
                .toList();
    }

    private boolean isOf(Delivery delivery, DatasetState dataset) {
        return switch (delivery.status()) {
            case LOADED -> dataset.name().equals(delivery.dataset());
            case FAILED ->
                    raw.file(delivery.bucket(), delivery.key())
                            .map(file -> file.dataset().equals(dataset.name()))
                            .orElseGet(
                                    () ->
                                            delivery.workflowId() != null
                                                    && dataset.isFedBy(delivery.workflowId()));
            case LOADING, EMPTY, IGNORED -> false;
        };
    }

    Trial run(String name, String sql, @Nullable String deliveryId) {
        DatasetState dataset = datasets.loaded(name);
        List<Delivery> samples = samples(dataset);
        Delivery sample =
                samples.stream()
                        .filter(d -> deliveryId == null || d.deliveryId().equals(deliveryId))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        Failure.invalid(
                                                        "deliveryId",
                                                        "There is no delivery of “%s” to try it on."
                                                                .formatted(name))
                                                .next(
                                                        "Load one of at most %d MB first."
                                                                .formatted(LARGEST_SAMPLE >> 20))
                                                .exception());
        List<String> reads =
                ask(Map.of("step", "check-sql", "sql", sql), Transform.Reads.class).datasets();
        TransformPlan plan = planning.trial(planning.read(sample), dataset, sql, reads);
        Transform.Tried tried = ask(Map.of("step", "try", "plan", plan), Transform.Tried.class);
        return new Trial(
                sample.deliveryId(),
                reads,
                plan.rows(),
                tried.rows(),
                Datasets.described(tried.columns()),
                tried.first());
    }

    private <T> T ask(Map<String, Object> step, Class<T> type) {
        InvokeResponse response =
                functions.invoke(
                        r ->
                                r.functionName(transform)
                                        .payload(SdkBytes.fromUtf8String(Json.write(step))));
        String answer = response.payload().asUtf8String();
        if (response.functionError() != null) {
            JsonNode error =
                    Json.mapper()
                            .createObjectNode()
                            .put("Error", response.functionError())
                            .put("Cause", answer);
            throw Invocation.failureOf(error).exception();
        }
        return Json.read(answer, type);
    }

    Transformation put(String name, String sql, long seen) {
        Transformation before = store.of(name);
        List<String> reads = run(name, sql, null).reads();
        Version newest = before.newest().orElse(null);
        if (newest != null && newest.sql().equals(sql)) {
            return before;
        }
        List<Version> versions = new ArrayList<>(before.versions());
        versions.add(
                new Version(newest == null ? 1 : newest.number() + 1, sql, reads, clock.instant()));
        while (versions.size() > Transformation.MOST_VERSIONS) {
            versions.remove(versions.getFirst().number() == before.active() ? 1 : 0);
        }
        return keep(new Transformation(name, versions, before.active(), seen));
    }

    Transformation switchTo(String name, int number, long seen) {
        Transformation before = store.of(datasets.loaded(name).name());
        if (number != 0 && before.find(number).isEmpty()) {
            throw Failure.of(
                            ErrorCode.NOT_FOUND,
                            "The transformation of “%s” has no version %d.".formatted(name, number))
                    .exception();
        }
        return keep(new Transformation(name, before.versions(), number, seen));
    }

    private Transformation keep(Transformation changed) {
        try {
            return store.put(changed, changed.version());
        } catch (ConflictException e) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Somebody else has changed the transformation of “%s” meanwhile."
                                    .formatted(changed.dataset()))
                    .next("Look at theirs, then change it again.")
                    .exception();
        }
    }
}
