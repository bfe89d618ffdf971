package io.amcinsights.local.amc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One request.
 *
 * @param path decoded segments
 * @param query decoded, the first value of each name
 * @param headers names in lower case
 * @param requestId of the reply's {@code x-amz-request-id}
 */
record AmcCall(
        String method,
        List<String> path,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        String requestId) {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final int LARGEST_PAGE = 100;

    /** One page of a list: what to skip and how much to give. */
    record Page(int offset, int limit) {}

    static List<String> segments(URI uri) {
        return Stream.of(uri.getRawPath().split("/", -1))
                .filter(s -> !s.isEmpty())
                .map(AmcCall::decode)
                .toList();
    }

    static Map<String, String> parameters(@Nullable String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                if (!name.isEmpty()) {
                    parameters.putIfAbsent(decode(name), decode(value));
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Whether it is the owner's, not a client's. */
    boolean isControl() {
        return !path.isEmpty() && path.getFirst().equals(Control.ROOT);
    }

    @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /**
     * AMC's APIs speak JSON only, under its plain name or one of their own.
     *
     * @throws AmcError 406 or 415
     */
    void requireJson() throws AmcError {
        String accept = header("Accept");
        if (accept != null && Stream.of(accept.split(",", -1)).noneMatch(AmcCall::takesJson)) {
            throw AmcError.of(406, "No media type of the Accept header can be given: " + accept);
        }
        String type = header("Content-Type");
        if (!body.isEmpty() && type != null && !isJson(type)) {
            throw AmcError.of(415, "The media type of the body is not supported: " + type);
        }
    }

    private static boolean takesJson(String range) {
        String type = range.split(";", 2)[0].strip();
        return type.equals("*/*") || type.equals("application/*") || isJson(type);
    }

    private static boolean isJson(String type) {
        String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return bare.equals("application/json")
                || bare.matches("application/vnd\\.amc[a-z]*\\.v\\d+\\+json");
    }

    /** The fields of a form, or of JSON in its place. */
    Map<String, String> form() throws AmcError {
        String type = header("Content-Type");
        boolean json = type == null ? body.startsWith("{") : isJson(type);
        if (!json) {
            return parameters(body);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        json().properties().forEach(f -> fields.put(f.getKey(), f.getValue().asText()));
        return fields;
    }

    /** The body as an object. */
    ObjectNode json() throws AmcError {
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw AmcError.badRequest("The request body is not JSON: " + e.getOriginalMessage());
        }
        throw AmcError.badRequest("The request body must be a JSON object.");
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(query.get(name));
    }

    Page page() throws AmcError {
        String limit = query.getOrDefault("limit", String.valueOf(LARGEST_PAGE));
        String token = query.getOrDefault("nextToken", "");
        int offset = 0;
        if (!token.isEmpty()) {
            try {
                byte[] decoded = Base64.getUrlDecoder().decode(token);
                offset = Integer.parseInt(new String(decoded, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw AmcError.badRequest("nextToken is not one of this list: " + token);
            }
        }
        try {
            int size = Integer.parseInt(limit);
            if (size >= 1 && size <= LARGEST_PAGE && offset >= 0) {
                return new Page(offset, size);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw AmcError.badRequest("limit must be between 1 and " + LARGEST_PAGE + ".");
    }

    /** One page of a list, as the API answers it: the token of the next page, or null. */
    static ObjectNode list(String name, List<? extends JsonNode> all, Page page) {
        int from = Math.min(page.offset(), all.size());
        int to = Math.min(from + page.limit(), all.size());
        ObjectNode reply = JSON.createObjectNode();
        reply.putArray(name).addAll(all.subList(from, to));
        reply.put("nextToken", to < all.size() ? token(to) : null);
        return reply;
    }

    /** What asks for the rest of a list. */
    static String token(int offset) {
        byte[] text = String.valueOf(offset).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}
