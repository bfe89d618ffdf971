package io.amcinsights.desktop;

import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Tenant;
import io.amcinsights.desktop.aws.Installation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Records as an installation would answer them. */
public final class Samples {

    private Samples() {}

    public static Tenant tenant(String id, String name, Tenant.Status status) {
        return tenant(id, name, status, null);
    }

    public static Tenant tenant(
            String id, String name, Tenant.Status status, @Nullable Failure problem) {
        return new Tenant(
                id,
                name,
                "ENTITY3KESTREL01",
                "ATVPDKIKX0DER",
                AmcRegion.NA,
                "amc-%s-1f9a03bc".formatted(id),
                "us-east-1",
                "112233445566",
                "default",
                false,
                status,
                "arn:aws:states:us-east-1:112233445566:execution:amc-insights-tenant-provisioning:"
                        + id,
                problem,
                Instant.now().minusSeconds(86_400 * 3),
                Instant.now().minusSeconds(300),
                List.of(
                        new Tenant.Change(
                                Tenant.Status.PROVISIONING,
                                Instant.now().minusSeconds(86_400 * 3),
                                "Onboarded"),
                        new Tenant.Change(
                                status,
                                Instant.now().minusSeconds(300),
                                problem == null ? "Provisioned" : problem.message())),
                1);
    }

    public static AmcInstance instance(String id, String advertiser, @Nullable String tenantId) {
        return new AmcInstance(
                id,
                advertiser + " US",
                advertiser,
                "ENTITY3KESTREL01",
                "Northbank Media",
                "ATVPDKIKX0DER",
                AmcRegion.NA,
                "amc-%s-1f9a03bc".formatted(id),
                "us-east-1",
                "112233445566",
                id.contains("sand"),
                true,
                tenantId);
    }

    public static Installation installation() {
        return new Installation(
                "amc-insights",
                "us-east-1",
                true,
                "amc-insights-tenants",
                "amc-insights-workflows",
                "amc-insights-lake",
                "arn:aws:states:us-east-1:112233445566:stateMachine:tenant-provisioning",
                "arn:aws:states:us-east-1:112233445566:stateMachine:workflow-run",
                "arn:aws:states:us-east-1:112233445566:stateMachine:lake-delivery",
                "amc-insights-analysts",
                "amc_insights",
                "amc-insights-lake");
    }
}
