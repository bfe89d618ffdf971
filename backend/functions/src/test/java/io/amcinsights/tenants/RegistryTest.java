package io.amcinsights.tenants;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.ExportTenants;
import io.amcinsights.contract.TenantRequest.ImportTenants;
import io.amcinsights.contract.TenantRequest.ImportedRow;
import io.amcinsights.contract.TenantRequest.ImportedRow.Outcome;
import io.amcinsights.contract.TenantRequest.ListTenants;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Objects;

class RegistryTest {

    private static final String HEADER =
            "name,instanceId,accountId,marketplaceId,bucketName,bucketRegion,awsAccountId,credentialsId\n";

    private final TestInstallation installation = new TestInstallation();
    private final TenantsHandler handler = new TenantsHandler(installation.functions());

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void eachRowSaysWhatComesOfItAndTheGoodOnesAreOnboarded() {
        installation.tenant("amcr1aaaa1a", "bucket-one");
        String text =
                HEADER
                        + "Kestrel"
                        + " amcr1aaaa1a,amcr1aaaa1a,ENTITY1AA1AA11AAA1,ATVPDKIKX0DER,bucket-one,us-east-1,111122223333,default\n"
                        + "\"Brook, Fern &"
                        + " \"\"Co\"\"\",amcr2bbbb2b,ENTITY1AA1AA11AAA1,A1PA6795UKMFR9,bucket-two,us-east-1,111122223333,\n"
                        + "Wrong,amcr3cccc3c,ENTITY1AA1AA11AAA1,ATVPDKIKX0DER,Bucket_Three,us-east-1,111122223333,default\n"
                        + "Twice,amcr2bbbb2b,ENTITY1AA1AA11AAA1,ATVPDKIKX0DER,bucket-four,us-east-1,111122223333,default\n"
                        + "Theirs,amcr5eeee5e,ENTITY1AA1AA11AAA1,ATVPDKIKX0DER,bucket-one,us-east-1,111122223333,default\n";

        List<ImportedRow> planned = ask(handler, new ImportTenants(text, true)).rows();
        assertThat(planned)
                .extracting(ImportedRow::row, ImportedRow::outcome, RegistryTest::field)
                .containsExactly(
                        tuple(2, Outcome.SAME, ""),
                        tuple(3, Outcome.NEW, ""),
                        tuple(4, Outcome.REFUSED, "bucketName"),
                        tuple(5, Outcome.REFUSED, "instanceId"),
                        tuple(6, Outcome.REFUSED, "bucketName"));
        assertThat(installation.machines.started).isEmpty();

        assertThat(ask(handler, new ImportTenants(text, false)).rows()).isEqualTo(planned);
        assertThat(ask(handler, new ListTenants()).tenants())
                .extracting(Tenant::name, Tenant::region, Tenant::credentialsId)
                .containsExactly(
                        tuple("Brook, Fern & \"Co\"", AmcRegion.EU, "default"),
                        tuple("Kestrel amcr1aaaa1a", AmcRegion.NA, "default"));
        assertThat(installation.machines.started).hasSize(1);
        assertThat(ask(handler, new ImportTenants(text, false)).rows())
                .extracting(ImportedRow::outcome)
                .containsExactly(
                        Outcome.SAME,
                        Outcome.SAME,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.REFUSED);
    }

    private static String field(ImportedRow row) {
        Failure problem = row.problem();
        return problem == null ? "" : Objects.requireNonNullElse(problem.field(), "");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsExportedIsReadAsTheSame(ExportTenants.Format format) {
        installation.tenant("amcr1aaaa1a");
        installation.tenant("amcr2bbbb2b");
        String text = ask(handler, new ExportTenants(format)).text();
        assertThat(ask(handler, new ImportTenants(text, false)).rows())
                .extracting(ImportedRow::outcome)
                .containsExactly(Outcome.SAME, Outcome.SAME);
    }

    @Test
    void aPayloadOfTheRetiredSolutionIsTaken() {
        String payload =
                """
                {"customer_details": {"customer_id": "democustomer", "customer_name": "DemoCustomer",
                  "auth_id": null, "bucket_exists": "true",
                  "amc": {"aws_orange_account_id": "111111111111", "bucket_name": "amc-customer-1",
                    "instance_id": "amcabc123", "amazon_ads_advertiser_id": "ENTITYASDFGHHJK",
                    "amazon_ads_marketplace_id": "ATVPDKIKX0DER"}}}
                """;
        String another = payload.replace("amcabc123", "amcabc124").replace("\"true\"", "\"false\"");
        List<ImportedRow> rows =
                ask(handler, new ImportTenants("[%s, %s]".formatted(payload, another), false))
                        .rows();
        assertThat(rows)
                .extracting(ImportedRow::outcome)
                .containsExactly(Outcome.NEW, Outcome.REFUSED);
        assertThat(ask(handler, new ListTenants()).tenants().getFirst().draft())
                .isEqualTo(
                        new TenantDraft(
                                "DemoCustomer",
                                "amcabc123",
                                "ENTITYASDFGHHJK",
                                "ATVPDKIKX0DER",
                                AmcRegion.NA,
                                "amc-customer-1",
                                "us-east-1",
                                "111122223333",
                                "default"));
    }

    @Test
    void whatIsNeitherCsvNorJsonIsRefusedAsAWhole() {
        assertThat(refusal(handler, new ImportTenants("{\"name\": ", false)).field())
                .isEqualTo("text");
    }
}
