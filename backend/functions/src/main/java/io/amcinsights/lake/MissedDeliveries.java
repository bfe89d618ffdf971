package io.amcinsights.lake;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.Invocation;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.contract.Tenant;
import io.amcinsights.tenants.TenantStore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds files that AMC has delivered, or somebody has dropped, and S3 has not told of, or whose
 * telling was lost on its way, and loads them.
 */
public final class MissedDeliveries {

    private static final Logger log = LoggerFactory.getLogger(MissedDeliveries.class);

    /** What is younger may be told of yet. */
    private static final Duration YOUNG = Duration.ofMinutes(30);

    private static final Duration BACK = Duration.ofDays(3);
    private static final Duration RESERVE = Duration.ofSeconds(15);

    /** What S3 calls the only version where a bucket keeps none. */
    private static final String UNVERSIONED = "null";

    private final TenantStore tenants;
    private final DeliveryStore deliveries;
    private final RawDatasets raw;
    private final S3Client s3;
    private final SfnClient machines;
    private final String lakeDelivery;
    private final Clock clock;

    /**
     * @param lakeDelivery ARN of the state machine {@code lake-delivery}
     */
    public MissedDeliveries(
            TenantStore tenants,
            DeliveryStore deliveries,
            RawDatasets raw,
            S3Client s3,
            SfnClient machines,
            String lakeDelivery,
            Clock clock) {
        this.tenants = tenants;
        this.deliveries = deliveries;
        this.raw = raw;
        this.s3 = s3;
        this.machines = machines;
        this.lakeDelivery = lakeDelivery;
        this.clock = clock;
    }

    /**
     * Looks into the tenants' buckets, in another order each time, as far as the time of the call
     * goes.
     *
     * @return the files that are loaded now, {@code s3://} addresses
     */
    List<String> load() {
        List<Tenant> all = new ArrayList<>(tenants.all());
        Collections.shuffle(all);
        List<String> found = new ArrayList<>();
        for (Tenant tenant : all) {
            if (Invocation.timeLeft().compareTo(RESERVE) < 0) {
                log.info("No time is left for the other tenants");
                break;
            }
            if (tenants.ofBucket(tenant.bucketName()).isPresent()) {
                try {
                    found.addAll(load(tenant));
                } catch (SdkException e) {
                    log.warn("The bucket {} cannot be listed", tenant.bucketName(), e);
                }
            }
        }
        for (RawDataset dataset : raw.all()) {
            if (Invocation.timeLeft().compareTo(RESERVE) < 0) {
                log.info("No time is left for the other registered datasets");
                break;
            }
            found.addAll(load(dataset));
        }
        return found;
    }

    private List<String> load(RawDataset dataset) {
        Instant now = clock.instant();
        URI address = URI.create(dataset.address());
        String bucket = address.getAuthority();
        String prefix = address.getPath().substring(1);
        return s3
                .listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(prefix))
                .versions()
                .stream()
                .filter(v -> raw.ignored(raw.file(bucket, v.key()).orElse(null)) == null)
                .filter(v -> isUntold(bucket, v, now))
                .map(v -> load(bucket, v))
                .toList();
    }

    private List<String> load(Tenant tenant) {
        Instant now = clock.instant();
        String bucket = tenant.bucketName();
        String oldest = now.minus(BACK).atZone(ZoneOffset.UTC).toLocalDate().toString();
        List<String> found = new ArrayList<>();
        for (String workflow : folders(bucket, "workflow=")) {
            for (String schedule : folders(bucket, workflow + "schedule=")) {
                // AMC's names begin with the day, so older ones need not be read
                s3
                        .listObjectVersionsPaginator(
                                r -> r.bucket(bucket).prefix(schedule).keyMarker(schedule + oldest))
                        .versions()
                        .stream()
                        .filter(v -> isMissed(bucket, v, now))
                        .map(v -> load(bucket, v))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private List<String> folders(String bucket, String prefix) {
        return s3
                .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .toList();
    }

    private boolean isMissed(String bucket, ObjectVersion object, Instant now) {
        return object.key().endsWith(".csv")
                && ResultFile.of(object.key()).isPresent()
                && isUntold(bucket, object, now);
    }

    private boolean isUntold(String bucket, ObjectVersion object, Instant now) {
        return object.isLatest()
                && object.lastModified().isAfter(now.minus(BACK))
                && object.lastModified().isBefore(now.minus(YOUNG))
                && !deliveries.knows(bucket, object.key(), version(object));
    }

    private static String version(ObjectVersion object) {
        return object.versionId() == null || object.versionId().equals(UNVERSIONED)
                ? etag(object)
                : object.versionId();
    }

    /** Events tell it without quotation marks. */
    private static String etag(ObjectVersion object) {
        return object.eTag().replace("\"", "");
    }

    /** As S3 would have told it. */
    private String load(String bucket, ObjectVersion object) {
        ObjectNode event = Json.mapper().createObjectNode();
        ObjectNode detail = event.putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        ObjectNode told =
                detail.putObject("object")
                        .put("key", object.key())
                        .put("size", object.size())
                        .put("etag", etag(object));
        if (!version(object).equals(etag(object))) {
            told.put("version-id", version(object));
        }
        machines.startExecution(r -> r.stateMachineArn(lakeDelivery).input(event.toString()));
        return "s3://%s/%s".formatted(bucket, object.key());
    }
}
