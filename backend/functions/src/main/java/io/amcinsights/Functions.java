package io.amcinsights;

import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.aws.AwsPorts;
import io.amcinsights.ports.Ports;
import io.amcinsights.tenants.BucketAccess;
import io.amcinsights.tenants.Provisioning;
import io.amcinsights.tenants.TenantStore;
import io.amcinsights.tenants.Tenants;

import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.time.Clock;
import java.util.Map;

/**
 * The composition root of the functions. A handler takes what it needs; nothing else is built, so
 * that a function need not have the environment of another.
 */
public final class Functions {

    /** The AWS services that the functions call as such. */
    public record Clients(S3Client s3, SfnClient machines, GlueClient glue) {}

    private final Map<String, String> environment;
    private final Ports ports;
    private final Clients clients;
    private final Clock clock;

    /**
     * @param environment of one function, as the template gives it
     */
    public Functions(Map<String, String> environment, Ports ports, Clients clients, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.ports = ports;
        this.clients = clients;
        this.clock = clock;
    }

    /** The functions of this Lambda, on AWS. */
    public static Functions aws() {
        return OnAws.FUNCTIONS;
    }

    /** Made once, when the first handler asks, and kept in the function's snapshot. */
    private static final class OnAws {
        private static final Functions FUNCTIONS = make();

        private static Functions make() {
            SdkHttpClient http = UrlConnectionHttpClient.create();
            Map<String, String> environment = System.getenv();
            return new Functions(
                    environment,
                    new AwsPorts(environment, http),
                    new Clients(
                            S3Client.builder().httpClient(http).build(),
                            SfnClient.builder().httpClient(http).build(),
                            GlueClient.builder().httpClient(http).build()),
                    Clock.systemUTC());
        }
    }

    public Tenants tenants() {
        return new Tenants(
                tenantStore(), amc(), clients.machines(), setting("TENANT_PROVISIONING"), clock);
    }

    public Provisioning provisioning() {
        return new Provisioning(
                tenantStore(),
                amc(),
                new BucketAccess(clients.s3(), setting("AWS_REGION")),
                clients.glue(),
                setting("DATABASE"),
                ports.notices(),
                clock);
    }

    private TenantStore tenantStore() {
        return new TenantStore(ports.documents());
    }

    private AmcClient amc() {
        return new AmcClient(
                new AmcHosts(
                        environment.getOrDefault("AMC_API_URL", ""),
                        environment.getOrDefault("AMC_TOKEN_URL", "")),
                ports.secrets(),
                setting("CREDENTIALS_PREFIX"),
                Invocation::timeLeft,
                clock);
    }

    private String setting(String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(
                    "The function's environment lacks %s; deploy the installation again."
                            .formatted(name));
        }
        return value;
    }
}
