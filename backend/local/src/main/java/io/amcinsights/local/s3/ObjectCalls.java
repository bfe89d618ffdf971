package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.ChecksumAlgorithm;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.s3.Blobs.Blob;
import io.amcinsights.local.s3.Checks.Stated;
import io.amcinsights.local.s3.ObjectStore.Deleted;
import io.amcinsights.local.s3.ObjectStore.Draft;
import io.amcinsights.local.s3.ObjectStore.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The calls that S3 answers for an object as a whole. */
final class ObjectCalls {

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Set<String> CONTENT_HEADERS =
            Set.of(
                    "content-type",
                    "content-encoding",
                    "content-language",
                    "content-disposition",
                    "cache-control",
                    "expires");

    /** Headers whose meaning nothing here gives; to pass over them would be a lie. */
    private static final List<String> REFUSED =
            List.of(
                    "x-amz-tagging",
                    "x-amz-object-lock-mode",
                    "x-amz-object-lock-legal-hold",
                    "x-amz-website-redirect-location",
                    "x-amz-server-side-encryption-customer-algorithm",
                    "x-amz-write-offset-bytes");

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final int MAX_DELETES = 1000;

    private final ObjectStore store;

    ObjectCalls(ObjectStore store) {
        this.store = store;
    }

    Reply putObject(Bucket bucket, String key, Call call) throws AwsError, IOException {
        refuse(call);
        Received received = receive(call);
        Map<String, String> headers = headers(call);
        Stated stated = received.stated();
        if (stated != null && stated.algorithm() != ChecksumAlgorithm.CRC32) {
            headers.put(stated.algorithm().header(), stated.value());
        }
        StoredObject stored =
                store.commit(
                        new Draft(
                                bucket.name(),
                                key,
                                received.blob(),
                                ObjectStore.quoted(received.blob().md5()),
                                headers,
                                Reason.PutObject),
                        allowed(call));
        return kept(stored);
    }

    Reply copyObject(Bucket bucket, String key, Call call) throws AwsError, IOException {
        refuse(call);
        StoredObject source = source(Objects.requireNonNull(call.header("x-amz-copy-source")));
        boolean replaces = "REPLACE".equals(call.header("x-amz-metadata-directive"));
        if (!replaces && source.bucket().equals(bucket.name()) && source.key().equals(key)) {
            throw new AwsError(
                    400,
                    "InvalidRequest",
                    "This copy request is illegal because it is trying to copy an object to itself"
                            + " without changing the object's metadata.");
        }
        checkCopyConditions(call, source);
        Blob blob;
        try (InputStream bytes = store.bytes(source, 0, source.size())) {
            blob = store.receive(bytes);
        }
        StoredObject stored =
                store.commit(
                        new Draft(
                                bucket.name(),
                                key,
                                blob,
                                ObjectStore.quoted(blob.md5()),
                                replaces ? headers(call) : source.headers(),
                                Reason.CopyObject),
                        allowed(call));
        if (stored == null) {
            throw preconditionFailed();
        }
        Reply reply =
                BucketCalls.xml(
                        Xml.document("CopyObjectResult")
                                .put("LastModified", BucketCalls.time(stored.modified()))
                                .put("ETag", stored.etag())
                                .put(
                                        "Checksum" + stored.checksum().algorithm(),
                                        stored.checksum().value())
                                .put("ChecksumType", "FULL_OBJECT"));
        if (!source.version().equals("null")) {
            reply = reply.with("x-amz-copy-source-version-id", source.version());
        }
        return version(reply, stored);
    }

    /** What a header names as the source of a copy. */
    StoredObject source(String header) throws AwsError {
        String path = header.startsWith("/") ? header.substring(1) : header;
        String version = null;
        int query = path.indexOf("?versionId=");
        if (query >= 0) {
            version = path.substring(query + "?versionId=".length());
            path = path.substring(0, query);
        }
        String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        int slash = decoded.indexOf('/');
        if (slash <= 0) {
            throw new AwsError(
                    400, "InvalidArgument", "The copy source must name a bucket and a key");
        }
        if (!store.hasBucket(decoded.substring(0, slash))) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        StoredObject found =
                store.find(decoded.substring(0, slash), decoded.substring(slash + 1), version);
        if (found == null || found.isDeleteMarker()) {
            throw noSuchKey();
        }
        return found;
    }

    static void checkCopyConditions(Call call, StoredObject source) throws AwsError {
        String match = call.header("x-amz-copy-source-if-match");
        String noneMatch = call.header("x-amz-copy-source-if-none-match");
        if ((match != null && !matches(match, source))
                || (noneMatch != null && matches(noneMatch, source))) {
            throw preconditionFailed();
        }
    }

    /** Objects have no tags here; programs that copy them ask. */
    Reply getTagging(Bucket bucket, String key, Call call) throws AwsError {
        find(bucket, key, call);
        return BucketCalls.xml(Xml.document("Tagging").open("TagSet").close());
    }

    Reply headObject(Bucket bucket, String key, Call call) throws AwsError {
        StoredObject object = find(bucket, key, call);
        Reply notModified = checkConditions(call, object);
        if (notModified != null) {
            return notModified;
        }
        return describe(object, range(call, object), call, InputStream::nullInputStream);
    }

    Reply getObject(Bucket bucket, String key, Call call) throws AwsError, IOException {
        while (true) {
            StoredObject object = find(bucket, key, call);
            Reply notModified = checkConditions(call, object);
            if (notModified != null) {
                return notModified;
            }
            Range range = range(call, object);
            InputStream bytes;
            try {
                bytes = store.bytes(object, range.first(), range.length());
            } catch (NoSuchFileException e) {
                StoredObject now = store.find(bucket.name(), key, object.version());
                if (now != null && now.sequence() == object.sequence()) {
                    throw e;
                }
                continue; // Replaced since it was looked up.
            }
            return describe(object, range, call, () -> bytes);
        }
    }

    private StoredObject find(Bucket bucket, String key, Call call) throws AwsError {
        String version = call.parameter("versionId");
        StoredObject object = store.find(bucket.name(), key, version);
        if (object == null) {
            throw version == null
                    ? noSuchKey()
                    : new AwsError(404, "NoSuchVersion", "The specified version does not exist.");
        }
        if (object.isDeleteMarker()) {
            throw version == null
                    ? noSuchKey()
                    : new AwsError(
                            405,
                            "MethodNotAllowed",
                            "The specified method is not allowed against this resource.");
        }
        return object;
    }

    private static Reply describe(StoredObject object, Range range, Call call, Reply.Body body) {
        Map<String, String> headers = new HashMap<>(object.headers());
        headers.remove(object.checksum().algorithm().header());
        headers.putIfAbsent("content-type", "binary/octet-stream");
        for (String name : CONTENT_HEADERS) {
            String wanted = call.parameter("response-" + name);
            if (wanted != null) {
                headers.put(name, wanted);
            }
        }
        headers.put("ETag", object.etag());
        headers.put("Last-Modified", HTTP_DATE.format(object.modified()));
        headers.put("Accept-Ranges", "bytes");
        if (range.partial()) {
            headers.put(
                    "Content-Range",
                    "bytes %d-%d/%d".formatted(range.first(), range.last(), object.size()));
        } else if ("ENABLED".equalsIgnoreCase(call.header("x-amz-checksum-mode"))) {
            headers.put(object.checksum().algorithm().header(), object.checksum().value());
            headers.put("x-amz-checksum-type", "FULL_OBJECT");
        }
        return version(
                new Reply(range.partial() ? 206 : 200, headers, range.length(), body), object);
    }

    /** The bytes to send, both ends included. */
    private record Range(long first, long last, boolean partial) {
        long length() {
            return last - first + 1;
        }
    }

    private static Range range(Call call, StoredObject object) throws AwsError {
        Range whole = new Range(0, object.size() - 1, false);
        String header = call.header("range");
        if (header == null) {
            return whole;
        }
        Matcher matcher = RANGE.matcher(header.trim());
        // S3 sends the whole object for a range that it does not understand.
        if (!matcher.matches() || matcher.group(1).length() + matcher.group(2).length() > 36) {
            return whole;
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        long size = object.size();
        long first;
        long last = size - 1;
        if (from.isEmpty()) {
            if (to.isEmpty()) {
                return whole;
            }
            long suffix = Long.parseLong(to);
            first = suffix == 0 ? size : Math.max(0, size - suffix);
        } else {
            first = Long.parseLong(from);
            if (!to.isEmpty()) {
                long end = Long.parseLong(to);
                if (end < first) {
                    return whole;
                }
                last = Math.min(last, end);
            }
        }
        if (first >= size) {
            throw new AwsError(416, "InvalidRange", "The requested range is not satisfiable");
        }
        return new Range(first, last, true);
    }

    private static @Nullable Reply checkConditions(Call call, StoredObject object) throws AwsError {
        String match = call.header("if-match");
        String noneMatch = call.header("if-none-match");
        Instant modified = object.modified().truncatedTo(ChronoUnit.SECONDS);
        Instant unmodifiedSince = date(call.header("if-unmodified-since"));
        Instant modifiedSince = date(call.header("if-modified-since"));
        boolean stale =
                match != null
                        ? !matches(match, object)
                        : unmodifiedSince != null && modified.isAfter(unmodifiedSince);
        if (stale) {
            throw preconditionFailed();
        }
        boolean known =
                noneMatch != null
                        ? matches(noneMatch, object)
                        : modifiedSince != null && !modified.isAfter(modifiedSince);
        return known
                ? version(
                        Reply.empty(304)
                                .with("ETag", object.etag())
                                .with("Last-Modified", HTTP_DATE.format(object.modified())),
                        object)
                : null;
    }

    private static @Nullable Instant date(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from);
        } catch (DateTimeException e) {
            return null; // HTTP: a condition with an invalid date is not there.
        }
    }

    private static boolean matches(String header, StoredObject object) {
        return header.equals("*")
                || Arrays.stream(header.split(",", -1))
                        .anyMatch(tag -> unquoted(tag).equals(unquoted(object.etag())));
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "").trim();
    }

    /** The conditions under which a write replaces what is there. */
    static Predicate<@Nullable StoredObject> allowed(Call call) {
        String match = call.header("if-match");
        String noneMatch = call.header("if-none-match");
        return current ->
                (match == null || (current != null && matches(match, current)))
                        && (noneMatch == null || current == null || !matches(noneMatch, current));
    }

    static Reply kept(@Nullable StoredObject stored) throws AwsError {
        if (stored == null) {
            throw preconditionFailed();
        }
        return version(
                Reply.empty(200)
                        .with("ETag", stored.etag())
                        .with(stored.checksum().algorithm().header(), stored.checksum().value())
                        .with("x-amz-checksum-type", "FULL_OBJECT"),
                stored);
    }

    static Reply version(Reply reply, StoredObject object) {
        return object.version().equals("null")
                ? reply
                : reply.with("x-amz-version-id", object.version());
    }

    Reply deleteObject(Bucket bucket, String key, Call call) {
        Deleted deleted = store.delete(bucket, key, call.parameter("versionId"));
        Reply reply = Reply.empty(204);
        if (deleted.version() != null) {
            reply = reply.with("x-amz-version-id", deleted.version());
        }
        return deleted.marker() ? reply.with("x-amz-delete-marker", "true") : reply;
    }

    Reply deleteObjects(Bucket bucket, Call call) throws AwsError {
        Xml.Element wanted = Xml.read(call.body());
        List<Xml.Element> targets = wanted.all("Object");
        if (targets.isEmpty() || targets.size() > MAX_DELETES) {
            throw new AwsError(
                    400,
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our"
                            + " published schema");
        }
        boolean quiet = "true".equals(wanted.text("Quiet"));
        Xml xml = Xml.document("DeleteResult");
        for (Xml.Element target : targets) {
            String key = Objects.requireNonNullElse(target.text("Key"), "");
            String version = target.text("VersionId");
            Deleted deleted = store.delete(bucket, key, version);
            if (!quiet) {
                xml.open("Deleted").put("Key", key).put("VersionId", version);
                if (deleted.marker()) {
                    xml.put("DeleteMarker", true).put("DeleteMarkerVersionId", deleted.version());
                }
                xml.close();
            }
        }
        return BucketCalls.xml(xml);
    }

    /** Refuses a request whose headers ask for more than is done. */
    static void refuse(Call call) throws AwsError {
        for (String header : REFUSED) {
            if (call.header(header) != null) {
                throw new AwsError(
                        501,
                        "NotImplemented",
                        "A header you provided implies functionality that is not implemented: "
                                + header);
            }
        }
    }

    /** A body that was kept, and the sum that its request states of it. */
    record Received(Blob blob, @Nullable Stated stated) {

        Stated checksum() {
            return stated == null ? new Stated(ChecksumAlgorithm.CRC32, blob.crc32()) : stated;
        }
    }

    /** Keeps a request's body, checked against the digests and the length it came with. */
    Received receive(Call call) throws AwsError, IOException {
        Checks checks = new Checks(call);
        Blob blob = store.receive(checks.over(call.body()));
        Stated stated;
        try {
            stated = checks.verify(blob.size());
            String md5 = call.header("content-md5");
            byte[] actual = HexFormat.of().parseHex(blob.md5());
            if (md5 != null && !md5.equals(Base64.getEncoder().encodeToString(actual))) {
                throw new AwsError(
                        400,
                        "BadDigest",
                        "The Content-MD5 you specified did not match what we received.");
            }
        } catch (AwsError e) {
            store.discard(blob);
            throw e;
        }
        return new Received(blob, stated);
    }

    /** The headers that come back with the object. */
    static Map<String, String> headers(Call call) {
        Map<String, String> kept = new HashMap<>();
        for (String name : call.headers().keySet()) {
            String value = call.header(name);
            if (value == null) {
                continue;
            }
            if (name.equals("content-encoding")) {
                value =
                        Arrays.stream(value.split(",", -1))
                                .map(String::trim)
                                .filter(coding -> !coding.equals("aws-chunked"))
                                .collect(Collectors.joining(","));
            }
            if ((CONTENT_HEADERS.contains(name) && !value.isEmpty())
                    || name.startsWith("x-amz-meta-")) {
                kept.put(name, value);
            }
        }
        return kept;
    }

    private static AwsError noSuchKey() {
        return new AwsError(404, "NoSuchKey", "The specified key does not exist.");
    }

    static AwsError preconditionFailed() {
        return new AwsError(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold");
    }
}
