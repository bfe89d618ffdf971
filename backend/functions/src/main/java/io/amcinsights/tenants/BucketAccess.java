package io.amcinsights.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcInstanceDraft;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.BucketPlan.Change;
import io.amcinsights.contract.BucketPlan.Subject;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.ports.BucketOwners;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Sees to it that AMC may deliver to a tenant's bucket and that EventBridge hears of it. What is
 * set on the bucket is read first and kept; where it cannot be read, nothing is written.
 *
 * <p>A bucket in another account or region is entered by a role there. Its owner makes the role,
 * and the rule that passes events on, with the template of {@link BucketPlan.Door}.
 */
public final class BucketAccess {

    /**
     * Whom AMC writes with. Source: AMC documentation, "Get started", the policy of the bucket that
     * its own quick-create link makes.
     */
    private static final String AMC = "arn:aws:iam::811639200769:root";

    /**
     * Where we are, and who.
     *
     * @param name of the stack
     * @param partition of AWS, {@code aws} as a rule
     * @param tenantsRole ARN of the role of these functions
     * @param lakeRole ARN of the role that reads deliveries
     */
    public record Home(
            String name,
            String partition,
            String account,
            String region,
            String tenantsRole,
            String lakeRole) {}

    /** S3 as somebody who was let in. */
    public interface Guests {
        S3Client s3(BucketOwners.Pass pass, String region);
    }

    private final S3Client s3;
    private final Guests guests;
    private final BucketOwners owners;
    private final AmcClient amc;
    private final Home home;

    public BucketAccess(S3Client s3, Guests guests, BucketOwners owners, AmcClient amc, Home home) {
        this.s3 = s3;
        this.guests = guests;
        this.owners = owners;
        this.amc = amc;
        this.home = home;
    }

    /** What is to be changed. Changes nothing. */
    BucketPlan plan(TenantDraft tenant, AmcInstance instance) {
        return enter(tenant)
                .map(bucket -> plan(bucket, instance))
                .orElseGet(() -> plan(List.of(), List.of(), door(tenant)));
    }

    private BucketPlan plan(TenantBucket bucket, AmcInstance instance) {
        TenantDraft tenant = bucket.tenant();
        List<Change> changes = new ArrayList<>();
        List<String> remarks = List.of();
        if (bucket.exists()) {
            extended(tenant, bucket.policy()).ifPresent(changes::add);
            if (!bucket.tellsEventBridge()) {
                changes.add(new Change(Subject.EVENTS, "", "EventBridge"));
            }
            remarks = remarks(bucket);
        } else if (isElsewhere(tenant)) {
            throw refused(
                    "There is no bucket “%s” yet.".formatted(tenant.bucketName()),
                    "Deploy the template there with CreateBucket=yes, or check the name.");
        } else {
            changes.add(new Change(Subject.BUCKET, "", tenant.bucketName()));
            changes.add(
                    new Change(
                            Subject.POLICY, "", BucketPolicy.ofNew(arn(tenant), grants(tenant))));
            changes.add(new Change(Subject.EVENTS, "", "EventBridge"));
        }
        if (instance.bucketName().isEmpty()) {
            changes.add(new Change(Subject.DELIVERY, "", tenant.bucketName()));
        }
        return plan(changes, remarks, null);
    }

    private static BucketPlan plan(
            List<Change> changes, List<String> remarks, BucketPlan.@Nullable Door door) {
        String id =
                UUID.nameUUIDFromBytes(changes.toString().getBytes(StandardCharsets.UTF_8))
                        .toString();
        return new BucketPlan(id, changes, remarks, door);
    }

    /** Makes the changes of a plan, unless it would be another one by now. */
    BucketPlan prepare(TenantDraft tenant, AmcInstance instance, String planId) {
        TenantBucket bucket = letIn(tenant);
        BucketPlan plan = plan(bucket, instance);
        if (!plan.planId().equals(planId)) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "The bucket “%s” has changed since you looked at it."
                                    .formatted(tenant.bucketName()))
                    .next("Look at what would be changed now.")
                    .exception();
        }
        apply(bucket, instance, plan);
        return plan(bucket, amc.instances().get(AmcAddress.of(tenant)));
    }

    /** Makes what is missing, but no bucket: that takes somebody who has seen the plan. */
    void ensure(TenantDraft tenant, AmcInstance instance) {
        TenantBucket bucket = letIn(tenant);
        BucketPlan plan = plan(bucket, instance);
        refuseUnlessThere(tenant, plan);
        apply(bucket, instance, plan);
    }

    /** A failure where the bucket is not ready, or cannot be a tenant's. Changes nothing. */
    void look(TenantDraft tenant, AmcInstance instance) {
        refuseUnlessThere(tenant, plan(letIn(tenant), instance));
    }

    private static void refuseUnlessThere(TenantDraft tenant, BucketPlan plan) {
        if (plan.changes().stream().anyMatch(c -> c.subject() == Subject.BUCKET)) {
            throw refused(
                    "There is no bucket “%s”.".formatted(tenant.bucketName()),
                    "Check the name, or let “Prepare bucket…” under Tenants make it.");
        }
    }

    private TenantBucket letIn(TenantDraft tenant) {
        return enter(tenant)
                .orElseThrow(
                        () ->
                                refused(
                                        "The owner of AWS account %s has not let us into %s, where the bucket “%s” is."
                                                .formatted(
                                                        tenant.awsAccountId(),
                                                        tenant.bucketRegion(),
                                                        tenant.bucketName()),
                                        "“Prepare bucket…” under Tenants has the template that the"
                                                + " owner deploys there."));
    }

    /** A tenant has left; these are the others. */
    void leave(TenantDraft tenant, Collection<TenantDraft> others) {
        if (isForeign(tenant)
                && others.stream().noneMatch(o -> o.awsAccountId().equals(tenant.awsAccountId()))) {
            owners.ignore(tenant.awsAccountId());
        }
    }

    private boolean isForeign(TenantDraft tenant) {
        return !tenant.awsAccountId().equals(home.account());
    }

    private boolean isElsewhere(TenantDraft tenant) {
        return isForeign(tenant) || !tenant.bucketRegion().equals(home.region());
    }

    private Optional<TenantBucket> enter(TenantDraft tenant) {
        if (!isElsewhere(tenant)) {
            return Optional.of(new TenantBucket(s3, tenant));
        }
        String role =
                "arn:%s:iam::%s:role/%s"
                        .formatted(home.partition(), tenant.awsAccountId(), role(tenant));
        return owners.enter(role, tenant.instanceId())
                .map(pass -> new TenantBucket(guests.s3(pass, tenant.bucketRegion()), tenant));
    }

    private String role(TenantDraft tenant) {
        return "%s-bucket-%s".formatted(home.name(), tenant.instanceId());
    }

    private BucketPlan.Door door(TenantDraft tenant) {
        Map<String, String> values =
                Map.of(
                        "{account}", home.account(),
                        "{bucket}", tenant.bucketName(),
                        "{bucketAccount}", tenant.awsAccountId(),
                        "{bucketRegion}", tenant.bucketRegion(),
                        "{role}", role(tenant),
                        "{tenantsRole}", home.tenantsRole(),
                        "{tenant}", tenant.instanceId(),
                        "{eventBus}",
                                "arn:%s:events:%s:%s:event-bus/default"
                                        .formatted(
                                                home.partition(), home.region(), home.account()));
        String template = text("door.yaml");
        for (Map.Entry<String, String> value : values.entrySet()) {
            template = template.replace(value.getKey(), value.getValue());
        }
        return new BucketPlan.Door(
                tenant.awsAccountId(), tenant.bucketRegion(), role(tenant), template);
    }

    private static String text(String resource) {
        try (InputStream in =
                Objects.requireNonNull(BucketAccess.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Change> extended(TenantDraft tenant, String policy) {
        try {
            String wanted = BucketPolicy.with(policy, grants(tenant));
            return wanted.equals(policy)
                    ? Optional.empty()
                    : Optional.of(new Change(Subject.POLICY, BucketPolicy.pretty(policy), wanted));
        } catch (JsonProcessingException e) {
            throw new FailureException(
                    Failure.of(
                                    ErrorCode.BUCKET_ACCESS,
                                    "We do not understand the policy of the bucket “%s”; nothing was changed."
                                            .formatted(tenant.bucketName()))
                            .next("Look at it in the AWS console, under Permissions."),
                    e);
        }
    }

    private String arn(TenantDraft tenant) {
        return "arn:%s:s3:::%s".formatted(home.partition(), tenant.bucketName());
    }

    /** In our own account our roles may read already; another's bucket must let them. */
    private List<BucketPolicy.Grant> grants(TenantDraft tenant) {
        String objects = arn(tenant) + "/*";
        var deliver =
                new BucketPolicy.Grant(
                        "AmcDelivers", AMC, List.of("s3:PutObject", "s3:PutObjectAcl"), objects);
        var load =
                new BucketPolicy.Grant(
                        "AmcInsightsLoads", home.lakeRole(), List.of("s3:GetObject"), objects);
        var look =
                new BucketPolicy.Grant(
                        "AmcInsightsLooks",
                        home.lakeRole(),
                        List.of("s3:ListBucket", "s3:ListBucketVersions"),
                        arn(tenant));
        return isForeign(tenant) ? List.of(deliver, load, look) : List.of(deliver);
    }

    private List<String> remarks(TenantBucket bucket) {
        return bucket
                .key()
                .map(
                        key ->
                                "Files are encrypted with the key %s. Its key policy must allow kms:GenerateDataKey to AMC (%s) and kms:Decrypt to %s."
                                        .formatted(key, AMC, home.lakeRole()))
                .stream()
                .toList();
    }

    private void apply(TenantBucket bucket, AmcInstance instance, BucketPlan plan) {
        TenantDraft tenant = bucket.tenant();
        if (isForeign(tenant)) {
            owners.hear(tenant.awsAccountId());
        }
        for (Change change : plan.changes()) {
            switch (change.subject()) {
                case BUCKET -> bucket.create();
                case POLICY -> bucket.setPolicy(change.after());
                case EVENTS -> bucket.tellEventBridge();
                case DELIVERY ->
                        amc.instances()
                                .update(
                                        AmcAddress.of(tenant),
                                        new AmcInstanceDraft(
                                                instance.instanceName(),
                                                instance.advertiser(),
                                                tenant.awsAccountId(),
                                                tenant.bucketName()));
            }
        }
    }

    private static FailureException refused(String message, String next) {
        return Failure.of(ErrorCode.BUCKET_ACCESS, message).next(next).exception();
    }
}
