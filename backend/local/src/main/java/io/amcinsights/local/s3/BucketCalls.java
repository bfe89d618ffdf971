package io.amcinsights.local.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The calls that S3 answers for a bucket as a whole. */
final class BucketCalls {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final int PAGE = 1000;

    /** Sorts behind every key that begins with what stands before it. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final String region;

    BucketCalls(ObjectStore store, String region) {
        this.store = store;
        this.region = region;
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static Reply xml(Xml document) {
        return Reply.of(200, "application/xml", document.finish());
    }

    Reply listBuckets() {
        Xml xml = Xml.document("ListAllMyBucketsResult").open("Buckets");
        for (Bucket bucket : store.buckets()) {
            xml.open("Bucket")
                    .put("Name", bucket.name())
                    .put("CreationDate", time(bucket.created()))
                    .put("BucketRegion", region)
                    .close();
        }
        return xml(xml.close());
    }

    Reply createBucket(String name, Call call) throws AwsError {
        if (!NAME.matcher(name).matches()) {
            throw new AwsError(400, "InvalidBucketName", "The specified bucket is not valid.");
        }
        // us-east-1 alone says yes to a bucket that the caller has already.
        if (!store.create(name) && !region.equals("us-east-1")) {
            throw new AwsError(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already"
                            + " own it.");
        }
        if ("true".equals(call.header("x-amz-bucket-object-lock-enabled"))) {
            throw new AwsError(501, "NotImplemented", "Object Lock is not implemented");
        }
        return Reply.empty(200).with("Location", "/" + name);
    }

    Reply headBucket() {
        return Reply.empty(200).with("x-amz-bucket-region", region);
    }

    Reply deleteBucket(Bucket bucket) throws AwsError {
        if (!store.drop(bucket.name())) {
            throw new AwsError(
                    409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
        }
        return Reply.empty(204);
    }

    Reply getBucketLocation() {
        return xml(
                Xml.document("LocationConstraint").text(region.equals("us-east-1") ? "" : region));
    }

    Reply getBucketPolicy(Bucket bucket) throws AwsError {
        if (bucket.policy() == null) {
            throw new AwsError(404, "NoSuchBucketPolicy", "The bucket policy does not exist");
        }
        return Reply.of(200, "application/json", bucket.policy());
    }

    Reply putBucketPolicy(Bucket bucket, Call call) throws AwsError, IOException {
        String policy = call.text();
        try {
            if (!JSON.readTree(policy).path("Statement").isContainerNode()) {
                throw new AwsError(400, "MalformedPolicy", "Missing required field Statement");
            }
        } catch (JsonProcessingException e) {
            throw new AwsError(
                    400,
                    "MalformedPolicy",
                    "This policy contains invalid Json: " + e.getOriginalMessage());
        }
        store.setPolicy(bucket.name(), policy);
        return Reply.empty(204);
    }

    Reply deleteBucketPolicy(Bucket bucket) {
        store.setPolicy(bucket.name(), null);
        return Reply.empty(204);
    }

    /** S3's own keys, as every bucket has them that says nothing else. */
    Reply getEncryption() {
        return xml(
                Xml.document("ServerSideEncryptionConfiguration")
                        .open("Rule")
                        .open("ApplyServerSideEncryptionByDefault")
                        .put("SSEAlgorithm", "AES256")
                        .close()
                        .put("BucketKeyEnabled", false)
                        .close());
    }

    Reply getNotifications(Bucket bucket) {
        Xml xml = Xml.document("NotificationConfiguration");
        if (bucket.events()) {
            xml.open("EventBridgeConfiguration").close();
        }
        return xml(xml);
    }

    Reply putNotifications(Bucket bucket, Call call) throws AwsError {
        Xml.Element wanted = Xml.read(call.body());
        for (Xml.Element target : wanted.children()) {
            if (!target.name().equals("EventBridgeConfiguration")) {
                throw new AwsError(
                        501,
                        "NotImplemented",
                        target.name() + ": the local workspace notifies EventBridge only");
            }
        }
        store.setEvents(bucket.name(), !wanted.all("EventBridgeConfiguration").isEmpty());
        return Reply.empty(200);
    }

    Reply getVersioning(Bucket bucket) {
        return xml(Xml.document("VersioningConfiguration").put("Status", bucket.versioning()));
    }

    Reply putVersioning(Bucket bucket, Call call) throws AwsError {
        String status = Objects.requireNonNullElse(Xml.read(call.body()).text("Status"), "");
        if (!status.equals("Enabled") && !status.equals("Suspended")) {
            throw new AwsError(
                    400,
                    "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified");
        }
        store.setVersioning(bucket.name(), status);
        return Reply.empty(200);
    }

    /**
     * One page of a listing.
     *
     * @param last the key or common prefix that ends the page
     */
    private record Page(
            List<StoredObject> objects, Set<String> prefixes, boolean truncated, String last) {}

    private Page page(
            Bucket bucket, String prefix, @Nullable String delimiter, String after, int limit) {
        List<StoredObject> objects = new ArrayList<>();
        Set<String> prefixes = new LinkedHashSet<>();
        String last = after;
        String cursor = isPrefix(after, prefix, delimiter) ? after + LAST : after;
        while (true) {
            List<StoredObject> batch = store.list(bucket.name(), prefix, cursor, PAGE + 1);
            boolean jumped = false;
            for (StoredObject object : batch) {
                if (objects.size() + prefixes.size() == limit) {
                    return new Page(objects, prefixes, limit > 0, last);
                }
                int end = delimiter == null ? -1 : object.key().indexOf(delimiter, prefix.length());
                if (delimiter == null || end < 0) {
                    objects.add(object);
                    last = object.key();
                    cursor = last;
                } else {
                    last = object.key().substring(0, end + delimiter.length());
                    prefixes.add(last);
                    cursor = last + LAST;
                    jumped = true;
                    break;
                }
            }
            if (!jumped && batch.size() <= PAGE) {
                return new Page(objects, prefixes, false, last);
            }
        }
    }

    private static boolean isPrefix(String last, String prefix, @Nullable String delimiter) {
        return delimiter != null
                && last.startsWith(prefix)
                && last.endsWith(delimiter)
                && last.indexOf(delimiter, prefix.length()) == last.length() - delimiter.length();
    }

    Reply listObjectsV2(Bucket bucket, Call call) throws AwsError {
        String token = call.parameter("continuation-token");
        String startAfter = call.parameter("start-after");
        Listing listing = Listing.of(call);
        Page page =
                page(
                        bucket,
                        listing.prefix(),
                        listing.delimiter(),
                        token != null ? decode(token) : startAfter == null ? "" : startAfter,
                        listing.limit());
        Xml xml = listing.begin("ListBucketResult", bucket, page.truncated());
        xml.put("KeyCount", page.objects().size() + page.prefixes().size());
        xml.put("ContinuationToken", token);
        xml.put("StartAfter", startAfter == null ? null : listing.encoding().apply(startAfter));
        if (page.truncated()) {
            xml.put("NextContinuationToken", encode(page.last()));
        }
        return xml(contents(xml, page, listing));
    }

    Reply listObjects(Bucket bucket, Call call) throws AwsError {
        String marker = call.parameter("marker");
        Listing listing = Listing.of(call);
        Page page =
                page(
                        bucket,
                        listing.prefix(),
                        listing.delimiter(),
                        marker == null ? "" : marker,
                        listing.limit());
        Xml xml = listing.begin("ListBucketResult", bucket, page.truncated());
        xml.put("Marker", listing.encoding().apply(marker == null ? "" : marker));
        if (page.truncated()) {
            xml.put("NextMarker", listing.encoding().apply(page.last()));
        }
        return xml(contents(xml, page, listing));
    }

    private static Xml contents(Xml xml, Page page, Listing listing) {
        for (StoredObject object : page.objects()) {
            xml.open("Contents")
                    .put("Key", listing.encoding().apply(object.key()))
                    .put("LastModified", time(object.modified()))
                    .put("ETag", object.etag())
                    .put("Size", object.size())
                    .put("StorageClass", "STANDARD")
                    .close();
        }
        for (String prefix : page.prefixes()) {
            xml.open("CommonPrefixes").put("Prefix", listing.encoding().apply(prefix)).close();
        }
        return xml;
    }

    Reply listObjectVersions(Bucket bucket, Call call) throws AwsError {
        Listing listing = Listing.of(call);
        if (listing.delimiter() != null) {
            throw new AwsError(501, "NotImplemented", "A delimiter in a listing of versions");
        }
        String keyMarker = call.parameter("key-marker");
        String versionMarker = call.parameter("version-id-marker");
        long before = 0;
        if (keyMarker != null && versionMarker != null) {
            StoredObject marked = store.find(bucket.name(), keyMarker, versionMarker);
            if (marked == null) {
                throw new AwsError(400, "InvalidArgument", "Invalid version id specified");
            }
            before = marked.sequence();
        }
        List<StoredObject> found =
                store.versions(
                        bucket.name(),
                        listing.prefix(),
                        keyMarker == null ? "" : keyMarker,
                        before,
                        listing.limit() + 1);
        boolean truncated = found.size() > listing.limit() && listing.limit() > 0;
        List<StoredObject> shown = found.subList(0, Math.min(found.size(), listing.limit()));
        Xml xml = listing.begin("ListVersionsResult", bucket, truncated);
        if (truncated) {
            xml.put("NextKeyMarker", listing.encoding().apply(shown.getLast().key()));
            xml.put("NextVersionIdMarker", shown.getLast().version());
        }
        for (StoredObject object : shown) {
            StoredObject current = store.find(bucket.name(), object.key(), null);
            xml.open(object.isDeleteMarker() ? "DeleteMarker" : "Version")
                    .put("Key", listing.encoding().apply(object.key()))
                    .put("VersionId", object.version())
                    .put("IsLatest", current != null && current.sequence() == object.sequence())
                    .put("LastModified", time(object.modified()));
            if (!object.isDeleteMarker()) {
                xml.put("ETag", object.etag())
                        .put("Size", object.size())
                        .put("StorageClass", "STANDARD");
            }
            xml.close();
        }
        return xml(xml);
    }

    /** What every kind of listing is asked with. */
    private record Listing(
            String prefix, @Nullable String delimiter, int limit, UnaryOperator<String> encoding) {

        static Listing of(Call call) throws AwsError {
            String prefix = call.parameter("prefix");
            String delimiter = call.parameter("delimiter");
            String limit = call.parameter("max-keys");
            String encoding = call.parameter("encoding-type");
            return new Listing(
                    prefix == null ? "" : prefix,
                    delimiter == null || delimiter.isEmpty() ? null : delimiter,
                    limit == null ? PAGE : Math.min(PAGE, number("max-keys", limit)),
                    "url".equals(encoding) ? Listing::url : UnaryOperator.identity());
        }

        Xml begin(String root, Bucket bucket, boolean truncated) {
            Xml xml =
                    Xml.document(root)
                            .put("Name", bucket.name())
                            .put("Prefix", encoding.apply(prefix))
                            .put("Delimiter", delimiter == null ? null : encoding.apply(delimiter))
                            .put("MaxKeys", limit)
                            .put("IsTruncated", truncated);
            if (!encoding.apply(" ").equals(" ")) {
                xml.put("EncodingType", "url");
            }
            return xml;
        }

        private static String url(String key) {
            return URLEncoder.encode(key, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("%2F", "/");
        }
    }

    static int number(String parameter, String value) throws AwsError {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a negative number.
        }
        throw new AwsError(
                400, "InvalidArgument", parameter + " must be a whole number, not below 0");
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) throws AwsError {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AwsError(
                    400, "InvalidArgument", "The continuation token provided is incorrect");
        }
    }
}
