package io.amcinsights.amc;

import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.ports.Secrets;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The AMC Administration and Reporting APIs, by resource. Each call throws a {@link
 * FailureException}: {@link ErrorCode#AMC_REFUSED} with AMC's reason, {@link
 * ErrorCode#AMC_CREDENTIALS}, {@link ErrorCode#INVALID_REQUEST} for what AMC could only refuse, or
 * {@link ErrorCode#AMC_UNAVAILABLE} when AMC could not be reached in the time that the caller has.
 * Source: Amazon Ads, AMC Administration and AMC Reporting API references.
 */
public final class AmcClient {

    /** Connections are worth keeping, and each client would have threads of its own. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    private final AmcHosts hosts;
    private final AmcTokens tokens;
    private final AmcInstances instances;
    private final AmcWorkflows workflows;
    private final AmcExecutions executions;
    private final AmcDownloads downloads;
    private final AmcSchedules schedules;
    private final AmcDataSources dataSources;

    /**
     * @param secretPrefix the credentials' secrets are named so, followed by their id
     * @param timeLeft how long the present caller can wait
     */
    public AmcClient(
            AmcHosts hosts,
            Secrets secrets,
            String secretPrefix,
            Supplier<Duration> timeLeft,
            Clock clock,
            CredentialsWatch watch) {
        this(
                hosts,
                secrets,
                secretPrefix,
                clock,
                new Retrying(HTTP, timeLeft, clock, Thread::sleep),
                watch);
    }

    AmcClient(
            AmcHosts hosts,
            Secrets secrets,
            String secretPrefix,
            Clock clock,
            Retrying retrying,
            CredentialsWatch watch) {
        this.hosts = hosts;
        tokens = new AmcTokens(secrets, secretPrefix, hosts, retrying, clock, watch);
        var transport = new AmcTransport(hosts, tokens, retrying);
        instances = new AmcInstances(transport);
        workflows = new AmcWorkflows(transport);
        executions = new AmcExecutions(transport, clock);
        downloads = new AmcDownloads(transport);
        schedules = new AmcSchedules(transport);
        dataSources = new AmcDataSources(transport);
    }

    /**
     * The page where an Amazon user lets a Login with Amazon application act for them.
     *
     * @param state comes back with the code
     * @param challenge the SHA-256 hash, in base64url, of {@link AmcGrant#verifier}
     */
    public URI consentPage(
            AmcRegion region, String clientId, String redirectUri, String state, String challenge) {
        return hosts.consent(region, clientId, redirectUri, state, challenge);
    }

    /**
     * Exchanges what the consent page sent back, and keeps the credentials under their id: this
     * installation acts for the Amazon user from now on. A code lives five minutes and works once.
     */
    public void authorize(String credentialsId, AmcGrant grant) {
        tokens.exchange(credentialsId, grant);
    }

    /** Passes where Login with Amazon accepts the credentials now, whatever it did before. */
    public void checkAuthorized(String credentialsId, AmcRegion region) {
        tokens.renew(credentialsId, region);
    }

    public AmcInstances instances() {
        return instances;
    }

    public AmcWorkflows workflows() {
        return workflows;
    }

    public AmcExecutions executions() {
        return executions;
    }

    public AmcDownloads downloads() {
        return downloads;
    }

    public AmcSchedules schedules() {
        return schedules;
    }

    public AmcDataSources dataSources() {
        return dataSources;
    }
}
