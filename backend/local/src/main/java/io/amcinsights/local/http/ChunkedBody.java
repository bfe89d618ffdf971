package io.amcinsights.local.http;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the {@code aws-chunked} framing off a body. Chunk signatures, trailing checksums and the
 * announced length are checked as the bytes pass (AWS: "Signature Calculations for the
 * Authorization Header: Transferring Payload in Multiple Chunks").
 */
final class ChunkedBody extends InputStream {

    private static final int LONGEST_LINE = 4096;

    /** Chunks are held whole when they are signed, so they are bounded. */
    private static final int LARGEST_SIGNED_CHUNK = 64 << 20;

    private final InputStream in;
    private final @Nullable ChunkSigner signer;
    private final long announced;
    private final Map<ChecksumAlgorithm, ChecksumAlgorithm.Sum> sums =
            new EnumMap<>(ChecksumAlgorithm.class);

    private @Nullable InputStream held;
    private long left;
    private long total;
    private boolean ended;

    /**
     * @param signer null: the chunks are not signed
     * @param announced decoded length, or -1
     * @param trailer names that the request announced, comma-separated
     */
    ChunkedBody(InputStream in, @Nullable ChunkSigner signer, long announced, String trailer) {
        this.in = in;
        this.signer = signer;
        this.announced = announced;
        for (String name : trailer.split(",", -1)) {
            ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofHeader(name);
            if (algorithm != null) {
                sums.put(algorithm, algorithm.begin());
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            next();
        }
        if (ended) {
            return -1;
        }
        InputStream source = held == null ? in : held;
        int count = source.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("The body ends within a chunk");
        }
        sums.values().forEach(sum -> sum.update(bytes, offset, count));
        left -= count;
        total += count;
        if (left == 0) {
            expectLineEnd();
        }
        return count;
    }

    private void next() throws IOException {
        String head = line();
        int semicolon = head.indexOf(';');
        long size;
        try {
            size = Long.parseLong(semicolon < 0 ? head : head.substring(0, semicolon), 16);
        } catch (NumberFormatException e) {
            throw malformed("A chunk has no size: " + head);
        }
        byte[] signed = new byte[0];
        if (signer != null) {
            if (size > LARGEST_SIGNED_CHUNK) {
                throw malformed("A signed chunk is larger than 64 MiB");
            }
            signed = in.readNBytes((int) size);
            if (signed.length < size) {
                throw new EOFException("The body ends within a chunk");
            }
            int at = head.indexOf("chunk-signature=");
            signer.check(signed, at < 0 ? "" : head.substring(at + "chunk-signature=".length()));
            held = new java.io.ByteArrayInputStream(signed);
        }
        left = size;
        if (size == 0) {
            ended = true;
            trailers();
        }
    }

    private void trailers() throws IOException {
        StringBuilder signedTrailers = new StringBuilder();
        @Nullable String signature = null;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw malformed("A trailer has no value: " + line);
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("x-amz-trailer-signature")) {
                signature = value;
                continue;
            }
            signedTrailers.append(name).append(':').append(value).append('\n');
            ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofHeader(name);
            ChecksumAlgorithm.Sum sum = algorithm == null ? null : sums.remove(algorithm);
            if (sum != null && !sum.value().equals(value)) {
                throw new RefusedBody(
                        400,
                        "BadDigest",
                        "The %s you specified did not match the calculated checksum."
                                .formatted(algorithm));
            }
        }
        if (signer != null && !signedTrailers.isEmpty()) {
            signer.checkTrailers(signedTrailers.toString(), signature == null ? "" : signature);
        }
        if (announced >= 0 && total != announced) {
            throw new RefusedBody(
                    400,
                    "IncompleteBody",
                    "You did not provide the number of bytes specified by the"
                            + " x-amz-decoded-content-length HTTP header.");
        }
    }

    private void expectLineEnd() throws IOException {
        held = null;
        if (!line().isEmpty()) {
            throw malformed("A chunk is longer than it says");
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                // The last line end may be missing: some clients leave it out.
                if (ended) {
                    break;
                }
                throw new EOFException("The body ends before its last chunk");
            }
            if (line.size() == LONGEST_LINE) {
                throw malformed("A line of the chunk framing is too long");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static RefusedBody malformed(String message) {
        return new RefusedBody(400, "InvalidChunkSizeError", message);
    }
}
