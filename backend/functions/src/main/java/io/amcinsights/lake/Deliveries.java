package io.amcinsights.lake;

import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.Tenant;
import io.amcinsights.store.Timeline;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Deliveries, as people ask for them. */
public final class Deliveries {

    private final DeliveryStore store;
    private final TenantStore tenants;
    private final SfnClient machines;
    private final String lakeDelivery;
    private final Clock clock;

    /**
     * @param lakeDelivery ARN of the state machine {@code lake-delivery}
     */
    public Deliveries(
            DeliveryStore store,
            TenantStore tenants,
            SfnClient machines,
            String lakeDelivery,
            Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.machines = machines;
        this.lakeDelivery = lakeDelivery;
        this.clock = clock;
    }

    LakeRequest.Deliveries newest(@Nullable String tenantId, int limit, @Nullable String token) {
        List<String> tenantIds =
                tenantId == null
                        ? Stream.concat(
                                        tenants.all().stream().map(Tenant::tenantId),
                                        Stream.of(DeliveryStore.NOBODY))
                                .toList()
                        : List.of(tenantId);
        Timeline.Page<Delivery> page = store.newest(tenantIds, limit, token);
        return new LakeRequest.Deliveries(page.records(), page.nextToken());
    }

    Delivery get(String deliveryId) {
        return store.get(deliveryId);
    }

    Delivery redrive(String deliveryId) {
        Delivery before = store.get(deliveryId);
        if (!mayLoadAgain(before)) {
            throw Failure.of(ErrorCode.CONFLICT, "Only a delivery that failed is loaded again.")
                    .exception();
        }
        Delivery loading =
                store.change(
                        deliveryId, d -> mayLoadAgain(d) ? DeliveryChanges.loading(d, null) : d);
        try {
            String execution =
                    machines.startExecution(
                                    r ->
                                            r.stateMachineArn(lakeDelivery)
                                                    .name(
                                                            "%s-v%d"
                                                                    .formatted(
                                                                            deliveryId,
                                                                            loading.version()))
                                                    .input(
                                                            "{\"redrive\":\"%s\"}"
                                                                    .formatted(deliveryId)))
                            .executionArn();
            return store.change(
                    deliveryId,
                    d -> d.status().ended() ? d : DeliveryChanges.loading(d, execution));
        } catch (SdkException e) {
            Failure problem = before.problem();
            store.change(
                    deliveryId,
                    d ->
                            DeliveryChanges.failed(
                                    d, problem == null ? notStarted() : problem, clock.instant()));
            throw new FailureException(notStarted(), e);
        }
    }

    LakeRequest.Redriven redrive(List<String> deliveryIds) {
        List<Delivery> loading = new ArrayList<>();
        Map<String, Failure> refused = new LinkedHashMap<>();
        for (String deliveryId : deliveryIds) {
            try {
                loading.add(redrive(deliveryId));
            } catch (FailureException e) {
                refused.put(deliveryId, e.failure());
            }
        }
        return new LakeRequest.Redriven(loading, refused);
    }

    private boolean mayLoadAgain(Delivery delivery) {
        return switch (delivery.status()) {
            case FAILED -> true;
            case LOADING -> delivery.seenAt().plus(LakeSteps.LONGEST).isBefore(clock.instant());
            case LOADED, EMPTY, IGNORED -> false;
        };
    }

    private static Failure notStarted() {
        return Failure.of(ErrorCode.INTERNAL, "The loading could not be started.")
                .next("Try again in a few minutes.");
    }
}
