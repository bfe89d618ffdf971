package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.Checksum;

/** The length and checksums that a request states of its body, compared with what came. */
final class Checks {

    private record Expected(String header, String value, Supplier<byte[]> actual) {}

    private final @Nullable String length;
    private final @Nullable String sha1;
    private final @Nullable String sha256;
    private final @Nullable String crc32;
    private final @Nullable String crc32c;
    private final List<Expected> expected = new ArrayList<>();

    private Checks(Call call) {
        String decoded = call.header("x-amz-decoded-content-length");
        this.length = decoded == null ? call.header("content-length") : decoded;
        this.sha1 = call.header("x-amz-checksum-sha1");
        this.sha256 = call.header("x-amz-checksum-sha256");
        this.crc32 = call.header("x-amz-checksum-crc32");
        this.crc32c = call.header("x-amz-checksum-crc32c");
    }

    static Checks of(Call call) {
        return new Checks(call);
    }

    /** The body, measured as it is read. */
    InputStream over(InputStream body) {
        InputStream measured = digest(body, "SHA-1", "x-amz-checksum-sha1", sha1);
        measured = digest(measured, "SHA-256", "x-amz-checksum-sha256", sha256);
        measured = sum(measured, new CRC32(), "x-amz-checksum-crc32", crc32);
        return sum(measured, new CRC32C(), "x-amz-checksum-crc32c", crc32c);
    }

    /** Compares, once the body was read to its end. */
    void verify(long size) throws AwsError {
        if (length != null && !length.equals(Long.toString(size))) {
            throw new AwsError(
                    400,
                    "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP"
                            + " header");
        }
        for (Expected check : expected) {
            String actual = Base64.getEncoder().encodeToString(check.actual().get());
            if (!actual.equals(check.value())) {
                throw new AwsError(
                        400,
                        "BadDigest",
                        "The " + check.header() + " you specified did not match what we received.");
            }
        }
    }

    private InputStream digest(
            InputStream body, String algorithm, String header, @Nullable String value) {
        if (value == null) {
            return body;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            expected.add(new Expected(header, value, digest::digest));
            return new DigestInputStream(body, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }

    private InputStream sum(
            InputStream body, Checksum checksum, String header, @Nullable String value) {
        if (value == null) {
            return body;
        }
        expected.add(
                new Expected(
                        header,
                        value,
                        () -> ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array()));
        return new CheckedInputStream(body, checksum);
    }
}
