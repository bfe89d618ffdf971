package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back to a caller.
 *
 * @param file what to send instead of the body
 */
record Answer(int status, Map<String, String> headers, String body, @Nullable Path file) {

    /** The connection breaks off, and nobody learns what became of the call. */
    static final Answer DROPPED = new Answer(0, Map.of(), "", null);

    static Answer of(int status, JsonNode json) {
        return text(status, "application/json", json.toString());
    }

    static Answer of(JsonNode json) {
        return of(200, json);
    }

    static Answer empty() {
        return of(AmcCall.JSON.createObjectNode());
    }

    /** No body at all. */
    static Answer nothing(int status) {
        return new Answer(status, Map.of(), "", null);
    }

    static Answer text(int status, String type, String text) {
        return new Answer(status, Map.of("Content-Type", type), text, null);
    }

    static Answer file(Path file, String type) {
        return new Answer(200, Map.of("Content-Type", type), "", file);
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, file);
    }
}
