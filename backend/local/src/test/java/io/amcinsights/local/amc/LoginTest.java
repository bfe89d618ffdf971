package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.local.amc.SimulatedAmc.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Login with Amazon: consent, codes, and how a token is refused. */
class LoginTest {

    // Of RFC 7636, appendix B.
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final String RETURN = "http://127.0.0.1:49321/signed-in";

    @TempDir static Path folder;

    private static SimulatedAmc amc;

    @BeforeAll
    static void start() throws Exception {
        amc = new SimulatedAmc(folder, 50);
    }

    @AfterAll
    static void stop() {
        amc.close();
    }

    @AfterEach
    void reset() throws Exception {
        amc.control("POST", "reset", null);
    }

    private static Map<String, String> asked() {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("client_id", amc.simulator().clientId());
        asked.put("scope", "advertising::campaign_management");
        asked.put("response_type", "code");
        asked.put("redirect_uri", RETURN);
        asked.put("state", "s t&1");
        asked.put("code_challenge", CHALLENGE);
        asked.put("code_challenge_method", "S256");
        return asked;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(
                        f ->
                                f.getKey()
                                        + "="
                                        + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Presses the button of the page; gives what the redirect carries. */
    private static Map<String, String> decide(String decision) throws Exception {
        Map<String, String> fields = asked();
        fields.put("decision", decision);
        Reply reply = amc.send("POST", "/ap/oa", form(fields), Map.of());
        assertThat(reply.status()).isEqualTo(302);
        URI to = URI.create(reply.header("location"));
        assertThat(to.toString()).startsWith(RETURN + "?");
        return AmcCall.parameters(to.getRawQuery());
    }

    private static Map<String, String> exchange(String code) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("redirect_uri", RETURN);
        fields.put("client_id", amc.simulator().clientId());
        fields.put("client_secret", amc.simulator().clientSecret());
        fields.put("code_verifier", VERIFIER);
        return fields;
    }

    private static Reply token(Map<String, String> fields) throws Exception {
        return amc.send(
                "POST",
                "/auth/o2/token",
                form(fields),
                Map.of("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"));
    }

    @Test
    void letsAClientInWithTheUsersConsent() throws Exception {
        Reply page = amc.send("GET", "/ap/oa?" + form(asked()), null, Map.of());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains(
                        "name=\"state\" value=\"s t&amp;1\"", "value=\"allow\"", "value=\"deny\"");
        assertThat(page.header("content-security-policy")).contains("frame-ancestors 'none'");

        Map<String, String> back = decide("allow");
        assertThat(back)
                .containsEntry("state", "s t&1")
                .containsEntry("scope", "advertising::campaign_management");
        String code = back.getOrDefault("code", "");
        Reply token = token(exchange(code));
        assertThat(token.status()).as(token.text()).isEqualTo(200);
        assertThat(token.body().path("refresh_token").asText())
                .isEqualTo(amc.simulator().refreshToken());
        Map<String, String> headers = amc.headers();
        headers.put("Authorization", "Bearer " + token.body().path("access_token").asText());
        assertThat(amc.send("GET", "/amc/accounts", null, headers).status()).isEqualTo(200);

        Reply again = token(exchange(code));
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text())
                .isEqualTo(
                        "{\"error\":\"invalid_grant\",\"error_description\":\"The request has an"
                                + " invalid grant parameter : code\"}");
    }

    @Test
    void tellsTheClientThatTheUserRefused() throws Exception {
        assertThat(decide("deny"))
                .containsEntry("error", "access_denied")
                .containsEntry("state", "s t&1")
                .doesNotContainKey("code");
    }

    @Test
    void checksWhatACodeWasHandedOutFor() throws Exception {
        Map<String, String> elsewhere = exchange(decide("allow").getOrDefault("code", ""));
        elsewhere.put("redirect_uri", RETURN + "2");
        assertThat(token(elsewhere).body().path("error_description").asText())
                .endsWith("parameter : redirect_uri");
        Map<String, String> stranger = exchange(decide("allow").getOrDefault("code", ""));
        stranger.put("code_verifier", VERIFIER + "x");
        assertThat(token(stranger).body().path("error_description").asText())
                .endsWith("parameter : code_verifier");
        Map<String, String> incomplete = exchange(decide("allow").getOrDefault("code", ""));
        incomplete.remove("redirect_uri");
        assertThat(token(incomplete).body().path("error").asText()).isEqualTo("invalid_request");
    }

    @Test
    void forgetsACodeAfterFiveMinutes() throws Exception {
        amc.control("PUT", "clock", "{\"frozen\":true}");
        String early = decide("allow").getOrDefault("code", "");
        String late = decide("allow").getOrDefault("code", "");
        amc.control("POST", "clock/advance", "{\"duration\":\"PT4M59S\"}");
        assertThat(token(exchange(early)).status()).isEqualTo(200);
        amc.control("POST", "clock/advance", "{\"duration\":\"PT1S\"}");
        assertThat(token(exchange(late)).body().path("error").asText()).isEqualTo("invalid_grant");
    }

    @Test
    void doesNotSendCodesWhereItShouldNot() throws Exception {
        Map<String, String> asked = asked();
        asked.put("redirect_uri", "http://example.com/");
        assertThat(amc.send("GET", "/ap/oa?" + form(asked), null, Map.of()).status())
                .isEqualTo(400);
        asked = asked();
        asked.put("client_id", "amzn1.application-oa2-client.<b>");
        Reply unknown = amc.send("GET", "/ap/oa?" + form(asked), null, Map.of());
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text()).contains("The client_id is unknown.");
        asked = asked();
        asked.put("scope", "profile");
        assertThat(amc.send("GET", "/ap/oa?" + form(asked), null, Map.of()).header("location"))
                .isEqualTo(RETURN + "?error=invalid_scope&state=s+t%261");
        Reply forged =
                amc.send("POST", "/ap/oa", form(asked()), Map.of("Origin", "https://a.example"));
        assertThat(forged.status()).isEqualTo(403);
    }

    @Test
    void refusesWhatIsNoTokenRequest() throws Exception {
        Map<String, String> fields = exchange("x");
        fields.put("grant_type", "password");
        assertThat(token(fields).body().path("error").asText()).isEqualTo("unsupported_grant_type");
        fields.remove("grant_type");
        assertThat(token(fields).body().path("error").asText()).isEqualTo("invalid_request");
        Reply broken =
                amc.send("POST", "/auth/o2/token", "{", Map.of("Content-Type", "application/json"));
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.body().path("error").asText()).isEqualTo("invalid_request");
    }
}
