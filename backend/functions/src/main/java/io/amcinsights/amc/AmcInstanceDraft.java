package io.amcinsights.amc;

/**
 * What an instance is to be.
 *
 * @param instanceName 3 to 50 letters, digits and spaces
 * @param awsAccountId owner of the bucket; empty for none
 * @param bucketName where results go; empty for none
 */
public record AmcInstanceDraft(
        String instanceName, String advertiserName, String awsAccountId, String bucketName) {}
