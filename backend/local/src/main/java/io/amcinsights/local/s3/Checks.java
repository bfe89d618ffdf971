package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.ChecksumAlgorithm;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;

/** The length and the checksums that a request states of its body, compared with what came. */
final class Checks {

    /** A sum of the body; {@code algorithm} is what S3 keeps it as. */
    record Stated(ChecksumAlgorithm algorithm, String value) {}

    private final @Nullable String length;
    private final Call call;
    private final @Nullable ChecksumAlgorithm trailing;
    private final Map<ChecksumAlgorithm, ChecksumAlgorithm.Sum> sums =
            new EnumMap<>(ChecksumAlgorithm.class);

    Checks(Call call) {
        this.call = call;
        String decoded = call.header("x-amz-decoded-content-length");
        length = decoded == null ? call.header("content-length") : decoded;
        String trailer = call.header("x-amz-trailer");
        trailing = trailer == null ? null : ChecksumAlgorithm.ofHeader(trailer);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            // Every body's CRC32 is taken where it is kept.
            boolean trails = algorithm == trailing && algorithm != ChecksumAlgorithm.CRC32;
            if (trails || call.header(algorithm.header()) != null) {
                sums.put(algorithm, algorithm.begin());
            }
        }
    }

    /** The body, measured as it is read. */
    InputStream over(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int wanted) throws IOException {
                int count = super.read(bytes, offset, wanted);
                if (count > 0) {
                    sums.values().forEach(sum -> sum.update(bytes, offset, count));
                }
                return count;
            }
        };
    }

    /**
     * Compares, once the body was read to its end. A trailer's sum was compared where it came.
     *
     * @return the sum that the request states; null if it states none, or the CRC32 in a trailer
     */
    @Nullable Stated verify(long size) throws AwsError {
        if (length != null && !length.equals(Long.toString(size))) {
            throw new AwsError(
                    400,
                    "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP"
                            + " header");
        }
        Stated stated = null;
        for (var entry : sums.entrySet()) {
            ChecksumAlgorithm algorithm = entry.getKey();
            String actual = entry.getValue().value();
            if (algorithm != trailing && !actual.equals(call.header(algorithm.header()))) {
                throw new AwsError(
                        400,
                        "BadDigest",
                        "The %s you specified did not match what we received."
                                .formatted(algorithm.header()));
            }
            stated = new Stated(algorithm, actual);
        }
        return stated;
    }
}
