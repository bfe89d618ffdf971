package io.amcinsights.local.s3;

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
 * @param headers lower-case names: the content headers and {@code x-amz-meta-*}, given back as sent
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

    boolean isDeleteMarker() {
        return content == null;
    }
}
