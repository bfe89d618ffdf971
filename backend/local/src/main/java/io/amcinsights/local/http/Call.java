package io.amcinsights.local.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP request.
 *
 * @param method upper case
 * @param path decoded, begins with a slash
 * @param query decoded; a name without value has the empty value
 * @param headers names in lower case
 * @param body already free of aws-chunked framing
 * @param requestId given to the caller with the reply
 */
public record Call(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        InputStream body,
        String requestId) {

    /** First value of a header, whatever its case. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** First value of a query parameter. */
    public @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** The whole body as UTF-8 text. */
    public String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
}
