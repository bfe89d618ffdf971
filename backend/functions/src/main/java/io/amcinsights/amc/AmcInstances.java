package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.text;
import static io.amcinsights.amc.AmcTransport.unwrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.AmcInstance;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** AMC accounts, their instances, and whose ads feed those: the Administration API. */
public final class AmcInstances {

    private static final String INSTANCES = "/amc/instances";

    private final AmcTransport transport;

    AmcInstances(AmcTransport transport) {
        this.transport = transport;
    }

    /**
     * All instances that the credentials reach, by name. Accounts are asked one after the other, as
     * AMC slows down who asks at once; one that refuses to list is passed over, as long as another
     * answers.
     */
    public List<AmcInstance> discover(String credentialsId) {
        Map<String, AmcInstance> found = new LinkedHashMap<>();
        FailureException refused = null;
        boolean answered = false;
        for (AmcRegion region : transport.hosts().regions()) {
            try {
                for (Named account : accounts(credentialsId, region)) {
                    try {
                        list(account).forEach(i -> found.putIfAbsent(i.instanceId(), i));
                        answered = true;
                    } catch (FailureException e) {
                        refused = passOver(e);
                    }
                }
                answered = true;
            } catch (FailureException e) {
                refused = passOver(e);
            }
        }
        if (!answered && refused != null) {
            throw refused;
        }
        return found.values().stream()
                .sorted((a, b) -> a.instanceName().compareToIgnoreCase(b.instanceName()))
                .toList();
    }

    private static FailureException passOver(FailureException e) {
        ErrorCode code = e.failure().code();
        if (code == ErrorCode.AMC_REFUSED || code == ErrorCode.AMC_CREDENTIALS) {
            return e;
        }
        throw e;
    }

    private record Named(AmcAccount account, String name) {}

    private List<Named> accounts(String credentialsId, AmcRegion region) {
        List<Named> accounts = new ArrayList<>();
        for (JsonNode one :
                AmcTransport.pages(
                        query -> transport.get(credentialsId, region, "/amc/accounts?" + query),
                        "amcAccounts",
                        "amcAccount")) {
            String marketplaceId = one.path("marketplaceId").asText();
            var account =
                    new AmcAccount(
                            credentialsId,
                            AmcIds.region(marketplaceId),
                            one.path("accountId").asText(),
                            marketplaceId);
            accounts.add(new Named(account, one.path("accountName").asText()));
        }
        return accounts;
    }

    private List<AmcInstance> list(Named account) {
        return transport.pages(account.account(), INSTANCES, "instances", "instance").stream()
                .map(json -> instance(json, account.account(), account.name()))
                .toList();
    }

    /** One instance. */
    public AmcInstance get(AmcAddress address) {
        JsonNode answer = transport.get(address.account(), path(address));
        return instance(unwrap(answer, "instance"), address.account(), "");
    }

    /** The advertisers whose ads an instance knows of. */
    public List<AmcAdvertiser> advertisers(AmcAddress address) {
        return transport
                .pages(
                        address.account(),
                        path(address) + "/advertisers",
                        "advertisers",
                        "advertiser")
                .stream()
                .map(AmcInstances::advertiser)
                .toList();
    }

    /**
     * Asks for an instance; AMC makes it within hours.
     *
     * @param token the same for the same wish: for ten minutes AMC makes one of it
     * @return its id
     */
    public String create(AmcAccount account, AmcInstanceDraft draft, String token) {
        JsonNode answer =
                transport.call(
                        account,
                        "POST",
                        INSTANCES,
                        body(draft).put("idempotencyToken", token),
                        true);
        return unwrap(answer, "instance").path("instanceId").asText();
    }

    /** Changes an instance, once AMC has made it. */
    public void update(AmcAddress address, AmcInstanceDraft draft) {
        transport.call(address.account(), "PUT", path(address), body(draft), true);
    }

    /**
     * Removes an instance with all that it holds. It is sent once: to whom asks for an instance
     * that is gone, AMC says the same as for a foreign one. After {@link
     * ErrorCode#AMC_UNAVAILABLE}, {@link #discover} tells whether it is there still.
     */
    public void delete(AmcAddress address) {
        transport.call(address.account(), "DELETE", path(address), null, false);
    }

    private static String path(AmcAddress address) {
        return INSTANCES + "/" + encode(address.instanceId());
    }

    private static ObjectNode body(AmcInstanceDraft draft) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("instanceName", draft.instanceName());
        json.put("advertiserName", draft.advertiserName());
        if (!draft.awsAccountId().isEmpty()) {
            json.put("awsAccountId", draft.awsAccountId());
        }
        if (!draft.bucketName().isEmpty()) {
            json.put("s3BucketName", draft.bucketName());
        }
        return json;
    }

    private static AmcInstance instance(JsonNode json, AmcAccount caller, String accountName) {
        String created = json.path("creationStatus").asText();
        String type = json.path("instanceType").asText();
        return new AmcInstance(
                json.path("instanceId").asText(),
                json.path("instanceName").asText(),
                json.path("customerCanonicalName").asText(),
                caller.accountId(),
                accountName,
                caller.marketplaceId(),
                caller.region(),
                json.path("s3BucketName").asText(""),
                json.path("s3BucketRegion").asText(""),
                json.path("awsAccountId").asText(""),
                type.equalsIgnoreCase("SANDBOX"),
                created.isEmpty() || created.equals("COMPLETED") || created.equals("SUCCEEDED"),
                null);
    }

    private static AmcAdvertiser advertiser(JsonNode json) {
        List<String> types = new ArrayList<>();
        json.path("configuredAdvertiserTypes").forEach(t -> types.add(t.asText()));
        return new AmcAdvertiser(
                json.path("id").asText(),
                json.path("name").asText(),
                json.path("type").asText(),
                text(json, "marketplaceId"),
                types);
    }
}
