package io.amcinsights.tenants;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.call;
import static io.amcinsights.TestInstallation.caught;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.Busy;
import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.amc.ScriptedAmc;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.Connection;
import io.amcinsights.contract.TenantRequest.DiscoverInstances;
import io.amcinsights.contract.TenantRequest.GetTenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TenantRequest.OnboardTenant;
import io.amcinsights.contract.TenantRequest.PauseTenant;
import io.amcinsights.contract.TenantRequest.ResumeTenant;
import io.amcinsights.contract.TenantRequest.RetryProvisioning;
import io.amcinsights.contract.TenantRequest.TestConnection;
import io.amcinsights.contract.TenantRequest.UpdateTenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;
import io.amcinsights.workflows.WorkflowsHandler;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class TenantsTest {

    private static final String INSTANCE =
            """
            {"instance":{"instanceId":"amcr1aaaa1a","instanceName":"kestrel",
             "instanceType":"%s","customerCanonicalName":"Kestrel Outdoor",
             "creationStatus":"COMPLETED","s3BucketName":"%s","awsAccountId":"111122223333"}}\
            """;

    private final TestInstallation installation = new TestInstallation();
    private final TenantsHandler handler = new TenantsHandler(installation.functions());

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void theInstancesOfAllAccountsAreFoundAndTenantsAreMarked() {
        installation
                .amc
                .on(
                        "GET",
                        "/amc/accounts",
                        200,
                        """
                        {"amcAccounts":[
                         {"accountId":"ENTITY1AA1AA11AAA1","accountName":"One","marketplaceId":"ATVPDKIKX0DER"},
                         {"accountId":"ENTITY2BB2BB22BBB2","accountName":"Two","marketplaceId":"A1F83G8C2ARO7P"}],
                         "nextToken":null}\
                        """)
                .on(
                        "GET",
                        "/amc/instances",
                        200,
                        """
                        {"instances":[{"instanceId":"amcr1aaaa1a","instanceName":"kestrel",
                         "s3BucketName":"amc-kestrel-12345678","awsAccountId":"111122223333"}],
                         "nextToken":"page2"}\
                        """)
                .on(
                        "GET",
                        "/amc/instances",
                        200,
                        """
                        {"instances":[{"instanceId":"amcr2bbbb2b","instanceName":"Alder",
                         "instanceType":"SANDBOX","creationStatus":"IN_PROGRESS"}]}\
                        """)
                .on(
                        "GET",
                        "/amc/instances",
                        403,
                        "{\"code\":\"403\",\"details\":\"Unauthorized\"}");
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "amc-kestrel-12345678")));

        var found = ask(handler, new DiscoverInstances("default")).instances();

        assertThat(found)
                .extracting(
                        AmcInstance::instanceId,
                        AmcInstance::tenantId,
                        AmcInstance::sandbox,
                        AmcInstance::ready,
                        AmcInstance::region)
                .containsExactly(
                        tuple("amcr2bbbb2b", null, true, false, AmcRegion.NA),
                        tuple("amcr1aaaa1a", "amcr1aaaa1a", false, true, AmcRegion.NA));
        assertThat(installation.amc.seen("GET", "/amc/instances"))
                .extracting(s -> s.headers().get("Amazon-advertising-api-advertiserid"))
                .containsExactly("ENTITY1AA1AA11AAA1", "ENTITY1AA1AA11AAA1", "ENTITY2BB2BB22BBB2");
    }

    @Test
    void onboardingRecordsTheTenantAndStartsTheStateMachine() {
        Tenant tenant = ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));

        assertThat(tenant.status()).isEqualTo(Tenant.Status.PROVISIONING);
        assertThat(tenant.execution())
                .endsWith("amcr1aaaa1a-%d-v1".formatted(TestInstallation.START.toEpochMilli()));
        assertThat(installation.machines.started.getFirst().input())
                .isEqualTo("{\"tenantId\":\"amcr1aaaa1a\"}");
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a"))).isEqualTo(tenant);
    }

    @Test
    void aWrongFieldIsNamedAndNothingRemains() {
        var refused =
                refusal(() -> ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "No_Good"))));

        assertThat(refused.failure().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused.failure().field()).isEqualTo("bucketName");
        assertThat(ask(handler, new ListTenants()).tenants()).isEmpty();
    }

    @Test
    void anInstanceIsATenantOnceAndABucketBelongsToOne() {
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));

        var again =
                refusal(() -> ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-2"))));
        assertThat(again.failure().code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(again.failure().field()).isEqualTo("instanceId");

        var shared =
                refusal(() -> ask(handler, new OnboardTenant(draft("amcr2bbbb2b", "bucket-one"))));
        assertThat(shared.failure().field()).isEqualTo("bucketName");
        assertThat(shared.failure().message()).contains("Kestrel amcr1aaaa1a");
        assertThat(ask(handler, new ListTenants()).tenants()).hasSize(1);
    }

    @Test
    void whereTheStateMachineCannotStartTheTenantHasFailedAndCanBeTriedAgain() {
        installation.machines.broken = true;
        var refused =
                refusal(() -> ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one"))));
        assertThat(refused.failure().code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a")).status())
                .isEqualTo(Tenant.Status.FAILED);
        refusal(() -> ask(handler, new RetryProvisioning("amcr1aaaa1a")));
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a")).status())
                .isEqualTo(Tenant.Status.FAILED);

        installation.machines.broken = false;
        Tenant again = ask(handler, new RetryProvisioning("amcr1aaaa1a"));
        assertThat(again.status()).isEqualTo(Tenant.Status.PROVISIONING);
        assertThat(again.execution()).isNotNull();
    }

    @Test
    void whatWasInterruptedBeforeItBeganCanBeTriedAgain() throws Exception {
        TenantStore store = new TenantStore(installation.ports.documents());
        Tenant begun = ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        store.put(TenantChanges.triedAgain(begun, installation.clock.instant()), begun.version());

        Tenant again = ask(handler, new RetryProvisioning("amcr1aaaa1a"));
        assertThat(again.status()).isEqualTo(Tenant.Status.PROVISIONING);
        assertThat(again.execution()).isNotNull();
        assertThat(
                        refusal(() -> ask(handler, new RetryProvisioning("amcr1aaaa1a")))
                                .failure()
                                .code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aPausedTenantWhoseAccessIsChangedStaysPaused() {
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        step(handler, "{'step':'activate','tenantId':'amcr1aaaa1a'}");
        Tenant paused = ask(handler, new PauseTenant("amcr1aaaa1a"));
        ask(handler, new UpdateTenant(draft("amcr1aaaa1a", "bucket-two"), paused.version()));
        step(handler, "{'step':'activate','tenantId':'amcr1aaaa1a'}");

        assertThat(ask(handler, new GetTenant("amcr1aaaa1a")).status())
                .isEqualTo(Tenant.Status.PAUSED);
    }

    @Test
    void offboardingOnceMoreRemovesNothing() {
        assertThat(ask(handler, new OffboardTenant("amcr1aaaa1a", false, true, true)).removed())
                .isEmpty();
    }

    @Test
    void theAliasReadMayLookButNotChange() {
        String looked = call(handler, "read", Json.request(new ListTenants()));
        assertThat(looked).isEqualTo("{\"tenants\":[]}");

        String refused =
                call(
                        handler,
                        "read",
                        Json.request(new OnboardTenant(draft("amcr1aaaa1a", "bucket-one"))));
        assertThat(refused).contains("\"NOT_ALLOWED\"");
        assertThat(installation.machines.started).isEmpty();
    }

    @Test
    void provisioningMakesTheTenantActiveAndKeepsWhatTheBucketTellsOthers() {
        var queue = QueueConfiguration.builder().id("theirs").queueArn("arn:queue").build();
        installation.s3.buckets.put(
                "bucket-one",
                NotificationConfiguration.builder().queueConfigurations(queue).build());
        installation
                .amc
                .on(
                        "GET",
                        "/amc/instances/amcr1aaaa1a",
                        200,
                        INSTANCE.formatted("SANDBOX", "bucket-one"))
                .on("GET", "/amc/reporting/amcr1aaaa1a/workflows", 200, "{\"workflows\":[]}");
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        var store = new TenantStore(installation.ports.documents());
        assertThat(store.ofBucket("bucket-one")).isEmpty();

        for (int time = 1; time <= 2; time++) {
            for (String name :
                    new String[] {
                        "validate", "probe-amc", "bucket-access", "register-in-lake", "activate"
                    }) {
                step(handler, "{'step':'%s','tenantId':'amcr1aaaa1a'}".formatted(name));
            }
        }

        Tenant tenant = ask(handler, new GetTenant("amcr1aaaa1a"));
        assertThat(tenant.status()).isEqualTo(Tenant.Status.ACTIVE);
        assertThat(tenant.sandbox()).isTrue();
        NotificationConfiguration set = installation.s3.buckets.get("bucket-one");
        assertThat(set).isNotNull();
        assertThat(set.eventBridgeConfiguration()).isNotNull();
        assertThat(set.queueConfigurations()).containsExactly(queue);
        assertThat(store.ofBucket("bucket-one")).contains(tenant);
    }

    @Test
    void aBucketThatCannotBeReadStopsOnboardingWithTheRepairAndCanBeTriedAgain() {
        installation.s3.bucket("bucket-one").closed.add("bucket-one");
        installation.amc.on(
                "GET",
                "/amc/instances/amcr1aaaa1a",
                200,
                INSTANCE.formatted("STANDARD", "bucket-one"));
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));

        Throwable thrown =
                catchThrowable(
                        () -> step(handler, "{'step':'bucket-access','tenantId':'amcr1aaaa1a'}"));
        assertThat(thrown).isInstanceOf(StepFailed.class);
        call(
                handler,
                "write",
                "{\"step\":\"record-failure\",\"tenantId\":\"amcr1aaaa1a\",\"state\":\"BucketAccess\",\"error\":%s}"
                        .formatted(caught(thrown)));

        Tenant failed = ask(handler, new GetTenant("amcr1aaaa1a"));
        assertThat(failed.status()).isEqualTo(Tenant.Status.FAILED);
        var problem = Objects.requireNonNull(failed.problem());
        assertThat(problem.code()).isEqualTo(ErrorCode.BUCKET_ACCESS);
        assertThat(problem.nextStep()).contains("must let us in");
        assertThat(installation.ports.sent.getFirst().subject()).contains("Kestrel");

        Tenant again = ask(handler, new RetryProvisioning("amcr1aaaa1a"));
        assertThat(again.status()).isEqualTo(Tenant.Status.PROVISIONING);
        assertThat(again.problem()).isNull();
        assertThat(installation.machines.started).hasSize(2);
        assertThat(installation.machines.started.getLast().input())
                .isEqualTo("{\"tenantId\":\"amcr1aaaa1a\",\"from\":\"BucketAccess\"}");
    }

    @Test
    void aFailedTenantMayBeOnboardedWithAnotherBucketAndTheOldOneIsFree() {
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        step(
                handler,
                "{'step':'record-failure','tenantId':'amcr1aaaa1a','error':{'Error':'States.Timeout','Cause':''}}");
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a")).problem())
                .extracting(Failure::message)
                .isEqualTo("A step took longer than it may and was given up.");

        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-two")));
        ask(handler, new OnboardTenant(draft("amcr2bbbb2b", "bucket-one")));

        assertThat(ask(handler, new ListTenants()).tenants())
                .extracting(Tenant::bucketName)
                .containsExactly("bucket-two", "bucket-one");
    }

    @Test
    void anotherBucketThanAmcsIsRefused() {
        installation.amc.on(
                "GET",
                "/amc/instances/amcr1aaaa1a",
                200,
                INSTANCE.formatted("STANDARD", "amc-other"));
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));

        assertThatThrownBy(() -> step(handler, "{'step':'probe-amc','tenantId':'amcr1aaaa1a'}"))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("amc-other");
    }

    @Test
    void troubleThatMayPassIsTriedAgainByTheStateMachine() {
        installation.amc.on("GET", "/amc/instances/amcr1aaaa1a", 401, "{\"message\":\"no\"}");
        ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        assertThatThrownBy(() -> step(handler, "{'step':'probe-amc','tenantId':'amcr1aaaa1a'}"))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("AMC_CREDENTIALS");

        installation
                .amc
                .off("GET", "/amc/instances/amcr1aaaa1a")
                .on(
                        "GET",
                        "/amc/instances/amcr1aaaa1a",
                        new ScriptedAmc.Answer(429, "", Map.of("Retry-After", "900")));
        assertThatThrownBy(() -> step(handler, "{'step':'probe-amc','tenantId':'amcr1aaaa1a'}"))
                .isInstanceOf(Busy.class)
                .hasMessageContaining("AMC_UNAVAILABLE");
    }

    @Test
    void aPausedTenantRestsAndEveryChangeOfItsStatusIsRemembered() {
        installation.tenant("amcr1aaaa1a");
        Tenant paused = ask(handler, new PauseTenant("amcr1aaaa1a"));
        assertThat(paused.status()).isEqualTo(Tenant.Status.PAUSED);
        assertThat(ask(handler, new PauseTenant("amcr1aaaa1a"))).isEqualTo(paused);

        Failure refused =
                TestInstallation.refusal(
                        new WorkflowsHandler(installation.functions()),
                        new RunWorkflow(
                                "amcr1aaaa1a",
                                "reach",
                                TimeWindow.of(TimeWindow.Type.MOST_RECENT_DAY, "UTC"),
                                Map.of(),
                                "key"));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused.message()).isEqualTo("The tenant “Kestrel amcr1aaaa1a” is paused.");

        installation.clock.forward(Duration.ofHours(1));
        Tenant resumed = ask(handler, new ResumeTenant("amcr1aaaa1a"));
        assertThat(resumed.status()).isEqualTo(Tenant.Status.ACTIVE);
        assertThat(resumed.history())
                .containsExactly(
                        new Tenant.Change(Tenant.Status.PAUSED, TestInstallation.START, "Paused"),
                        new Tenant.Change(
                                Tenant.Status.ACTIVE,
                                TestInstallation.START.plus(Duration.ofHours(1)),
                                "Resumed"));
    }

    @Test
    void aTenantThatIsBeingOnboardedIsNeitherPausedNorChangedNorRemoved() {
        Tenant tenant = ask(handler, new OnboardTenant(draft("amcr1aaaa1a", "bucket-one")));
        for (Request<?> request :
                List.of(
                        new PauseTenant("amcr1aaaa1a"),
                        new UpdateTenant(tenant.draft(), tenant.version()),
                        new OffboardTenant("amcr1aaaa1a", false, false, false))) {
            Failure refused = TestInstallation.refusal(handler, request);
            assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refused.message()).contains("is under way");
        }
        assertThat(ask(handler, new GetTenant("amcr1aaaa1a"))).isEqualTo(tenant);
    }

    @Test
    void aNewNameCountsAtOnceAndNewAccessIsProvisionedAgain() {
        installation.tenant("amcr1aaaa1a", "bucket-one");
        installation.tenant("amcr2bbbb2b", "bucket-two");
        TenantDraft before = ask(handler, new GetTenant("amcr1aaaa1a")).draft();

        Tenant renamed = ask(handler, new UpdateTenant(before.withName("Kestrel & Sons"), 1));
        assertThat(renamed.name()).isEqualTo("Kestrel & Sons");
        assertThat(renamed.status()).isEqualTo(Tenant.Status.ACTIVE);
        assertThat(installation.machines.started).isEmpty();

        Failure stale =
                TestInstallation.refusal(handler, new UpdateTenant(before.withName("Other"), 1));
        assertThat(stale.code()).isEqualTo(ErrorCode.CONFLICT);

        Failure taken =
                TestInstallation.refusal(
                        handler,
                        new UpdateTenant(draft("amcr1aaaa1a", "bucket-two"), renamed.version()));
        assertThat(taken.field()).isEqualTo("bucketName");

        Tenant moved =
                ask(
                        handler,
                        new UpdateTenant(draft("amcr1aaaa1a", "bucket-three"), renamed.version()));
        assertThat(moved.status()).isEqualTo(Tenant.Status.PROVISIONING);
        assertThat(moved.createdAt()).isEqualTo(renamed.createdAt());
        assertThat(installation.machines.started).hasSize(1);
        assertThat(ask(handler, new OnboardTenant(draft("amcr3cccc3c", "bucket-one"))).bucketName())
                .isEqualTo("bucket-one");
    }

    @Test
    void aTestOfTheConnectionEndsAtTheFirstThingThatFailsAndChangesNothing() {
        TenantDraft draft = draft("amcr1aaaa1a", "bucket-one");
        installation.s3.bucket("bucket-one");
        installation
                .amc
                .on(
                        "GET",
                        "/amc/instances/amcr1aaaa1a",
                        200,
                        INSTANCE.formatted("STANDARD", "bucket-one"))
                .on("GET", "/amc/reporting/amcr1aaaa1a/workflows", 200, "{\"workflows\":[]}");

        assertThat(ask(handler, new TestConnection(draft)).checks())
                .extracting(Connection.Check::subject, Connection.Check::problem)
                .containsExactly(
                        tuple(Connection.Subject.CREDENTIALS, null),
                        tuple(Connection.Subject.INSTANCE, null),
                        tuple(Connection.Subject.WORKFLOWS, null),
                        tuple(Connection.Subject.BUCKET, null));
        assertThat(installation.s3.buckets.get("bucket-one"))
                .isEqualTo(NotificationConfiguration.builder().build());

        installation.s3.closed.add("bucket-one");
        List<Connection.Check> checks = ask(handler, new TestConnection(draft)).checks();
        assertThat(checks).hasSize(4);
        assertThat(Objects.requireNonNull(checks.getLast().problem()).code())
                .isEqualTo(ErrorCode.BUCKET_ACCESS);

        installation.ports.secretValues.clear();
        checks = ask(handler, new TestConnection(draft)).checks();
        assertThat(checks)
                .singleElement()
                .satisfies(
                        c ->
                                assertThat(Objects.requireNonNull(c.problem()).code())
                                        .isEqualTo(ErrorCode.AMC_CREDENTIALS));
        assertThat(ask(handler, new ListTenants()).tenants()).isEmpty();
    }

    private static FailureException refusal(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(FailureException.class, call));
    }

    private static TenantDraft draft(String instanceId, String bucket) {
        return new TenantDraft(
                "Kestrel " + instanceId,
                instanceId,
                "ENTITY1AA1AA11AAA1",
                "ATVPDKIKX0DER",
                AmcRegion.NA,
                bucket,
                "us-east-1",
                "111122223333",
                "default");
    }
}
