package io.amcinsights.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an analyst enters to onboard a tenant.
 *
 * @param name how people call the tenant
 * @param credentialsId the Login with Amazon authorisation to use; {@code default} at first
 */
public record TenantDraft(
        String name,
        String instanceId,
        String accountId,
        String marketplaceId,
        AmcRegion region,
        String bucketName,
        String bucketRegion,
        String awsAccountId,
        String credentialsId) {

    /** The same draft under another name. */
    public TenantDraft withName(String other) {
        return new TenantDraft(
                other,
                instanceId,
                accountId,
                marketplaceId,
                region,
                bucketName,
                bucketRegion,
                awsAccountId,
                credentialsId);
    }

    /** What is wrong, by field, in words; empty when the draft may be sent. */
    public Map<String, String> problems() {
        Map<String, String> problems = new LinkedHashMap<>();
        if (name.isBlank()) {
            problems.put("name", "Give the tenant a name, for instance the brand's.");
        } else if (name.length() > 80) {
            problems.put("name", "A name has at most 80 characters.");
        }
        AmcIds.instanceProblem(instanceId).ifPresent(p -> problems.put("instanceId", p));
        AmcIds.accountProblem(accountId).ifPresent(p -> problems.put("accountId", p));
        AmcIds.marketplaceProblem(marketplaceId).ifPresent(p -> problems.put("marketplaceId", p));
        BucketName.problem(bucketName).ifPresent(p -> problems.put("bucketName", p));
        AwsAccountId.problem(awsAccountId).ifPresent(p -> problems.put("awsAccountId", p));
        if (!bucketRegion.matches("[a-z]{2}(-[a-z]+)+-\\d")) {
            problems.put("bucketRegion", "Enter an AWS region, such as us-east-1.");
        }
        if (!credentialsId.matches("[a-z0-9-]{1,40}")) {
            problems.put("credentialsId", "Choose the Amazon Ads credentials to use.");
        }
        return problems;
    }
}
