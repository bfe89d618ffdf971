package io.amcinsights.local.signin;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Percent;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.http.UnsignedService;
import io.amcinsights.local.signin.Authorisations.Asked;
import io.amcinsights.local.signin.Clients.Client;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pages on which a person allows a program to act for them. A page is answered once, with a
 * token that only its reader knows, so no other page can answer in its place.
 */
final class SignInPages implements UnsignedService {

    static final String DEVICE = "/device";

    private static final String AUTHORIZE = "/authorize";

    private final Clients clients;
    private final Authorisations authorisations;
    private final SignInPassword password;
    private final String user;

    SignInPages(
            Clients clients, Authorisations authorisations, SignInPassword password, String user) {
        this.clients = clients;
        this.authorisations = authorisations;
        this.password = password;
        this.user = user;
    }

    /** No SDK calls it, so it has no such name at AWS. */
    @Override
    public String signingName() {
        return "sign-in-pages";
    }

    @Override
    public boolean serves(String method, String path) {
        return switch (path) {
            case AUTHORIZE, DEVICE -> Set.of("GET", "HEAD", "POST").contains(method);
            case SingleSignOn.START -> Set.of("GET", "HEAD").contains(method);
            default -> false;
        };
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        if (call.path().equals(SingleSignOn.START)) {
            return html(200, "Signed in here are programs", text(START_TEXT));
        }
        boolean post = call.method().equals("POST");
        Map<String, List<String>> given = post ? form(call) : call.query();
        if (call.path().equals(DEVICE)) {
            return post ? deviceAnswered(given) : devicePage(first(given, "user_code"), null);
        }
        return post ? answered(given) : asked(given);
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        return html(error.status(), "This does not work", text(error.getMessage()));
    }

    private static final String START_TEXT =
            "This is the start URL of the local workspace. Give it to a program that signs in with"
                + " IAM Identity Center, such as “aws configure sso”; that program then opens the"
                + " page to sign in on.";

    private Reply asked(Map<String, List<String>> query) throws AwsError {
        Client client = clients.find(first(query, "client_id"));
        if (client == null) {
            throw refused("No program is registered under this client_id. Let it begin again.");
        }
        URI redirectUri;
        try {
            redirectUri = new URI(first(query, "redirect_uri"));
        } catch (URISyntaxException e) {
            throw refused("The redirect_uri is no URI.");
        }
        // To an address that the program has not registered, nothing is ever sent.
        if (!client.sendsBackTo(redirectUri)) {
            throw refused("The program has not registered this redirect_uri.");
        }
        String state = query.containsKey("state") ? first(query, "state") : null;
        String challenge = first(query, "code_challenge");
        if (!first(query, "response_type").equals("code")) {
            return back(redirectUri, state, "unsupported_response_type", "It must be code.");
        }
        if (!client.may(Clients.CODE)) {
            return back(
                    redirectUri,
                    state,
                    "unauthorized_client",
                    "The program has not registered the grant type authorization_code.");
        }
        if (!first(query, "code_challenge_method").equals("S256")
                || !challenge.matches("[A-Za-z0-9_-]{43}")) {
            return back(
                    redirectUri,
                    state,
                    "invalid_request",
                    "It takes a code_challenge of the code_challenge_method S256.");
        }
        for (String scope : first(query, "scopes").split(" ", -1)) {
            if (!scope.isEmpty() && !client.scopes().contains(scope)) {
                return back(
                        redirectUri, state, "invalid_scope", "The program did not register it.");
            }
        }
        return page(new Asked(client, redirectUri, state, challenge), null);
    }

    private Reply page(Asked asked, @Nullable String problem) {
        return form(
                AUTHORIZE,
                authorisations.page(asked),
                "<p><b>%s</b> asks to act for you in the local workspace.</p>"
                        .formatted(escaped(asked.client().name())),
                problem);
    }

    private Reply answered(Map<String, List<String>> form) throws AwsError {
        Asked asked = authorisations.answered(first(form, "page"));
        if (asked == null) {
            throw refused(EXPIRED);
        }
        if (!allows(form)) {
            return back(
                    asked.redirectUri(),
                    asked.state(),
                    "access_denied",
                    "The person has denied the access.");
        }
        if (!password.is(first(form, "password"))) {
            return page(asked, WRONG_PASSWORD);
        }
        return redirect(
                asked.redirectUri(), asked.state(), Map.of("code", authorisations.allow(asked)));
    }

    private static final String EXPIRED =
            "This page has expired, or was answered before. Begin again in the program.";
    private static final String WRONG_PASSWORD = "This is not the password.";

    private Reply devicePage(String userCode, @Nullable String problem) {
        Client client = authorisations.waiting(userCode);
        String asks =
                client == null
                        ? "<p>A program asks to act for you in the local workspace.</p>"
                        : "<p><b>%s</b> asks to act for you in the local workspace.</p>"
                                .formatted(escaped(client.name()));
        return form(
                DEVICE,
                authorisations.devicePage(),
                asks
                        + """
                        <label for="code">Code that the program shows</label>
                        <input id="code" name="user_code" value="%s" required autocomplete="off">
                        """
                                .formatted(escaped(userCode)),
                problem);
    }

    private Reply deviceAnswered(Map<String, List<String>> form) throws AwsError {
        if (!authorisations.answeredDevicePage(first(form, "page"))) {
            throw refused(EXPIRED);
        }
        String userCode = first(form, "user_code");
        boolean allowed = allows(form);
        if (allowed && !password.is(first(form, "password"))) {
            return devicePage(userCode, WRONG_PASSWORD);
        }
        if (!authorisations.answer(userCode, allowed)) {
            return devicePage(userCode, "No program waits with this code, or it has expired.");
        }
        return html(
                200,
                allowed ? "You are signed in" : "Denied",
                text("You can close this page and go back to the program."));
    }

    private static boolean allows(Map<String, List<String>> form) {
        return first(form, "answer").equals("allow");
    }

    private Reply form(String action, String page, String asks, @Nullable String problem) {
        return html(
                200,
                "Sign in to the local workspace as " + user,
                """
                <form method="post" action="%s">
                <input type="hidden" name="page" value="%s">
                %s
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password"\
                 autofocus>
                <p class="hint">It is in the file <code>%s</code>, which only you can read.</p>
                %s
                <p><button name="answer" value="allow">Allow</button>
                <button name="answer" value="deny" formnovalidate>Deny</button></p>
                </form>
                """
                        .formatted(
                                action,
                                page,
                                asks,
                                escaped(password.file().toString()),
                                problem == null
                                        ? ""
                                        : "<p class=\"problem\" role=\"alert\">%s</p>"
                                                .formatted(escaped(problem))));
    }

    private static Reply html(int status, String title, String content) {
        String page =
                """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
                <meta name="viewport" content="width=device-width">
                <style>
                :root {color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif}
                body {max-width: 28rem; margin: 12vh auto; padding: 0 1rem}
                h1 {font-size: 1.25rem}
                label {display: block; margin-top: 1rem; font-weight: 600}
                input, button {font: inherit; padding: .375rem .75rem}
                input {width: 100%%; box-sizing: border-box}
                .hint {font-size: .875rem; opacity: .75; overflow-wrap: anywhere}
                .problem {color: #cf222e; font-weight: 600}
                </style></head>
                <body><h1>%1$s</h1>
                %2$s
                </body></html>
                """
                        .formatted(escaped(title), content);
        return Reply.of(status, "text/html; charset=utf-8", page)
                .with("Cache-Control", "no-store")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
                                + " frame-ancestors 'none'")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "same-origin");
    }

    private static Reply back(
            URI redirectUri, @Nullable String state, String error, String description) {
        return redirect(
                redirectUri, state, Map.of("error", error, "error_description", description));
    }

    private static Reply redirect(
            URI redirectUri, @Nullable String state, Map<String, String> answer) {
        StringBuilder target = new StringBuilder(redirectUri.toString());
        char joint = '?';
        for (Map.Entry<String, String> each : new java.util.TreeMap<>(answer).entrySet()) {
            target.append(joint)
                    .append(each.getKey())
                    .append('=')
                    .append(Percent.encode(each.getValue()));
            joint = '&';
        }
        if (state != null) {
            target.append("&state=").append(Percent.encode(state));
        }
        return Reply.empty(303)
                .with("Location", target.toString())
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer");
    }

    private static Map<String, List<String>> form(Call call) throws AwsError, IOException {
        try {
            return Percent.parameters(call.text());
        } catch (IllegalArgumentException e) {
            throw refused("The form cannot be read: " + e.getMessage());
        }
    }

    private static String first(Map<String, List<String>> values, String name) {
        List<String> all = values.get(name);
        return all == null || all.isEmpty() ? "" : all.getFirst();
    }

    private static AwsError refused(String message) {
        return new AwsError(400, "InvalidRequestException", message);
    }

    private static String text(String text) {
        return "<p>" + escaped(text) + "</p>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
