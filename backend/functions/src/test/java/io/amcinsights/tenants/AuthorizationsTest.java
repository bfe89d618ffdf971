package io.amcinsights.tenants;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.CredentialsDraft;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.TenantRequest.BeginAuthorization;
import io.amcinsights.contract.TenantRequest.CompleteAuthorization;
import io.amcinsights.contract.TenantRequest.ConsentPage;
import io.amcinsights.contract.TenantRequest.DeleteCredentials;
import io.amcinsights.contract.TenantRequest.DiscoverInstances;
import io.amcinsights.contract.TenantRequest.ListCredentials;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

class AuthorizationsTest {

    private static final String CLIENT = "amzn1.application-oa2-client.1a2b3c";
    private static final String TOKEN = "/auth/o2/token";
    private static final String SECRET = "amc-insights/credentials/agency";

    private final TestInstallation installation = new TestInstallation();
    private final TenantsHandler handler = new TenantsHandler(installation.functions());

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void anAmazonUserLetsUsInAndWhatIsSecretStaysWithTheSecrets() {
        installation.amc.off("POST", TOKEN);
        installation.amc.on("POST", TOKEN, 200, "{\"refresh_token\":\"Atzr|new\"}");
        ConsentPage page = ask(handler, new BeginAuthorization(draft("agency", "s3cr3t")));

        assertThat(URLDecoder.decode(page.address(), StandardCharsets.UTF_8))
                .startsWith(installation.amc.url() + "/ap/oa?")
                .contains(
                        "client_id=" + CLIENT,
                        "redirect_uri=http://localhost:8719/callback",
                        "state=" + page.state(),
                        "code_challenge_method=S256")
                .doesNotContain("s3cr3t");

        Credentials credentials =
                ask(handler, new CompleteAuthorization("agency", page.state(), "code-1"));
        assertThat(credentials)
                .isEqualTo(
                        new Credentials(
                                "agency",
                                "Agency",
                                AmcRegion.EU,
                                CLIENT,
                                TestInstallation.START,
                                null,
                                List.of()));
        assertThat(installation.ports.secretValues.get(SECRET))
                .isEqualTo(
                        "{\"clientId\":\"%s\",\"clientSecret\":\"s3cr3t\",\"refreshToken\":\"Atzr|new\"}"
                                .formatted(CLIENT));
        assertThat(installation.ports.secretValues)
                .doesNotContainKey("amc-insights/credentials/pending/agency");
        assertThat(ask(handler, new ListCredentials()).credentials())
                .extracting(Credentials::label)
                .containsExactly("Agency", "default");
        assertThat(TestInstallation.call(handler, "read", "{\"operation\":\"ListCredentials\"}"))
                .doesNotContain("s3cr3t", "Atzr");
    }

    @Test
    void aSignInCountsOnceWithItsOwnStateAndForTenMinutes() {
        ConsentPage page = ask(handler, new BeginAuthorization(draft("agency", "s3cr3t")));
        Failure foreign =
                refusal(handler, new CompleteAuthorization("agency", "another state", "code-1"));
        assertThat(foreign.code()).isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(foreign.message()).contains("was not begun here");

        installation.clock.forward(Duration.ofMinutes(11));
        assertThat(
                        refusal(
                                        handler,
                                        new CompleteAuthorization("agency", page.state(), "code-1"))
                                .message())
                .contains("ten minutes");
        assertThat(installation.ports.secretValues).doesNotContainKey(SECRET);
    }

    @Test
    void theKeptSecretServesAgainOnlyForItsOwnClient() {
        installation.ports.secretValues.put(
                SECRET,
                "{\"clientId\":\"%s\",\"clientSecret\":\"kept\",\"refreshToken\":\"Atzr|1\"}"
                        .formatted(CLIENT));
        ask(handler, new BeginAuthorization(draft("agency", "")));
        assertThat(installation.ports.secretValues.get("amc-insights/credentials/pending/agency"))
                .contains("\"clientSecret\":\"kept\"");

        CredentialsDraft other =
                new CredentialsDraft(
                        "agency",
                        "Agency",
                        AmcRegion.EU,
                        CLIENT + "9",
                        "",
                        "http://localhost:8719/callback");
        assertThat(refusal(handler, new BeginAuthorization(other)).field())
                .isEqualTo("clientSecret");
    }

    @Test
    void revokedCredentialsAreNoticedOnceAndShownUntilAmazonAcceptsThemAgain() {
        installation.tenant("amcr1aaaa1a");
        installation.amc.off("POST", TOKEN);
        installation.amc.on("POST", TOKEN, 400, "{\"error\":\"invalid_grant\"}");
        for (int time = 0; time < 3; time++) {
            assertThat(refusal(handler, new DiscoverInstances("default")).code())
                    .isEqualTo(ErrorCode.AMC_CREDENTIALS);
        }
        Credentials refused = ask(handler, new ListCredentials()).credentials().getFirst();
        assertThat(Objects.requireNonNull(refused.problem()).code())
                .isEqualTo(ErrorCode.AMC_CREDENTIALS);
        assertThat(refused.tenants()).containsExactly("Kestrel amcr1aaaa1a");
        assertThat(installation.ports.sent)
                .singleElement()
                .satisfies(
                        notice ->
                                assertThat(notice.subject())
                                        .isEqualTo(
                                                "Amazon does not accept the credentials default"));

        installation.amc.off("POST", TOKEN);
        installation.amc.on(
                "POST", TOKEN, 200, "{\"access_token\":\"Atza|1\",\"expires_in\":3600}");
        installation.amc.on("GET", "/amc/accounts", 200, "{\"amcAccounts\":[]}");
        ask(handler, new DiscoverInstances("default"));
        assertThat(ask(handler, new ListCredentials()).credentials().getFirst().problem()).isNull();
    }

    @Test
    void credentialsThatATenantUsesStay() {
        installation.tenant("amcr1aaaa1a");
        Failure refused = refusal(handler, new DeleteCredentials("default"));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused.message()).contains("Kestrel amcr1aaaa1a");
        assertThat(installation.ports.secretValues).containsKey("amc-insights/credentials/default");

        installation.ports.secretValues.put(SECRET, "{\"clientId\":\"c\"}");
        ask(handler, new DeleteCredentials("agency"));
        assertThat(installation.ports.secretValues).doesNotContainKey(SECRET);
    }

    private static CredentialsDraft draft(String credentialsId, String clientSecret) {
        return new CredentialsDraft(
                credentialsId,
                "Agency",
                AmcRegion.EU,
                CLIENT,
                clientSecret,
                "http://localhost:8719/callback");
    }
}
