package io.amcinsights.local.signin;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.signin.Clients.Client;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * What programs have asked for and a person has not answered yet, or has just answered. None of it
 * outlives the process: whoever is interrupted begins again.
 */
final class Authorisations {

    static final Duration DEVICE_CODE = Duration.ofMinutes(10);
    static final Duration POLL = Duration.ofSeconds(1);

    private static final Duration PAGE = Duration.ofMinutes(10);
    private static final Duration CODE = Duration.ofMinutes(1);

    /** One that has expired is still told from one that never was. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /**
     * What a browser was sent to the sign-in page with.
     *
     * @param challenge the hash of a verifier that only the program knows
     */
    record Asked(Client client, URI redirectUri, @Nullable String state, String challenge) {}

    private enum Answer {
        PENDING,
        ALLOWED,
        DENIED
    }

    /** What a program elsewhere waits for. */
    private static final class Device {
        private final Client client;
        private final String userCode;
        private final Instant expires;
        private Answer answer = Answer.PENDING;
        private @Nullable Instant polled;

        Device(Client client, String userCode, Instant expires) {
            this.client = client;
            this.userCode = userCode;
            this.expires = expires;
        }
    }

    /** The codes of a device: the program's, and what the person types. */
    record DeviceCodes(String deviceCode, String userCode) {}

    private final InstantSource clock;
    private final Expiring<Asked> pages;
    private final Expiring<Boolean> devicePages;
    private final Expiring<Asked> codes;
    private final Expiring<Device> devices;

    Authorisations(InstantSource clock) {
        this.clock = clock;
        this.pages = new Expiring<>(clock, PAGE);
        this.devicePages = new Expiring<>(clock, PAGE);
        this.codes = new Expiring<>(clock, CODE);
        this.devices = new Expiring<>(clock, REMEMBERED);
    }

    /** Shows a page to a person; its answer must carry what this returns. */
    String page(Asked asked) {
        return pages.keep(asked);
    }

    /** What was asked on a page; the page cannot be answered again. */
    @Nullable Asked answered(String page) {
        return pages.take(page);
    }

    /** Shows the page on which a person enters a device's code. */
    String devicePage() {
        return devicePages.keep(true);
    }

    /** Whether it is a page that was shown; it cannot be answered again. */
    boolean answeredDevicePage(String page) {
        return devicePages.take(page) != null;
    }

    /** The code that a program gets through the browser. */
    String allow(Asked asked) {
        return codes.keep(asked);
    }

    /**
     * Takes a code, whether it is good for this program or not: a code is tried once.
     *
     * @throws AwsError it is not good
     */
    void redeem(Client client, String code, String redirectUri, String verifier) throws AwsError {
        Asked asked = codes.take(code);
        if (asked == null || !asked.client().id().equals(client.id())) {
            throw invalidGrant("The code is unknown, has expired, or was used before.");
        }
        if (!asked.redirectUri().toString().equals(redirectUri)) {
            throw invalidGrant("The code was sent to another redirect URI.");
        }
        if (!Tokens.same(asked.challenge(), Tokens.hash(verifier))) {
            throw invalidGrant("The code verifier does not fit the code challenge.");
        }
    }

    synchronized DeviceCodes begin(Client client) {
        String userCode = Tokens.typed(2);
        Device device = new Device(client, userCode, clock.instant().plus(DEVICE_CODE));
        return new DeviceCodes(devices.keep(device), userCode);
    }

    /** The program that waits with a code, or null if none does. */
    synchronized @Nullable Client waiting(String userCode) {
        Device device = pending(userCode);
        return device == null ? null : device.client;
    }

    /** Answers the program that waits with a code; false if none does. */
    synchronized boolean answer(String userCode, boolean allowed) {
        Device device = pending(userCode);
        if (device != null) {
            device.answer = allowed ? Answer.ALLOWED : Answer.DENIED;
        }
        return device != null;
    }

    private @Nullable Device pending(String userCode) {
        String typed = userCode.strip().toUpperCase(Locale.ROOT);
        return devices.find(
                device ->
                        device.userCode.equals(typed)
                                && device.answer == Answer.PENDING
                                && clock.instant().isBefore(device.expires));
    }

    /**
     * Returns if the person has allowed it; once.
     *
     * @throws AwsError how it stands otherwise
     */
    synchronized void poll(Client client, String deviceCode) throws AwsError {
        Device device = devices.find(deviceCode);
        if (device == null || !device.client.id().equals(client.id())) {
            throw invalidGrant("The device code is unknown, or was used before.");
        }
        Instant now = clock.instant();
        if (!now.isBefore(device.expires)) {
            throw new AwsError(400, "ExpiredTokenException", "The device code has expired.");
        }
        boolean hasty = device.polled != null && now.isBefore(device.polled.plus(POLL));
        device.polled = now;
        switch (device.answer) {
            case PENDING ->
                    throw hasty
                            ? new AwsError(
                                    400,
                                    "SlowDownException",
                                    "Ask no more often than every %d s."
                                            .formatted(POLL.toSeconds()))
                            : new AwsError(
                                    400,
                                    "AuthorizationPendingException",
                                    "Nobody has answered yet.");
            case DENIED -> {
                devices.take(deviceCode);
                throw new AwsError(
                        400, "AccessDeniedException", "The person has denied the access.");
            }
            case ALLOWED -> devices.take(deviceCode);
        }
    }

    static AwsError invalidGrant(String message) {
        return new AwsError(400, "InvalidGrantException", message);
    }
}
