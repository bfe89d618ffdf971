package io.amcinsights.local.s3;

import io.amcinsights.local.http.ChecksumAlgorithm;
import io.amcinsights.local.s3.Checks.Stated;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * One version of an object, or a delete marker.
 *
 * @param sequence grows with every write of the workspace; never given twice
 * @param version {@code null} in text, as S3 says, where the bucket keeps no versions
 * @param content name of the file that holds the bytes; null for a delete marker
 * @param size in bytes
 * @param etag with its quotes
 * @param crc32 of the whole content, base64
 * @param headers lower-case names: the content headers and {@code x-amz-meta-*}, given back as
 *     sent, and the checksum if it is not the CRC32
 */
public record StoredObject(
        long sequence,
        String bucket,
        String key,
        String version,
        @Nullable String content,
        long size,
        String etag,
        String crc32,
        Map<String, String> headers,
        Instant modified) {

    /** The sum that it was sent with, else the CRC32. */
    Stated checksum() {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            String value = headers.get(algorithm.header());
            if (value != null) {
                return new Stated(algorithm, value);
            }
        }
        return new Stated(ChecksumAlgorithm.CRC32, crc32);
    }

    boolean isDeleteMarker() {
        return content == null;
    }
}
