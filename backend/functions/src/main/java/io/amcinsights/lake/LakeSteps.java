package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Tenant;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Outcome;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipException;

/** The steps of the state machine {@code lake-delivery}. Each may be run again. */
public final class LakeSteps {

    /**
     * @param deliveryId empty for an object that is no tenant's
     * @param proceed there is something to load
     */
    private record Claimed(String deliveryId, boolean proceed, String reason) {}

    /** Who carries a plan out. */
    private enum Engine {
        /** The function {@code transform}. */
        DUCKDB,
        /** The Glue job, for large files. */
        SPARK
    }

    /**
     * @param engine null where there are no rows
     * @param transform what the function {@code transform} is called with; null where there are no
     *     rows
     */
    private record Staged(
            boolean empty, @Nullable Engine engine, @Nullable TransformCall transform) {}

    /**
     * @param plan key of the plan in the lake's bucket
     */
    record TransformCall(String step, String plan) {}

    /**
     * @param replan the dataset's types have widened meanwhile: the file must be written anew
     */
    private record Published(boolean replan, String dataset, long rows) {}

    /** No execution of a state machine of the lake lives so long. */
    static final Duration LONGEST = Duration.ofHours(13);

    private static final int PREVIEW_BYTES = 1 << 16;
    private static final int PREVIEW_LINES = 50;

    private final TenantStore tenants;
    private final DeliveryStore deliveries;
    private final DatasetStore datasets;
    private final RawDatasets raw;
    private final Planning planning;
    private final Publication publication;
    private final LakeFiles files;
    private final Readers readers;
    private final Rules rules;
    private final ReportMappings report;
    private final NoticeBoard notices;
    private final Clock clock;
    private final long sparkFrom;

    /**
     * @param sparkFrom size in bytes from which on a file is large; 0 where none is
     */
    public LakeSteps(
            TenantStore tenants,
            DeliveryStore deliveries,
            DatasetStore datasets,
            RawDatasets raw,
            Planning planning,
            Publication publication,
            LakeFiles files,
            Readers readers,
            Rules rules,
            ReportMappings report,
            NoticeBoard notices,
            Clock clock,
            long sparkFrom) {
        this.tenants = tenants;
        this.deliveries = deliveries;
        this.datasets = datasets;
        this.raw = raw;
        this.planning = planning;
        this.publication = publication;
        this.files = files;
        this.readers = readers;
        this.rules = rules;
        this.report = report;
        this.notices = notices;
        this.clock = clock;
        this.sparkFrom = sparkFrom;
    }

    Object step(String step, JsonNode input) {
        return switch (step) {
            case "claim" -> claim(input.path("event"), input.path("execution").asText());
            case "pre-stage" -> preStage(deliveries.get(input.path("deliveryId").asText()));
            case "publish" ->
                    publish(deliveries.get(input.path("deliveryId").asText()), outcome(input));
            case "record-failure" -> {
                String deliveryId = input.path("deliveryId").asText();
                if (deliveryId.isEmpty()) {
                    // What could not be claimed is claimed to be seen, and loaded again by hand.
                    Claimed late = claim(input.path("event"), input.path("execution").asText());
                    if (!late.proceed()) {
                        yield late;
                    }
                    deliveryId = late.deliveryId();
                }
                yield recordFailure(
                        deliveries.get(deliveryId), JobFailure.orThatOf(input.path("error")));
            }
            default ->
                    throw Failure.invalid("step", "There is no step “%s”.".formatted(step))
                            .exception();
        };
    }

    private Claimed claim(JsonNode event, String execution) {
        if (event.has("redrive")) {
            Delivery again =
                    deliveries.change(
                            event.path("redrive").asText(),
                            d -> DeliveryChanges.loading(d, execution));
            return new Claimed(again.deliveryId(), true, "");
        }
        JsonNode detail = event.path("detail");
        String bucket = detail.path("bucket").path("name").asText();
        JsonNode object = detail.path("object");
        String key = object.path("key").asText();
        Delivery delivery;
        if (raw.isDropped(bucket, key)) {
            RawFile file = raw.file(bucket, key).orElse(null);
            String tenantId =
                    file == null
                            ? null
                            : tenants.find(file.tenantId()).map(Tenant::tenantId).orElse(null);
            delivery = claim(tenantId, null, raw.ignored(file), bucket, object, execution);
        } else {
            Tenant tenant = tenants.ofBucket(bucket).orElse(null);
            ResultFile file = ResultFile.of(key).orElse(null);
            if (tenant == null || file == null) {
                return new Claimed("", false, "The bucket or the folder is no tenant's.");
            }
            String ignored = file.ignored().orElse(null);
            delivery =
                    claim(tenant.tenantId(), file.workflowId(), ignored, bucket, object, execution);
        }
        boolean ours =
                delivery.status() == Delivery.Status.LOADING
                        && execution.equals(delivery.execution());
        String reason = delivery.reason() == null ? "Known already." : delivery.reason();
        return new Claimed(delivery.deliveryId(), ours, ours ? "" : reason);
    }

    private Delivery claim(
            @Nullable String tenantId,
            @Nullable String workflowId,
            @Nullable String ignored,
            String bucket,
            JsonNode object,
            String execution) {
        String key = object.path("key").asText();
        String etag = object.path("etag").asText();
        String version = object.path("version-id").asText(etag);
        var now = clock.instant();
        String owner = tenantId == null ? DeliveryStore.NOBODY : tenantId;
        String deliveryId = deliveries.claim(owner, bucket, key, version, now);
        return deliveries.keep(
                new Delivery(
                        deliveryId,
                        bucket,
                        key,
                        etag,
                        object.path("size").asLong(),
                        tenantId,
                        workflowId,
                        null,
                        ignored == null ? Delivery.Status.LOADING : Delivery.Status.IGNORED,
                        null,
                        0,
                        null,
                        ignored,
                        execution,
                        null,
                        now,
                        ignored == null ? null : now,
                        0));
    }

    private Staged preStage(Delivery delivery) {
        Planning.Read read = planning.read(delivery);
        String runId = read.provenance().runId();
        if (read.inspection().rows() == 0) {
            read.file()
                    .flatMap(f -> datasets.fedBy(f.workflowId()))
                    .ifPresent(d -> publication.answered(d.name(), read.provenance(), false));
            deliveries.change(
                    delivery.deliveryId(),
                    d ->
                            DeliveryChanges.empty(
                                    DeliveryChanges.answering(d, runId),
                                    read.dropped().isPresent()
                                            ? "The file has no rows."
                                            : "AMC found nothing, or too few people in every row to"
                                                    + " show it.",
                                    clock.instant()));
            return new Staged(true, null, null);
        }
        deliveries.change(delivery.deliveryId(), d -> DeliveryChanges.answering(d, runId));
        TransformPlan plan = planning.plan(read);
        files.put(LakeFiles.planKey(delivery.deliveryId()), Json.write(plan));
        return new Staged(
                false,
                isForSpark(delivery, plan) ? Engine.SPARK : Engine.DUCKDB,
                new TransformCall("transform", LakeFiles.planKey(delivery.deliveryId())));
    }

    /** Spark reads no Parquet of others. */
    private boolean isForSpark(Delivery delivery, TransformPlan plan) {
        return sparkFrom > 0
                && delivery.bytes() >= sparkFrom
                && plan.format() != SourceFormat.PARQUET;
    }

    /** Of our copy, or of the file itself where there is none. */
    LakeRequest.Preview preview(String deliveryId) {
        Delivery delivery = deliveries.get(deliveryId);
        byte[] bytes;
        try {
            bytes =
                    files.beginning(LakeFiles.copyKey(deliveryId), PREVIEW_BYTES)
                            .or(
                                    () ->
                                            files.beginning(
                                                    delivery.bucket(),
                                                    delivery.key(),
                                                    PREVIEW_BYTES))
                            .orElseThrow(Planning::gone);
        } catch (S3Exception e) {
            throw Planning.refusal(e, delivery);
        }
        if (RawDatasets.format(raw.file(delivery.bucket(), delivery.key()))
                == SourceFormat.PARQUET) {
            return new LakeRequest.Preview(List.of("Parquet, which has no lines to show."), true);
        }
        byte[] text = unzipped(bytes);
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        boolean cut = delivery.bytes() > bytes.length;
        // the last line of what was cut off may be half a line
        List<String> whole = cut && lines.size() > 1 ? lines.subList(0, lines.size() - 1) : lines;
        return new LakeRequest.Preview(
                List.copyOf(whole.subList(0, Math.min(PREVIEW_LINES, whole.size()))),
                cut || whole.size() > PREVIEW_LINES);
    }

    /** As much as the beginning of a compressed file holds. */
    private static byte[] unzipped(byte[] beginning) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream in = SourceFormat.unzipped(new ByteArrayInputStream(beginning))) {
            int one;
            while (text.size() < PREVIEW_BYTES && (one = in.read()) >= 0) {
                text.write(one);
            }
        } catch (EOFException | ZipException e) {
            return text.toByteArray(); // it was cut off
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    /** What the function has returned, or the Glue job has left. */
    private Outcome outcome(JsonNode input) {
        JsonNode result = input.path("result");
        return Json.read(
                result.has("jobRunId")
                        ? files.read(LakeFiles.outcomeKey(input.path("deliveryId").asText()))
                        : result.toString(),
                Outcome.class);
    }

    private Published publish(Delivery delivery, Outcome outcome) {
        TransformPlan planned =
                Json.read(
                        files.read(LakeFiles.planKey(delivery.deliveryId())), TransformPlan.class);
        TransformPlan plan =
                outcome.made() == null
                        ? planned
                        : planned.of(outcome.made(), outcome.counts().rows());
        if (outcome.made() != null) {
            DatasetState dataset = datasets.addMade(plan.dataset(), outcome.made());
            if (plan.filtered() != null && plan.filtered().separate() != null) {
                datasets.reserveFiltered(dataset);
            }
        }
        report.columnsChange(plan.dataset());
        if (delivery.status() != Delivery.Status.LOADED && !publication.publish(plan, outcome)) {
            return new Published(true, plan.dataset(), outcome.rows());
        }
        Quality quality = Measured.quality(plan, outcome.counts());
        Delivery loaded =
                deliveries.change(
                        delivery.deliveryId(),
                        d ->
                                DeliveryChanges.loaded(
                                        d,
                                        plan.dataset(),
                                        outcome.rows(),
                                        quality,
                                        clock.instant()));
        publication.answered(plan.dataset(), plan.provenance(), outcome.rows() > 0);
        publication.lead(plan.dataset());
        readers.published(plan.dataset());
        if (plan.filtered() != null && plan.filtered().separate() != null) {
            publication.lead(plan.filtered().separate().dataset());
            readers.published(plan.filtered().separate().dataset());
        }
        rules.tell(loaded);
        files.deleteRows(delivery.deliveryId());
        return new Published(false, plan.dataset(), outcome.rows());
    }

    private Delivery recordFailure(Delivery delivery, Failure problem) {
        if (delivery.status() == Delivery.Status.LOADED) {
            return delivery; // only what comes behind has failed, and it is done again every hour
        }
        files.find(LakeFiles.planKey(delivery.deliveryId()))
                .map(text -> Json.read(text, TransformPlan.class))
                .ifPresent(publication::withdraw);
        Delivery failed =
                deliveries.change(
                        delivery.deliveryId(),
                        d -> DeliveryChanges.failed(d, problem, clock.instant()));
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.DELIVERY,
                        delivery.deliveryId(),
                        String.valueOf(delivery.execution()),
                        delivery.tenantId(),
                        delivery.workflowId()),
                "A delivery of %s could not be loaded"
                        .formatted(
                                delivery.workflowId() != null
                                        ? delivery.workflowId()
                                        : raw.file(delivery.bucket(), delivery.key())
                                                .map(RawFile::dataset)
                                                .orElse(delivery.key())),
                problem);
        return failed;
    }
}
