package io.amcinsights.tenants;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.BucketPlan.Change;
import io.amcinsights.contract.BucketPlan.Subject;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.GetTenant;
import io.amcinsights.contract.TenantRequest.ImportTenants;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TenantRequest.OnboardTenant;
import io.amcinsights.contract.TenantRequest.PlanBucket;
import io.amcinsights.contract.TenantRequest.PrepareBucket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A tenant's bucket: looked at first, changed as it was shown, and nobody's settings lost. */
class BucketsTest {

    private static final String OURS = "111122223333";
    private static final String THEIRS = "777788889999";
    private static final String ROLE =
            "arn:aws:iam::777788889999:role/amc-insights-bucket-amcr1aaaa1a";

    private final TestInstallation installation = new TestInstallation();
    private final TenantsHandler handler = new TenantsHandler(installation.functions());

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void whatIsMissingIsShownAndAddedToWhatOthersHaveSet() throws IOException {
        amcNames("amc-kestrel");
        installation.s3.bucket("amc-kestrel");
        String theirs =
                """
                {"Version":"2012-10-17","Statement":{"Sid":"Audit","Effect":"Allow",\
                "Principal":{"AWS":"arn:aws:iam::999900001111:root"},"Action":"s3:GetObject",\
                "Resource":"arn:aws:s3:::amc-kestrel/*"}}\
                """;
        installation.s3.policies.put("amc-kestrel", theirs);

        BucketPlan plan = ask(handler, new PlanBucket(draft("amc-kestrel", OURS, "us-east-1")));

        assertThat(plan.door()).isNull();
        assertThat(plan.changes())
                .extracting(Change::subject)
                .containsExactly(Subject.POLICY, Subject.EVENTS);
        assertThat(Json.mapper().readTree(plan.changes().getFirst().before()))
                .isEqualTo(Json.mapper().readTree(theirs));
        assertThat(installation.s3.policies).containsEntry("amc-kestrel", theirs);

        BucketPlan left =
                ask(
                        handler,
                        new PrepareBucket(draft("amc-kestrel", OURS, "us-east-1"), plan.planId()));

        assertThat(left.changes()).isEmpty();
        JsonNode statements =
                Json.mapper()
                        .readTree(installation.s3.policies.get("amc-kestrel"))
                        .path("Statement");
        assertThat(statements).hasSize(2);
        assertThat(statements.get(0)).isEqualTo(Json.mapper().readTree(theirs).path("Statement"));
        assertThat(statements.get(1).at("/Principal/AWS").asText())
                .isEqualTo("arn:aws:iam::811639200769:root");
        assertThat(statements.get(1).path("Action").toString())
                .isEqualTo("[\"s3:PutObject\",\"s3:PutObjectAcl\"]");
        assertThat(tells(installation.s3)).isTrue();
    }

    @Test
    void aPlanThatTheBucketHasOvertakenIsNotCarriedOut() {
        amcNames("amc-kestrel");
        installation.s3.bucket("amc-kestrel");
        installation.s3.policies.remove("amc-kestrel");
        TenantDraft draft = draft("amc-kestrel", OURS, "us-east-1");
        BucketPlan plan = ask(handler, new PlanBucket(draft));
        String meanwhile = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
        installation.s3.policies.put("amc-kestrel", meanwhile);

        assertThat(refusal(handler, new PrepareBucket(draft, plan.planId())).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(installation.s3.policies).containsEntry("amc-kestrel", meanwhile);
    }

    @Test
    void whereThePolicyCannotBeReadNothingIsWritten() {
        amcNames("amc-kestrel");
        installation.s3.bucket("amc-kestrel");
        installation.s3.policies.put("amc-kestrel", "[1]");

        Failure refused = refusal(handler, new PlanBucket(draft("amc-kestrel", OURS, "us-east-1")));

        assertThat(refused.code()).isEqualTo(ErrorCode.BUCKET_ACCESS);
        assertThat(installation.s3.policies).containsEntry("amc-kestrel", "[1]");
    }

    @Test
    void aBucketIsMadeForWhoeverHasSeenThePlanAndAmcDeliversThere() throws IOException {
        amcNames("");
        TenantDraft draft = draft("amc-kestrel", OURS, "us-east-1");

        BucketPlan plan = ask(handler, new PlanBucket(draft));

        assertThat(plan.changes())
                .extracting(Change::subject)
                .containsExactly(Subject.BUCKET, Subject.POLICY, Subject.EVENTS, Subject.DELIVERY);
        assertThat(installation.s3.buckets).doesNotContainKey("amc-kestrel");

        installation.amc.on("PUT", "/amc/instances/amcr1aaaa1a", 200, "{}");
        ask(handler, new PrepareBucket(draft, plan.planId()));

        assertThat(installation.s3.versioned).contains("amc-kestrel");
        assertThat(tells(installation.s3)).isTrue();
        assertThat(
                        Json.mapper()
                                .readTree(installation.s3.policies.get("amc-kestrel"))
                                .at("/Statement/0/Effect")
                                .asText())
                .isEqualTo("Deny");
        assertThat(
                        installation
                                .amc
                                .seen("PUT", "/amc/instances/amcr1aaaa1a")
                                .getFirst()
                                .json()
                                .toString())
                .isEqualTo(
                        """
                        {"instanceName":"kestrel","advertiserName":"Kestrel",\
                        "awsAccountId":"111122223333","s3BucketName":"amc-kestrel"}\
                        """);
    }

    @Test
    void provisioningMakesNoBucketByItself() {
        amcNames("amc-kestrel");
        ask(handler, new OnboardTenant(draft("amc-kestrel", OURS, "us-east-1")));

        assertThatThrownBy(() -> step(handler, "{'step':'bucket-access','tenantId':'amcr1aaaa1a'}"))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("There is no bucket");
        assertThat(installation.s3.buckets).doesNotContainKey("amc-kestrel");
    }

    @Test
    void thePayloadThatWantsABucketGetsOne() {
        amcNames("");
        installation.amc.on("PUT", "/amc/instances/amcr1aaaa1a", 200, "{}");
        String payload =
                """
                {"customer_details": {"customer_id": "kestrel", "customer_name": "Kestrel",
                 "bucket_exists": "false",
                 "amc": {"instance_id": "amcr1aaaa1a", "bucket_name": "amc-kestrel",
                  "amazon_ads_advertiser_id": "ENTITY1AA1AA11AAA1",
                  "amazon_ads_marketplace_id": "ATVPDKIKX0DER"}}}\
                """;

        assertThat(ask(handler, new ImportTenants(payload, true)).rows().getFirst().problem())
                .isNull();
        assertThat(installation.s3.buckets).doesNotContainKey("amc-kestrel");

        assertThat(ask(handler, new ImportTenants(payload, false)).rows().getFirst().problem())
                .isNull();
        assertThat(installation.s3.buckets).containsKey("amc-kestrel");
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a")).bucketName())
                .isEqualTo("amc-kestrel");
    }

    @Test
    void theOwnerOfAnotherAccountLetsUsInByATemplate(@TempDir Path folder)
            throws IOException, InterruptedException {
        amcNames("amc-kestrel");
        TenantDraft draft = draft("amc-kestrel", THEIRS, "eu-west-1");

        BucketPlan closed = ask(handler, new PlanBucket(draft));

        BucketPlan.Door door = Objects.requireNonNull(closed.door());
        assertThat(door.awsAccountId()).isEqualTo(THEIRS);
        assertThat(door.region()).isEqualTo("eu-west-1");
        assertThat(door.template())
                .contains(
                        "RoleName: amc-insights-bucket-amcr1aaaa1a",
                        "Principal: {AWS: 'arn:aws:iam::111122223333:role/tenants'}",
                        "Arn: arn:aws:events:us-east-1:111122223333:event-bus/default")
                .doesNotContain("{bucket}", "{tenant}", "{eventBus}");
        assertThat(refusal(handler, new PrepareBucket(draft, closed.planId())).message())
                .contains("has not let us into eu-west-1");
        lint(folder, door.template());

        MemoryS3 theirs = new MemoryS3("eu-west-1").bucket("amc-kestrel");
        installation.ports.doors.put(ROLE + " amcr1aaaa1a eu-west-1", theirs);
        BucketPlan open = ask(handler, new PlanBucket(draft));
        assertThat(open.door()).isNull();
        assertThat(open.changes())
                .extracting(Change::subject)
                .containsExactly(Subject.POLICY, Subject.EVENTS);

        ask(handler, new PrepareBucket(draft, open.planId()));

        assertThat(theirs.policies.get("amc-kestrel"))
                .contains("811639200769", "arn:aws:iam::111122223333:role/lake");
        assertThat(tells(theirs)).isTrue();
        assertThat(installation.ports.heard).containsExactly(THEIRS);
        assertThat(installation.s3.buckets).doesNotContainKey("amc-kestrel");
    }

    @Test
    void anAccountIsHeardUntilItsLastTenantHasLeft() {
        amcNames("amc-kestrel");
        TenantDraft draft = draft("amc-kestrel", THEIRS, "us-east-1");
        installation.ports.doors.put(
                ROLE + " amcr1aaaa1a us-east-1", new MemoryS3().bucket("amc-kestrel"));
        ask(handler, new OnboardTenant(draft));
        step(handler, "{'step':'bucket-access','tenantId':'amcr1aaaa1a'}");
        step(handler, "{'step':'activate','tenantId':'amcr1aaaa1a'}");
        assertThat(installation.ports.heard).containsExactly(THEIRS);

        ask(handler, new OffboardTenant("amcr1aaaa1a", false, false, false));

        assertThat(installation.ports.heard).isEmpty();
    }

    @Test
    void aWrongRegionIsNamed() {
        amcNames("amc-kestrel");
        installation.ports.doors.put(
                "arn:aws:iam::111122223333:role/amc-insights-bucket-amcr1aaaa1a amcr1aaaa1a"
                        + " eu-west-1",
                new MemoryS3("eu-central-1").bucket("amc-kestrel"));

        assertThat(
                        refusal(handler, new PlanBucket(draft("amc-kestrel", OURS, "eu-west-1")))
                                .nextStep())
                .isEqualTo("Enter eu-central-1 as the bucket's region.");
    }

    private static boolean tells(MemoryS3 s3) {
        return Objects.requireNonNull(s3.buckets.get("amc-kestrel")).eventBridgeConfiguration()
                != null;
    }

    private static void lint(Path folder, String template)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("door.yaml"), template);
        Process lint;
        try {
            lint =
                    new ProcessBuilder("cfn-lint", file.toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            assumeThat(false).as("cfn-lint is not installed").isTrue();
            return;
        }
        String said = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(lint.waitFor()).as(said).isZero();
    }

    private void amcNames(String bucket) {
        installation.amc.on(
                "GET",
                "/amc/instances/amcr1aaaa1a",
                200,
                """
                {"instance":{"instanceId":"amcr1aaaa1a","instanceName":"kestrel",
                 "customerCanonicalName":"Kestrel","creationStatus":"COMPLETED",
                 "s3BucketName":"%s"}}\
                """
                        .formatted(bucket));
    }

    private static TenantDraft draft(String bucket, String account, String region) {
        return new TenantDraft(
                "Kestrel",
                "amcr1aaaa1a",
                "ENTITY1AA1AA11AAA1",
                "ATVPDKIKX0DER",
                AmcRegion.NA,
                bucket,
                region,
                account,
                "default");
    }
}
