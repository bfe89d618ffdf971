package io.amcinsights.desktop.aws;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.AccountInfo;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.sso.model.SsoException;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;
import software.amazon.awssdk.services.ssooidc.model.SsoOidcException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Being signed in at an {@link IdentityCenter}. Tokens and keys are in memory alone: they end with
 * this object, or with the process.
 */
public final class PortalSession implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PortalSession.class.getName());
    private static final Messages MESSAGES = Messages.of(PortalSession.class);

    /** What is about to run out is renewed before it does. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    /** More at once, and AWS asks to slow down. */
    private static final int AT_ONCE = 6;

    private final IdentityCenter center;
    private final RegisterClientResponse client;
    private final SsoOidcClient oidc;
    private final SsoClient portal;
    private final SdkHttpClient http;
    private final Clock clock;
    private @Nullable Token token;
    private volatile Runnable onEnded = () -> {};

    private record Token(String access, @Nullable String refresh, Instant expires) {}

    /** What the person may become. */
    public record Assigned(String accountId, String accountName, String roleName) {}

    PortalSession(
            IdentityCenter center,
            RegisterClientResponse client,
            CreateTokenResponse token,
            SsoOidcClient oidc,
            SsoClient portal,
            SdkHttpClient http,
            Clock clock) {
        this.center = center;
        this.client = client;
        this.oidc = oidc;
        this.portal = portal;
        this.http = http;
        this.clock = clock;
        this.token = token(token, null);
    }

    private Token token(CreateTokenResponse given, @Nullable String before) {
        return new Token(
                given.accessToken(),
                given.refreshToken() == null ? before : given.refreshToken(),
                clock.instant().plusSeconds(given.expiresIn()));
    }

    /** Is told, on any thread, when AWS has ended the session. */
    public void setOnEnded(Runnable listener) {
        onEnded = listener;
    }

    /**
     * All roles in all accounts, by the account's name.
     *
     * @throws ProblemException the sign-in has ended
     */
    public List<Assigned> roles() throws InterruptedException {
        return used(
                access -> {
                    List<AccountInfo> accounts =
                            portal
                                    .listAccountsPaginator(list -> list.accessToken(access))
                                    .accountList()
                                    .stream()
                                    .toList();
                    try (ExecutorService some =
                            Executors.newFixedThreadPool(
                                    AT_ONCE, Thread.ofVirtual().name("roles-", 0).factory())) {
                        List<Callable<List<Assigned>>> questions = new ArrayList<>();
                        accounts.forEach(a -> questions.add(() -> roles(access, a)));
                        List<Assigned> all = new ArrayList<>();
                        for (Future<List<Assigned>> answer : some.invokeAll(questions)) {
                            all.addAll(answer.get());
                        }
                        all.sort(
                                Comparator.comparing(
                                                Assigned::accountName,
                                                String.CASE_INSENSITIVE_ORDER)
                                        .thenComparing(Assigned::accountId)
                                        .thenComparing(Assigned::roleName));
                        return List.copyOf(all);
                    } catch (ExecutionException e) {
                        if (e.getCause() instanceof RuntimeException why) {
                            throw why;
                        }
                        throw new IllegalStateException(e);
                    }
                });
    }

    private List<Assigned> roles(String access, AccountInfo account) {
        return portal
                .listAccountRolesPaginator(
                        list -> list.accessToken(access).accountId(account.accountId()))
                .roleList()
                .stream()
                .map(
                        role ->
                                new Assigned(
                                        account.accountId(),
                                        account.accountName() == null
                                                ? account.accountId()
                                                : account.accountName(),
                                        role.roleName()))
                .toList();
    }

    /** The account, with the rights of a role and with keys that are renewed as long as we may. */
    public AwsAccount account(Assigned role, String region) {
        return new AwsAccount(
                null,
                new AwsAccount.Role(center, role.accountId(), role.roleName()),
                "",
                region,
                new Keys(role),
                center.local());
    }

    public IdentityCenter center() {
        return center;
    }

    /** Whether AWS still knows the session, which it is asked; nobody is told where it does not. */
    public boolean lasts() throws InterruptedException {
        try {
            portal.listAccounts(list -> list.accessToken(access()).maxResults(1));
            return true;
        } catch (Ended e) {
            return false;
        } catch (SsoException e) {
            if (e.statusCode() == 401) {
                return false;
            }
            throw e;
        }
    }

    /** Ends the session at AWS, and forgets its tokens. */
    @Override
    public void close() {
        Token last;
        synchronized (this) {
            last = token;
            token = null;
        }
        try {
            if (last != null) {
                portal.logout(logout -> logout.accessToken(last.access()));
            }
        } catch (SdkException e) {
            // It ends by itself; what mattered here is that nobody has the token any more.
            LOG.log(Level.FINE, "The session was not ended at AWS", e);
        } finally {
            oidc.close();
            portal.close();
            http.close();
        }
    }

    /** The keys of a role, asked for when they are needed. */
    private final class Keys implements AwsCredentialsProvider {

        private final Assigned role;
        private @Nullable AwsSessionCredentials last;
        private Instant expires = Instant.EPOCH;

        Keys(Assigned role) {
            this.role = role;
        }

        @Override
        public synchronized AwsCredentials resolveCredentials() {
            Instant now = clock.instant();
            AwsSessionCredentials known = last;
            if (known != null && now.isBefore(expires.minus(EARLY))) {
                return known;
            }
            try {
                RoleCredentials given =
                        used(
                                access ->
                                        portal.getRoleCredentials(
                                                        r ->
                                                                r.accessToken(access)
                                                                        .accountId(role.accountId())
                                                                        .roleName(role.roleName()))
                                                .roleCredentials());
                AwsSessionCredentials keys =
                        AwsSessionCredentials.create(
                                given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
                last = keys;
                expires = Instant.ofEpochMilli(given.expiration());
                return keys;
            } catch (SdkClientException e) {
                // Nothing answered: what we have may still serve for the minutes that are left.
                if (known != null && now.isBefore(expires)) {
                    return known;
                }
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SdkClientException.create("Interrupted", e);
            }
        }
    }

    private interface Use<T> {
        T with(String access) throws InterruptedException;
    }

    /** AWS prolongs the session no more. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private <T> T used(Use<T> use) throws InterruptedException {
        try {
            return use.with(access());
        } catch (Ended e) {
            throw ended();
        } catch (SsoException e) {
            if (e.statusCode() == 401) {
                throw ended();
            }
            if (e.statusCode() == 403) {
                throw problem("portal.denied");
            }
            throw e;
        }
    }

    private synchronized String access() {
        Token known = token;
        if (known == null) {
            throw new Ended();
        }
        Instant now = clock.instant();
        if (now.isBefore(known.expires().minus(EARLY))) {
            return known.access();
        }
        String refresh = known.refresh();
        if (refresh == null) {
            if (now.isBefore(known.expires())) {
                return known.access();
            }
            throw new Ended();
        }
        try {
            Token next =
                    token(
                            oidc.createToken(
                                    t ->
                                            t.grantType("refresh_token")
                                                    .clientId(client.clientId())
                                                    .clientSecret(client.clientSecret())
                                                    .refreshToken(refresh)),
                            refresh);
            token = next;
            return next.access();
        } catch (SsoOidcException e) {
            if (e.statusCode() < 500 && !e.isThrottlingException()) {
                throw new Ended();
            }
            throw e;
        } catch (SdkClientException e) {
            if (now.isBefore(known.expires())) {
                return known.access();
            }
            throw e;
        }
    }

    private synchronized ProblemException ended() {
        token = null;
        onEnded.run();
        return problem("portal.ended");
    }

    private static ProblemException problem(String key) {
        return new ProblemException(
                Problem.of(
                        MESSAGES.text(key + ".title"),
                        MESSAGES.text(key + ".message"),
                        MESSAGES.text(key + ".next")));
    }
}
