package io.amcinsights.local.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP reply.
 *
 * @param length of the body in bytes; for a reply to HEAD, the length that GET would have
 * @param body opened once, when the reply is sent
 */
public record Reply(int status, Map<String, String> headers, long length, Body body) {

    /** Opens the bytes to send. */
    @FunctionalInterface
    public interface Body {
        InputStream open() throws IOException;
    }

    public static Reply of(int status, String contentType, byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        return new Reply(status, headers, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    public static Reply of(int status, String contentType, String text) {
        return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A reply without body. */
    public static Reply empty(int status) {
        return new Reply(status, new LinkedHashMap<>(), 0, InputStream::nullInputStream);
    }

    /** The same reply with one header more. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, length, body);
    }
}
