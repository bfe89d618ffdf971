package io.amcinsights.local.signin;

import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AwsService;
import io.amcinsights.local.store.Database;

import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;

/** The workspace's stand-in for IAM Identity Center, and STS. */
public final class SingleSignOn {

    /** Below the workspace's address: what people give as the start URL. */
    public static final String START = "/start";

    private SingleSignOn() {}

    /**
     * The services that people and programs sign in with.
     *
     * @param roles what people may become here: the ARN of each role by its name
     * @param user the name of the person whose workspace it is
     */
    public static List<AwsService> services(
            Database database,
            AccessKeys keys,
            InstantSource clock,
            SignInPassword password,
            String accountId,
            SortedMap<String, String> roles,
            String user) {
        Clients clients = new Clients(database, clock);
        PortalSessions sessions = new PortalSessions(database, clock);
        Authorisations authorisations = new Authorisations(clock);
        return List.of(
                new SsoOidcService(clients, authorisations, sessions),
                new SignInPages(clients, authorisations, password, user),
                new SsoPortalService(sessions, keys, clock, accountId, roles, user),
                new StsService(accountId, user));
    }
}
