package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Links to results, and what they lead to. A link is presigned: whoever holds it may read for ten
 * minutes. Errors have the shape of Amazon S3. Source: AMC Reporting API reference, downloadUrls.
 */
final class Downloads {

    private static final Duration LINK_LIVES = Duration.ofMinutes(10);
    private static final int PAGE = 5;

    private final ResultFiles files;
    private final Credentials credentials;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;
    private final Supplier<URI> base;

    Downloads(
            ResultFiles files,
            Credentials credentials,
            InstantSource clock,
            Supplier<Behaviour> behaviour,
            Supplier<URI> base) {
        this.files = files;
        this.credentials = credentials;
        this.clock = clock;
        this.behaviour = behaviour;
        this.base = base;
    }

    ObjectNode links(AmcCall call, String executionId) throws AmcError {
        List<Path> parts = files.parts(executionId);
        Path metadata = files.metadata(executionId);
        List<Path> described = Files.exists(metadata) ? List.of(metadata) : List.of();
        int from = call.page().offset();
        ObjectNode json = AmcCall.JSON.createObjectNode();
        add(json.putArray("downloadUrls"), executionId, parts, from);
        add(json.putArray("metadataDownloadUrls"), executionId, described, from);
        boolean more = from + PAGE < parts.size();
        return json.put("nextToken", more ? AmcCall.token(from + PAGE) : null);
    }

    private void add(ArrayNode links, String executionId, List<Path> all, int from) {
        int first = Math.min(from, all.size());
        for (Path file : all.subList(first, Math.min(first + PAGE, all.size()))) {
            long expires = clock.instant().plus(LINK_LIVES).getEpochSecond();
            String path = "/downloads/" + executionId + "/" + file.getFileName();
            links.add(
                    "%s%s?Expires=%d&Signature=%s"
                            .formatted(
                                    base.get(),
                                    path,
                                    expires,
                                    credentials.signature(path + "?" + expires)));
        }
    }

    Answer fetch(AmcCall call, String executionId, String name) {
        if (call.header("Authorization") != null) {
            return error(
                    400,
                    "InvalidArgument",
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter,"
                            + " Signature query string parameter or the Authorization header should"
                            + " be specified");
        }
        Map<String, String> query = call.query();
        String path = "/downloads/" + executionId + "/" + name;
        String expires = query.getOrDefault("Expires", "");
        if (!Credentials.same(
                credentials.signature(path + "?" + expires), query.get("Signature"))) {
            return error(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you"
                            + " provided.");
        }
        if (Long.parseLong(expires) <= clock.instant().getEpochSecond()) {
            return error(403, "AccessDenied", "Request has expired");
        }
        Path file = files.file(executionId, name);
        if (!Files.exists(file)) {
            return error(404, "NoSuchKey", "The specified key does not exist.");
        }
        Answer answer = Answer.file(file, name.endsWith(".csv") ? "text/csv" : "application/json");
        return behaviour.get().gzip() ? answer.with("Content-Encoding", "gzip") : answer;
    }

    private static Answer error(int status, String code, String message) {
        return Answer.text(
                status,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>"
                        .formatted(code, message));
    }
}
