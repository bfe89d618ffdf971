package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;

/** The rules of single fields: what may be entered, and the words for what may not. */
class FieldRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amc-kestrel-1a2b3c4d",
                "a.b",
                "123",
                "abcdefghij",
                "my.bucket-2026.results"
            })
    void acceptsBucketNames(String name) {
        assertThat(BucketName.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                    | Enter the name
                    ab                    | this has 2
                    Amc-Results           | lower-case
                    amc_results           | lower-case
                    s3://amc-results      | lower-case
                    -amc                  | begins and ends
                    amc.                  | begins and ends
                    a..b                  | two dots
                    192.168.5.4           | IP address
                    xn--results           | keeps
                    results--ol-s3        | keeps
                    """)
    void refusesBucketNames(String name, String words) {
        assertThat(BucketName.problem(name))
                .hasValueSatisfying(problem -> assertThat(problem).contains(words));
    }

    @Test
    void countsTheLettersOfABucketName() {
        assertThat(BucketName.problem("a".repeat(63))).isEmpty();
        assertThat(BucketName.problem("a".repeat(64)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("64"));
    }

    @ParameterizedTest
    @CsvSource({"12345678901, 12 digits", "1234-5678-9012, 12 digits", "'', Enter the AWS account"})
    void refusesAccountIds(String id, String words) {
        assertThat(AwsAccountId.problem(id))
                .hasValueSatisfying(problem -> assertThat(problem).contains(words));
        assertThat(AwsAccountId.problem("123456789012")).isEmpty();
    }

    @Test
    void checksAWindow() {
        assertThat(TimeWindow.of(TimeWindow.Type.PREVIOUS_MONTH, "Europe/London").problems())
                .isEmpty();
        assertThat(TimeWindow.explicit("TODAY(-30)", "2027-01-31", "UTC").problems()).isEmpty();
        assertThat(new TimeWindow(TimeWindow.Type.EXPLICIT, null, "soon", "Mars/Base").problems())
                .containsOnlyKeys("zone", "start", "end");
    }

    @Test
    void checksATenantDraftFieldByField() {
        TenantDraft draft =
                new TenantDraft(
                        "Kestrel Outdoor",
                        "amckestrel1",
                        "ENTITY1A2B3C4D",
                        "ATVPDKIKX0DER",
                        AmcRegion.NA,
                        "amc-kestrel-1a2b3c4d",
                        "us-east-1",
                        "123456789012",
                        "default");
        assertThat(draft.problems()).isEmpty();

        TenantDraft wrong =
                new TenantDraft(
                        " ", "kestrel", "123", "US", AmcRegion.NA, "Kestrel", "virginia", "1", "");
        assertThat(wrong.problems())
                .containsOnlyKeys(
                        "name",
                        "instanceId",
                        "accountId",
                        "marketplaceId",
                        "bucketName",
                        "awsAccountId",
                        "bucketRegion",
                        "credentialsId");
    }

    @ParameterizedTest
    @CsvSource({
        "'', workflowId",
        "reach and frequency, workflowId",
        "-reach, workflowId",
        "analytics-1, workflowId",
        "transient_1, workflowId"
    })
    void refusesWorkflowIds(String id, String field) {
        assertThat(workflow(id, "Reach", "SELECT 1").problems()).containsOnlyKeys(field);
    }

    @Test
    void checksAWorkflowFieldByField() {
        assertThat(workflow("reach_1.0-US", "Reach", "SELECT 1").problems()).isEmpty();
        assertThat(workflow("a".repeat(121), "t".repeat(121), " ").problems())
                .containsOnlyKeys("workflowId", "title", "sql");
    }

    private static Workflow workflow(String id, String title, String sql) {
        return new Workflow("amckestrel1", id, title, "", sql, List.of(), null, Instant.EPOCH, 0);
    }
}
