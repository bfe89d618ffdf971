package io.amcinsights.local.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A body whose SHA-256 was signed: its end is given only to the reader of the right bytes. */
final class HashedBody extends FilterInputStream {

    private final MessageDigest digest = Signatures.sha256();
    private final String expected;
    private boolean checked;

    HashedBody(InputStream in, String expectedHex) {
        super(in);
        this.expected = expectedHex;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
        } else if (count < 0 && !checked) {
            checked = true;
            if (!HexFormat.of().formatHex(digest.digest()).equals(expected)) {
                throw new RefusedBody(
                        400,
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was"
                                + " computed.");
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return in.readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
