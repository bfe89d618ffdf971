package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is to be changed so that AMC may deliver to a tenant's bucket and the lake hears of it.
 *
 * @param planId names these very changes; another state of the bucket has another one
 * @param changes in the order in which they are made; empty where all is well, or where we are not
 *     let in
 * @param remarks what its owner should see to and we cannot, in words
 * @param door what the owner of an account or region that we cannot enter deploys there; null where
 *     we are let in
 */
public record BucketPlan(
        String planId, List<Change> changes, List<String> remarks, @Nullable Door door) {

    /** What can be changed. */
    public enum Subject {
        /** The bucket is made: versions kept, encrypted, closed to the public. */
        BUCKET,
        /** Its policy, as JSON. */
        POLICY,
        /** Whom it tells of new files. */
        EVENTS,
        /** Where AMC delivers the instance's results. */
        DELIVERY
    }

    /**
     * @param before empty where nothing was
     */
    public record Change(Subject subject, String before, String after) {}

    /**
     * A CloudFormation template that lets us in.
     *
     * @param template YAML
     */
    public record Door(String awsAccountId, String region, String stackName, String template) {}
}
