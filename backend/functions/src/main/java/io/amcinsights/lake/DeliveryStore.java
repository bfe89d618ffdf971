package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.store.Sha256;
import io.amcinsights.store.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.function.UnaryOperator;

/** The deliveries, and which of them each object of S3 is. */
public final class DeliveryStore {

    /** Stands for the tenant of a file that was dropped for none. */
    static final String NOBODY = "nobody";

    private record Claim(String deliveryId, long version) {}

    private final Timeline<Delivery> deliveries;
    private final Records<Claim> claims;

    public DeliveryStore(Documents documents) {
        this.deliveries =
                new Timeline<>(documents, "delivery", Delivery.class, Delivery::deliveryId);
        this.claims = new Records<>(documents, Claim.class);
    }

    /**
     * The id of an object's delivery: the same object is one delivery, however often it is told.
     */
    String claim(String tenantId, String bucket, String key, String version, Instant now) {
        String partition = claims(bucket);
        String object = object(key, version);
        try {
            Claim claim = new Claim(Timeline.newId(now, tenantId), 0);
            return claims.put(partition, object, claim, 0).deliveryId();
        } catch (ConflictException e) {
            return claims.find(partition, object).orElseThrow().deliveryId();
        }
    }

    /** Whether an object is a delivery already. */
    boolean knows(String bucket, String key, String version) {
        return claims.find(claims(bucket), object(key, version))
                .flatMap(c -> deliveries.find(c.deliveryId()))
                .isPresent();
    }

    private static String claims(String bucket) {
        return "delivery-claim/" + bucket;
    }

    private static String object(String key, String version) {
        return Sha256.hex(key + "\n" + version);
    }

    Delivery get(String deliveryId) {
        return deliveries.find(deliveryId).orElseThrow(() -> absent(deliveryId).exception());
    }

    /** Keeps a delivery that is new; the answer is what is kept. */
    Delivery keep(Delivery delivery) {
        try {
            return deliveries.put(delivery, 0);
        } catch (ConflictException e) {
            return get(delivery.deliveryId());
        }
    }

    Delivery change(String deliveryId, UnaryOperator<Delivery> change) {
        return deliveries
                .change(deliveryId, change)
                .orElseThrow(() -> absent(deliveryId).exception());
    }

    Timeline.Page<Delivery> newest(
            Collection<String> tenantIds, int limit, @Nullable String token) {
        return deliveries.newest(tenantIds, limit, token);
    }

    private static Failure absent(String deliveryId) {
        return Failure.of(ErrorCode.NOT_FOUND, "There is no delivery “%s”.".formatted(deliveryId));
    }
}
