package io.amcinsights.local.http;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** What S3 sums an object's bytes with. Source: "Checking object integrity in Amazon S3". */
public enum ChecksumAlgorithm {
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256;

    private static final String HEADER = "x-amz-checksum-";

    /** A sum under way. */
    public interface Sum {

        void update(byte[] bytes, int offset, int length);

        /** What it is of all bytes, in base64; ends the sum. */
        String value();
    }

    /** The header or trailer that has such a sum, in lower case. */
    public String header() {
        return HEADER + name().toLowerCase(Locale.ROOT);
    }

    /** The algorithm of a header or trailer; null where it has no sum. */
    public static @Nullable ChecksumAlgorithm ofHeader(String name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.header().equals(name.strip().toLowerCase(Locale.ROOT))) {
                return algorithm;
            }
        }
        return null;
    }

    public Sum begin() {
        return switch (this) {
            case CRC32 -> sum(new CRC32(), Integer.BYTES);
            case CRC32C -> sum(new CRC32C(), Integer.BYTES);
            case CRC64NVME -> sum(new Crc64Nvme(), Long.BYTES);
            case SHA1 -> digest("SHA-1");
            case SHA256 -> digest("SHA-256");
        };
    }

    private static Sum sum(Checksum checksum, int bytes) {
        return new Sum() {
            @Override
            public void update(byte[] from, int offset, int length) {
                checksum.update(from, offset, length);
            }

            @Override
            public String value() {
                byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue()).array();
                byte[] last = Arrays.copyOfRange(all, Long.BYTES - bytes, Long.BYTES);
                return Base64.getEncoder().encodeToString(last);
            }
        };
    }

    private static Sum digest(String algorithm) {
        MessageDigest digest = Signatures.digest(algorithm);
        return new Sum() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                digest.update(bytes, offset, length);
            }

            @Override
            public String value() {
                return Base64.getEncoder().encodeToString(digest.digest());
            }
        };
    }

    /** CRC-64/NVME of the NVM Express specification; neither Java nor our libraries have it. */
    private static final class Crc64Nvme implements Checksum {

        private static final long POLYNOMIAL = 0x9A6C_9329_AC4B_C9B5L; // lowest bit first
        private static final long[] TABLE = new long[256];

        static {
            for (int i = 0; i < TABLE.length; i++) {
                long rest = i;
                for (int bit = 0; bit < 8; bit++) {
                    rest = (rest & 1) == 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL;
                }
                TABLE[i] = rest;
            }
        }

        private long state = ~0L;

        @Override
        public void update(int b) {
            state = TABLE[(int) (state ^ b) & 0xff] ^ (state >>> 8);
        }

        @Override
        public void update(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                update(bytes[i]);
            }
        }

        @Override
        public long getValue() {
            return ~state;
        }

        @Override
        public void reset() {
            state = ~0L;
        }
    }
}
