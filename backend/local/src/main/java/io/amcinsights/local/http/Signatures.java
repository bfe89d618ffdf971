package io.amcinsights.local.http;

import io.amcinsights.local.http.AccessKeys.AccessKey;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies AWS Signature Version 4, in the header or in the query (presigned), as described in the
 * AWS IAM User Guide, "Create a signed AWS API request".
 */
final class Signatures {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final Duration LARGEST_SKEW = Duration.ofMinutes(15);
    private static final long LONGEST_PRESIGNED_SECONDS = 604_800;
    private static final int LARGEST_HASHED_BODY = 32 << 20;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    /** One request as it came: what is signed is its raw form. */
    record Request(
            String method,
            String rawPath,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            InputStream body) {

        String header(String name) {
            List<String> values = headers.get(name);
            return values == null || values.isEmpty() ? "" : values.getFirst();
        }

        String parameter(String name) {
            List<String> values = query.get(name);
            return values == null || values.isEmpty() ? "" : values.getFirst();
        }

        boolean presigned() {
            return query.containsKey("X-Amz-Algorithm");
        }
    }

    /** Who signs for what: {@code key/date/region/service/aws4_request}. */
    record Credential(String accessKeyId, String date, String region, String service) {

        String scope() {
            return date + "/" + region + "/" + service + "/aws4_request";
        }
    }

    private final AccessKeys keys;
    private final String region;
    private final InstantSource clock;

    Signatures(AccessKeys keys, String region, InstantSource clock) {
        this.keys = keys;
        this.region = region;
        this.clock = clock;
    }

    /** What the request says about its signer, or null if it is not signed so. */
    static @Nullable Credential credential(Request request) {
        String text =
                request.presigned()
                        ? request.parameter("X-Amz-Credential")
                        : part(request.header("authorization"), "Credential");
        String[] parts = text.split("/", -1);
        return parts.length == 5 && parts[4].equals("aws4_request")
                ? new Credential(parts[0], parts[1], parts[2], parts[3])
                : null;
    }

    /**
     * Checks the signature.
     *
     * @return the body to read, free of framing; it fails at its end if it is not what was signed
     */
    InputStream verify(Request request, Credential credential, AwsService service)
            throws AwsError, IOException {
        boolean presigned = request.presigned();
        String authorization = request.header("authorization");
        String signedHeaders =
                presigned
                        ? request.parameter("X-Amz-SignedHeaders")
                        : part(authorization, "SignedHeaders");
        String signature =
                presigned ? request.parameter("X-Amz-Signature") : part(authorization, "Signature");
        String date = presigned ? request.parameter("X-Amz-Date") : request.header("x-amz-date");
        if (signedHeaders.isEmpty() || signature.isEmpty() || date.isEmpty()) {
            throw Refusal.INCOMPLETE.of(
                    service,
                    "The authorization must name Credential, SignedHeaders and Signature, and the"
                            + " request must have an X-Amz-Date.");
        }
        if (!List.of(signedHeaders.split(";", -1)).contains("host")) {
            throw Refusal.WRONG_SIGNATURE.of(service, "'Host' must be a signed header.");
        }
        checkDate(request, service, date, credential);
        if (!credential.region().equals(region)) {
            throw Refusal.INCOMPLETE.of(
                    service,
                    "Credential should be scoped to a valid region; this workspace is "
                            + region
                            + ", not "
                            + credential.region()
                            + ".");
        }
        AccessKey key = key(request, credential, service);

        String announcedHash = request.header("x-amz-content-sha256");
        InputStream body = request.body();
        String payload;
        if (presigned && service.signingName().equals("s3")) {
            payload = announcedHash.isEmpty() ? UNSIGNED : announcedHash;
        } else if (announcedHash.isEmpty()) {
            byte[] bytes = body.readNBytes(LARGEST_HASHED_BODY + 1);
            if (bytes.length > LARGEST_HASHED_BODY) {
                throw new AwsError(
                        413, "RequestEntityTooLargeException", "The body is larger than 32 MiB");
            }
            body = new ByteArrayInputStream(bytes);
            payload = hash(bytes);
        } else {
            payload = announcedHash;
        }

        byte[] signingKey = signingKey(key.secret(), credential);
        String toSign =
                ALGORITHM
                        + "\n"
                        + date
                        + "\n"
                        + credential.scope()
                        + "\n"
                        + hash(
                                canonical(request, signedHeaders, payload, service)
                                        .getBytes(StandardCharsets.UTF_8));
        String expected = sign(signingKey, toSign);
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                signature.getBytes(StandardCharsets.UTF_8))) {
            throw Refusal.WRONG_SIGNATURE.of(
                    service,
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method.");
        }
        ChunkSigner chunks =
                new ChunkSigner(signingKey, date + "\n" + credential.scope(), expected);
        return switch (payload) {
            case UNSIGNED -> body;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> chunked(request, body, null);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" ->
                    chunked(request, body, chunks);
            default -> {
                if (!payload.matches("[0-9a-f]{64}")) {
                    throw new AwsError(
                            400,
                            "InvalidRequest",
                            "The value of x-amz-content-sha256 is not known: " + payload);
                }
                yield announcedHash.isEmpty() ? body : new HashedBody(body, payload);
            }
        };
    }

    private static ChunkedBody chunked(
            Request request, InputStream body, @Nullable ChunkSigner signer) throws AwsError {
        String announced = request.header("x-amz-decoded-content-length");
        try {
            return new ChunkedBody(
                    body,
                    signer,
                    announced.isEmpty() ? -1 : Long.parseLong(announced),
                    request.header("x-amz-trailer"));
        } catch (NumberFormatException e) {
            throw new AwsError(
                    400, "InvalidArgument", "x-amz-decoded-content-length is not a number");
        }
    }

    /** Whose key a verified request was signed with. */
    String owner(Credential credential) {
        AccessKey key = keys.find(credential.accessKeyId());
        return key == null ? "" : key.owner();
    }

    private AccessKey key(Request request, Credential credential, AwsService service)
            throws AwsError {
        AccessKey key = keys.find(credential.accessKeyId());
        if (key == null) {
            throw Refusal.UNKNOWN_KEY.of(
                    service,
                    service.signingName().equals("s3")
                            ? "The AWS Access Key Id you provided does not exist in our records."
                            : "The security token included in the request is invalid.");
        }
        String token =
                request.presigned()
                        ? request.parameter("X-Amz-Security-Token")
                        : request.header("x-amz-security-token");
        if (key.sessionToken() != null
                && !MessageDigest.isEqual(
                        key.sessionToken().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8))) {
            throw Refusal.WRONG_TOKEN.of(
                    service, "The security token included in the request is invalid.");
        }
        if (key.expires() != null && key.expires().isBefore(clock.instant())) {
            throw Refusal.EXPIRED_TOKEN.of(
                    service, "The security token included in the request is expired");
        }
        return key;
    }

    private void checkDate(Request request, AwsService service, String date, Credential credential)
            throws AwsError {
        Instant signed;
        try {
            signed = LocalDateTime.parse(date, DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw Refusal.INCOMPLETE.of(
                    service, "Date must be in ISO-8601 'basic format'. Got '" + date + "'.");
        }
        if (!date.startsWith(credential.date() + "T")) {
            throw Refusal.WRONG_SIGNATURE.of(
                    service,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
                            + " from HTTP");
        }
        Instant now = clock.instant();
        if (!request.presigned()) {
            if (Duration.between(signed, now).abs().compareTo(LARGEST_SKEW) > 0) {
                throw Refusal.SKEWED.of(
                        service,
                        service.signingName().equals("s3")
                                ? "The difference between the request time and the current time is"
                                        + " too large."
                                : "Signature expired: "
                                        + date
                                        + " is more than 15 min away from "
                                        + DATE.format(now.atOffset(ZoneOffset.UTC)));
            }
            return;
        }
        long seconds;
        try {
            seconds = Long.parseLong(request.parameter("X-Amz-Expires"));
        } catch (NumberFormatException e) {
            seconds = -1;
        }
        if (seconds < 0 || seconds > LONGEST_PRESIGNED_SECONDS) {
            throw Refusal.INCOMPLETE.of(
                    service, "X-Amz-Expires must be between 0 and 604800 seconds");
        }
        if (now.isAfter(signed.plusSeconds(seconds)) || now.isBefore(signed.minus(LARGEST_SKEW))) {
            throw Refusal.EXPIRED_URL.of(service, "Request has expired");
        }
    }

    private static String canonical(
            Request request, String signedHeaders, String payload, AwsService service) {
        StringBuilder canonical = new StringBuilder();
        canonical.append(request.method()).append('\n');
        // All services but S3 sign the path encoded once more.
        canonical
                .append(
                        service.signingName().equals("s3")
                                ? request.rawPath()
                                : Percent.encode(request.rawPath()).replace("%2F", "/"))
                .append('\n');
        canonical.append(canonicalQuery(request.query())).append('\n');
        for (String name : new TreeSet<>(List.of(signedHeaders.split(";", -1)))) {
            String values =
                    request.headers().getOrDefault(name, List.of()).stream()
                            .map(v -> v.strip().replaceAll(" +", " "))
                            .collect(Collectors.joining(","));
            canonical.append(name).append(':').append(values).append('\n');
        }
        return canonical.append('\n').append(signedHeaders).append('\n').append(payload).toString();
    }

    private static String canonicalQuery(Map<String, List<String>> query) {
        List<String> pairs = new ArrayList<>();
        query.forEach(
                (name, values) -> {
                    if (!name.equals("X-Amz-Signature")) {
                        values.forEach(
                                v -> pairs.add(Percent.encode(name) + "=" + Percent.encode(v)));
                    }
                });
        // By name first: '=' sorts after '-' and '.', which may stand in a longer name.
        pairs.sort(
                java.util.Comparator.comparing((String p) -> p.substring(0, p.indexOf('=')))
                        .thenComparing(p -> p.substring(p.indexOf('='))));
        return String.join("&", pairs);
    }

    private static String part(String authorization, String name) {
        if (!authorization.startsWith(ALGORITHM)) {
            return "";
        }
        for (String part : authorization.substring(ALGORITHM.length()).split(",", -1)) {
            String stripped = part.strip();
            if (stripped.startsWith(name + "=")) {
                return stripped.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static byte[] signingKey(String secret, Credential credential) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part :
                List.of(
                        credential.date(),
                        credential.region(),
                        credential.service(),
                        "aws4_request")) {
            key = hmac(key, part);
        }
        return key;
    }

    static String sign(byte[] key, String text) {
        return HexFormat.of().formatHex(hmac(key, text));
    }

    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
