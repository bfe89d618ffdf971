package io.amcinsights.local.amc;

import static io.amcinsights.local.amc.SimulatedAmc.REACH;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.amc.SimulatedAmc.Reply;
import io.amcinsights.local.amc.world.World;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** The Administration API: instances that callers make, and the advertisers that feed them. */
class AdministrationTest {

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 1);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @BeforeEach
    void freeze() throws Exception {
        amc.control("PUT", "clock", "{\"frozen\":true}");
        amc.forgetToken();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
    }

    private static JsonNode create(String body) throws Exception {
        Reply reply = amc.send("POST", "/amc/instances", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body().path("instance");
    }

    private static JsonNode instance(String id) throws Exception {
        return amc.get("/amc/instances/" + id).body().path("instance");
    }

    @Test
    void makesAnInstanceThatIsThereAfterAWhile() throws Exception {
        JsonNode created =
                create(
                        "{\"instanceName\":\"Kestrel test\",\"advertiserName\":\"Kestrel"
                                + " Outdoor\"}");
        String id = created.path("instanceId").asText();
        assertThat(id).matches("amc[a-z0-9]{7,9}");
        assertThat(created.path("creationStatus").asText()).isEqualTo("REQUESTED");
        String early = "{\"workflow\":{\"sqlQuery\":\"" + REACH + "\"}}";
        assertThat(
                        amc.send("POST", "/amc/reporting/" + id + "/workflowExecutions", early)
                                .details())
                .isEqualTo("Instance " + id + " is not ready: its creation is not completed.");
        assertThat(amc.send("PUT", "/amc/instances/" + id, "{}").status()).isEqualTo(400);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT2S\"}");
        assertThat(instance(id).path("creationStatus").asText()).isEqualTo("IN_PROGRESS");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT2S\"}");
        assertThat(instance(id).path("creationStatus").asText()).isEqualTo("COMPLETED");
        assertThat(instance(id).path("s3BucketName").asText()).isEmpty();
        assertThat(instance(id).path("awsAccountId").asText()).isEmpty();

        Reply ran = amc.send("POST", "/amc/reporting/" + id + "/workflowExecutions", early);
        String execution = ran.body().path("workflowExecutionId").asText();
        amc.control("POST", "clock/advance", "{\"duration\":\"PT5S\"}");
        JsonNode done = amc.get("/amc/reporting/" + id + "/workflowExecutions/" + execution).body();
        assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(done.path("outputS3URI").asText()).isEqualTo("N/A");

        assertThat(
                        amc.send(
                                        "PUT",
                                        "/amc/instances/" + id,
                                        "{\"s3BucketName\":\"amc-mine\",\"awsAccountId\":\"111122223333\"}")
                                .body()
                                .path("instance")
                                .path("s3BucketName")
                                .asText())
                .isEqualTo("amc-mine");
        assertThat(instance(id).path("awsAccountId").asText()).isEqualTo("111122223333");
        Reply deleted = amc.send("DELETE", "/amc/instances/" + id, null);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.header("x-amz-request-id")).isNotEmpty();
        assertThat(amc.get("/amc/instances/" + id).status()).isEqualTo(403);
    }

    @Test
    void linksAnAwsAccountAndItsBucket() throws Exception {
        String path = "/amc/instances/amclrk81mx/updateCustomerAwsAccount";
        Reply reply =
                amc.send(
                        "POST",
                        path,
                        "{\"awsAccountId\":\"111122223333\",\"bucketName\":\"amc-mine\"}");
        assertThat(reply.body().path("cfnBucketUrl").asText())
                .startsWith("https://console.aws.amazon.com/cloudformation/home?");
        assertThat(instance("amclrk81mx").path("s3BucketName").asText()).isEqualTo("amc-mine");
        assertThat(instance("amclrk81mx").path("awsAccountId").asText()).isEqualTo("111122223333");
        assertThat(amc.send("POST", path, "{\"awsAccountId\":\"111122223333\"}").status())
                .isEqualTo(400);
        assertThat(
                        amc.send(
                                        "POST",
                                        path,
                                        "{\"awsAccountId\":\"111122223333\",\"bucketName\":\"../x\"}")
                                .details())
                .isEqualTo("s3BucketName is not the name of a bucket: ../x");
    }

    @Test
    void givesTheSameInstanceForTheSameToken() throws Exception {
        String body = "{\"instanceName\":\"Once only\",\"idempotencyToken\":\"t-1\"}";
        String id = create(body).path("instanceId").asText();
        assertThat(create(body).path("instanceId").asText()).isEqualTo(id);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT11M\"}");
        assertThat(create(body).path("instanceId").asText()).isNotEqualTo(id);
    }

    @Test
    void refusesNamesAndAccountsOfTheWrongForm() throws Exception {
        assertThat(amc.send("POST", "/amc/instances", "{}").details())
                .isEqualTo("instanceName must have 3 to 50 letters, digits and spaces.");
        assertThat(amc.send("POST", "/amc/instances", "{\"instanceName\":\"a_b_c\"}").status())
                .isEqualTo(400);
        assertThat(
                        amc.send(
                                        "POST",
                                        "/amc/instances",
                                        "{\"instanceName\":\"abc\",\"awsAccountId\":\"12\"}")
                                .details())
                .isEqualTo("awsAccountId must have 12 digits.");
    }

    @Test
    void changesTheAdvertisersOfAnInstance() throws Exception {
        String advertisers = "/amc/instances/amckst4q7z/advertisers";
        JsonNode before = amc.get(advertisers).body();
        assertThat(before.path("advertisers").findValuesAsText("type"))
                .containsExactly("DISPLAY", "SPONSORED_ADS");
        assertThat(amc.get(advertisers + "?type=DISPLAY").body().path("totalCount").asInt())
                .isEqualTo(1);
        String add =
                "{\"advertisersToAdd\":[{\"id\":\"7403418827715\",\"type\":\"DISPLAY\"}],\"advertisersToRemove\":[]}";
        JsonNode update =
                amc.send("POST", advertisers + "/updates", add).body().path("advertiserUpdate");
        assertThat(update.path("updateId").asInt()).isZero();
        assertThat(update.path("status").asText()).isEqualTo("PENDING");
        assertThat(amc.send("POST", advertisers + "/updates", add).details())
                .isEqualTo("Update 0 of the advertisers is not completed; only one can be open.");
        assertThat(amc.get(advertisers).body().path("totalCount").asInt()).isEqualTo(2);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT2S\"}");
        assertThat(status(advertisers, 0)).isEqualTo("UPDATING");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT2S\"}");
        assertThat(status(advertisers, 0)).isEqualTo("COMPLETED");
        assertThat(amc.get(advertisers).body().path("advertisers").findValuesAsText("name"))
                .containsExactly("Kestrel Outdoor", "Kestrel Outdoor", "Larkmoor Kitchen");

        amc.send("POST", advertisers + "/updates", add.replace("7403418827715", "1"));
        amc.control("POST", "clock/advance", "{\"duration\":\"PT4S\"}");
        assertThat(status(advertisers, 1)).isEqualTo("REJECTED");
        assertThat(amc.get(advertisers + "/updates").body().path("advertiserUpdates")).hasSize(2);
        assertThat(amc.get(advertisers + "/updates/7").status()).isEqualTo(404);
    }

    private static String status(String advertisers, int update) throws Exception {
        return amc.get(advertisers + "/updates/" + update)
                .body()
                .path("advertiserUpdate")
                .path("status")
                .asText();
    }

    @Test
    void listsAccountsWithErrorsOfTheirOwnShape() throws Exception {
        assertThat(amc.get("/amc/accounts").body().path("amcAccounts"))
                .hasSameSizeAs(World.load().accounts());
        Reply refused = amc.send("GET", "/amc/accounts", null, Map.of());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body().path("message").asText())
                .isEqualTo("Access token is missing, invalid or expired");
        assertThat(refused.body().path("requestId").asText())
                .isEqualTo(refused.header("x-amz-request-id"));
    }
}
