package io.amcinsights.local.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.local.http.Percent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person at the sign-in page, by plain HTTP. */
public final class SignInBrowser implements AutoCloseable {

    private static final Pattern TOKEN = Pattern.compile("name=\"page\" value=\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();

    /** What a program opens in the browser, as the AWS CLI makes it. */
    public static URI authorize(
            URI workspace, String clientId, String redirectUri, String state, String verifier) {
        return with(
                workspace.resolve("/authorize"),
                Map.of(
                        "response_type",
                        "code",
                        "client_id",
                        clientId,
                        "redirect_uri",
                        redirectUri,
                        "state",
                        state,
                        "code_challenge_method",
                        "S256",
                        "code_challenge",
                        Tokens.hash(verifier),
                        "scopes",
                        "sso:account:access"));
    }

    public static URI with(URI page, Map<String, String> parameters) {
        return URI.create(page + "?" + encoded(parameters));
    }

    public HttpResponse<String> get(URI page) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    }

    /** Opens a page and answers it. */
    public HttpResponse<String> answer(URI page, String answer, String password)
            throws IOException, InterruptedException {
        HttpResponse<String> shown = get(page);
        assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
        return answer(shown, Map.of("answer", answer, "password", password));
    }

    /** Fills in the form of a page. */
    public HttpResponse<String> answer(HttpResponse<String> shown, Map<String, String> fields)
            throws IOException, InterruptedException {
        Map<String, String> form = new TreeMap<>(fields);
        form.put("page", token(shown));
        URI page = shown.uri();
        return http.send(
                HttpRequest.newBuilder(page.resolve(page.getPath()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", "http://" + page.getAuthority())
                        .POST(BodyPublishers.ofString(encoded(form)))
                        .build(),
                BodyHandlers.ofString());
    }

    static String token(HttpResponse<String> shown) {
        Matcher matcher = TOKEN.matcher(shown.body());
        assertThat(matcher.find()).as(shown.body()).isTrue();
        return matcher.group(1);
    }

    /** The answer that a program gets by way of the browser. */
    public static Map<String, String> sentBack(HttpResponse<String> reply) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(303);
        URI target = URI.create(reply.headers().firstValue("location").orElseThrow());
        return Percent.parameters(target.getRawQuery()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getFirst()));
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + Percent.encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        http.close();
    }
}
