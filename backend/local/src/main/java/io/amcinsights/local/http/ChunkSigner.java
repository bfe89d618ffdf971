package io.amcinsights.local.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Checks the chain of signatures of a chunked body, each of which signs the one before it. */
final class ChunkSigner {

    private static final String EMPTY_HASH = Signatures.hash(new byte[0]);

    private final byte[] key;
    private final String scope;
    private String previous;

    /**
     * @param scope date and credential scope, as the second and third line of a string to sign
     * @param seed signature of the request's headers
     */
    ChunkSigner(byte[] key, String scope, String seed) {
        this.key = key;
        this.scope = scope;
        this.previous = seed;
    }

    void check(byte[] chunk, String signature) throws IOException {
        verify(
                "AWS4-HMAC-SHA256-PAYLOAD\n%s\n%s\n%s\n%s"
                        .formatted(scope, previous, EMPTY_HASH, Signatures.hash(chunk)),
                signature);
    }

    void checkTrailers(String trailers, String signature) throws IOException {
        String hash = Signatures.hash(trailers.getBytes(StandardCharsets.UTF_8));
        verify("AWS4-HMAC-SHA256-TRAILER\n%s\n%s\n%s".formatted(scope, previous, hash), signature);
    }

    private void verify(String toSign, String signature) throws IOException {
        String expected = Signatures.sign(key, toSign);
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                signature.strip().getBytes(StandardCharsets.UTF_8))) {
            throw new RefusedBody(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided"
                            + " with a chunk of the body.");
        }
        previous = expected;
    }
}
