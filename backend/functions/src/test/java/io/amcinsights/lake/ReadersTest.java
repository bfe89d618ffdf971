package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Access;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Grant;
import io.amcinsights.contract.LakeRequest.ListGrants;
import io.amcinsights.contract.LakeRequest.PutGrant;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.contract.LakeRequest.RemoveGrant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.Permission;

import java.util.List;

/** The grants, and what becomes of them in Lake Formation. */
class ReadersTest {

    private static final String ANALYST = "arn:aws:iam::111122223333:role/Analyst";
    private static final String IAM = "IAM_ALLOWED_PRINCIPALS";
    private static final String ONE = "amcr1aaaa1a";
    private static final String TWO = "amcr2bbbb2b";

    private final TestInstallation installation = new TestInstallation();

    @AfterEach
    void close() {
        installation.close();
    }

    private LakeHandler lake(String mode) {
        installation.lakeFormationMode = mode;
        installation.tenant(ONE, "bucket-one");
        installation.tenant(TWO, "bucket-two");
        dataset("reach");
        return new LakeHandler(installation.functions());
    }

    private void dataset(String name) {
        installation.glue.createTable(
                t ->
                        t.databaseName("amc_insights")
                                .tableInput(
                                        i ->
                                                i.name(name)
                                                        .tableType("EXTERNAL_TABLE")
                                                        .storageDescriptor(
                                                                s -> s.columns(List.of()))
                                                        .partitionKeys(
                                                                Column.builder()
                                                                        .name("tenant")
                                                                        .type("string")
                                                                        .build())));
        installation.glue.createTable(
                t ->
                        t.databaseName("amc_insights")
                                .tableInput(
                                        i ->
                                                i.name(name + "_latest")
                                                        .storageDescriptor(
                                                                s -> s.columns(List.of()))
                                                        .tableType("VIRTUAL_VIEW")));
    }

    private static Grant put(LakeHandler lake, boolean all, List<String> tenants, long version) {
        return ask(lake, new PutGrant(ANALYST, all, tenants, version)).grants().getFirst();
    }

    @Test
    void aGrantBecomesOneFilterOfEachTableAndTheViewsWithIt() {
        LakeHandler lake = lake("hybrid");

        Grant grant = put(lake, false, List.of(TWO, ONE), 0);

        assertThat(grant.inForce()).isTrue();
        assertThat(grant.tenants()).containsExactly(ONE, TWO);
        assertThat(installation.lakeFormation.of(ANALYST))
                .containsExactlyInAnyOrder(
                        "DESCRIBE amc_insights",
                        "SELECT reach where tenant IN ('amcr1aaaa1a', 'amcr2bbbb2b')",
                        "DESCRIBE reach",
                        "SELECT reach_latest",
                        "DESCRIBE reach_latest",
                        "opted in amc_insights",
                        "opted in *");
        int writes = installation.lakeFormation.writes;
        ask(lake, new ReconcileDeliveries());
        ask(lake, new ReconcileDeliveries());
        assertThat(installation.lakeFormation.of(IAM))
                .containsExactlyInAnyOrder("ALL amc_insights", "ALL reach", "ALL reach_latest");
        assertThat(installation.lakeFormation.writes)
                .as("only IAM's say is put right, and once")
                .isEqualTo(writes + 1);

        dataset("overlap");
        ask(lake, new ReconcileDeliveries());
        assertThat(installation.lakeFormation.of(ANALYST))
                .contains("SELECT overlap where tenant IN ('amcr1aaaa1a', 'amcr2bbbb2b')");

        Grant all = put(lake, true, List.of(), version(lake));
        assertThat(all.inForce()).isTrue();
        assertThat(installation.lakeFormation.of(ANALYST))
                .containsExactlyInAnyOrder(
                        "DESCRIBE amc_insights",
                        "SELECT *",
                        "DESCRIBE *",
                        "opted in amc_insights",
                        "opted in *");

        assertThat(ask(lake, new RemoveGrant(ANALYST)).grants()).isEmpty();
        assertThat(installation.lakeFormation.of(ANALYST)).isEmpty();
    }

    private static long version(LakeHandler lake) {
        return ask(lake, new ListGrants()).grants().getFirst().version();
    }

    @Test
    void whatOthersHaveGrantedIsShownAndStays() {
        LakeHandler lake = lake("on");
        foreign(ANALYST, Permission.SELECT, "reach_latest");
        foreign("arn:aws:iam::111122223333:role/Data", Permission.ALTER, "reach");
        foreign(IAM, Permission.ALL, "reach");

        put(lake, false, List.of(ONE), 0);

        assertThat(ask(lake, new ListGrants()).foreign())
                .containsExactly(
                        new Access.Foreign(ANALYST, "the table reach_latest", List.of("SELECT")),
                        new Access.Foreign(
                                "arn:aws:iam::111122223333:role/Data",
                                "the table reach",
                                List.of("ALTER")));
        ask(lake, new RemoveGrant(ANALYST));
        ask(lake, new ReconcileDeliveries());
        assertThat(installation.lakeFormation.of(ANALYST)).containsExactly("SELECT reach_latest");
        assertThat(installation.lakeFormation.of(IAM)).as("nobody reads by IAM").isEmpty();
    }

    private void foreign(String principal, Permission permission, String table) {
        installation.lakeFormation.batchGrantPermissions(
                r ->
                        r.entries(
                                BatchPermissionsRequestEntry.builder()
                                        .id("1")
                                        .principal(p -> p.dataLakePrincipalIdentifier(principal))
                                        .permissions(permission)
                                        .resource(
                                                x ->
                                                        x.table(
                                                                t ->
                                                                        t.catalogId("111122223333")
                                                                                .databaseName(
                                                                                        "amc_insights")
                                                                                .name(table)))
                                        .build()));
    }

    @Test
    void whatCouldNotBeGivenIsMarkedAndTriedAgain() {
        LakeHandler lake = lake("hybrid");
        installation.lakeFormation.refuses = true;

        Grant stuck = put(lake, false, List.of(ONE), 0);

        assertThat(stuck.inForce()).isFalse();
        assertThat(stuck.problem())
                .isNotNull()
                .satisfies(p -> assertThat(p.message()).contains("Not a data lake administrator"));
        installation.lakeFormation.refuses = false;
        ask(lake, new ReconcileDeliveries());
        assertThat(ask(lake, new ListGrants()).grants())
                .singleElement()
                .satisfies(
                        g -> {
                            assertThat(g.inForce()).isTrue();
                            assertThat(g.problem()).isNull();
                        });

        installation.lakeFormation.refuses = true;
        Access leaving = ask(lake, new RemoveGrant(ANALYST));
        assertThat(leaving.grants()).singleElement().matches(Grant::removed);
        installation.lakeFormation.refuses = false;
        ask(lake, new ReconcileDeliveries());
        assertThat(ask(lake, new ListGrants()).grants()).isEmpty();
        assertThat(installation.lakeFormation.of(ANALYST)).isEmpty();
    }

    @Test
    void wrongRequestsAreRefusedAtTheirField() {
        LakeHandler lake = lake("hybrid");
        installation.lakeFormation.unknown.add(ANALYST);

        assertThat(refusal(lake, new PutGrant(ANALYST, true, List.of(), 0)).field())
                .isEqualTo("principal");
        assertThat(ask(lake, new ListGrants()).grants()).isEmpty();
        assertThat(
                        refusal(
                                lake,
                                new PutGrant(
                                        "arn:aws:sts::111122223333:assumed-role/Analyst/me",
                                        true,
                                        List.of(),
                                        0)))
                .satisfies(
                        f -> {
                            assertThat(f.field()).isEqualTo("principal");
                            assertThat(f.message()).contains("session of a role");
                        });
        assertThat(refusal(lake, new PutGrant(ANALYST, false, List.of(), 0)).field())
                .isEqualTo("tenants");
        assertThat(refusal(lake, new PutGrant(ANALYST, false, List.of("nobody"), 0)).field())
                .isEqualTo("tenants");
        installation.lakeFormation.unknown.clear();
        put(lake, true, List.of(), 0);
        assertThat(refusal(lake, new PutGrant(ANALYST, true, List.of(), 0)).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(lake, new RemoveGrant("arn:aws:iam::111122223333:role/X")).code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void whereItIsOffLakeFormationIsNotAsked() {
        LakeHandler lake = lake("off");

        assertThat(ask(lake, new ListGrants()))
                .isEqualTo(new Access(Access.Mode.OFF, List.of(), List.of()));
        Failure refused = refusal(lake, new PutGrant(ANALYST, true, List.of(), 0));
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_ALLOWED);
        ask(lake, new ReconcileDeliveries());
        assertThat(installation.lakeFormation.writes).isZero();
    }
}
