package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.s3.Blobs.Blob;
import io.amcinsights.local.s3.ObjectStore.Part;
import io.amcinsights.local.s3.ObjectStore.Upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Multipart uploads. */
final class MultipartCalls {

    private static final int MAX_PART = 10_000;
    private static final long MIN_PART_BYTES = 5L << 20;
    private static final int MAX_LISTED = 1000;
    private static final Pattern COPIED = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

    private final ObjectStore store;
    private final ObjectCalls objects;

    MultipartCalls(ObjectStore store) {
        this.store = store;
        this.objects = new ObjectCalls(store);
    }

    Reply create(Bucket bucket, String key, Call call) throws AwsError {
        ObjectCalls.refuse(call);
        Upload upload = store.startUpload(bucket.name(), key, ObjectCalls.headers(call));
        return BucketCalls.xml(
                Xml.document("InitiateMultipartUploadResult")
                        .put("Bucket", bucket.name())
                        .put("Key", key)
                        .put("UploadId", upload.id()));
    }

    Reply uploadPart(Bucket bucket, String key, String id, Call call) throws AwsError, IOException {
        Upload upload = find(bucket, key, id);
        int number =
                BucketCalls.number(
                        "partNumber", Objects.requireNonNullElse(call.parameter("partNumber"), ""));
        if (number < 1 || number > MAX_PART) {
            throw new AwsError(
                    400,
                    "InvalidArgument",
                    "Part number must be an integer between 1 and 10000, inclusive");
        }
        String source = call.header("x-amz-copy-source");
        if (source != null) {
            return copyPart(upload, number, objects.source(source), call);
        }
        ObjectCalls.Received received = objects.receive(call);
        store.keepPart(upload, number, received.blob());
        Checks.Stated checksum = received.checksum();
        return Reply.empty(200)
                .with("ETag", ObjectStore.quoted(received.blob().md5()))
                .with(checksum.algorithm().header(), checksum.value());
    }

    private Reply copyPart(Upload upload, int number, StoredObject source, Call call)
            throws AwsError, IOException {
        ObjectCalls.checkCopyConditions(call, source);
        long first = 0;
        long last = source.size() - 1;
        String range = call.header("x-amz-copy-source-range");
        if (range != null) {
            Matcher matcher = COPIED.matcher(range);
            if (!matcher.matches()
                    || Long.parseLong(matcher.group(1)) > Long.parseLong(matcher.group(2))
                    || Long.parseLong(matcher.group(2)) > last) {
                throw new AwsError(
                        400,
                        "InvalidArgument",
                        "The x-amz-copy-source-range value must be of the form bytes=first-last"
                                + " where first and last are the zero-based offsets of the first"
                                + " and last bytes to copy");
            }
            first = Long.parseLong(matcher.group(1));
            last = Long.parseLong(matcher.group(2));
        }
        Blob blob;
        try (InputStream bytes = store.bytes(source, first, last - first + 1)) {
            blob = store.receive(bytes);
        }
        store.keepPart(upload, number, blob);
        return BucketCalls.xml(
                Xml.document("CopyPartResult")
                        .put("LastModified", BucketCalls.time(source.modified()))
                        .put("ETag", ObjectStore.quoted(blob.md5())));
    }

    /** The uploads of a bucket that have not ended, by key and age. */
    Reply listUploads(Bucket bucket, Call call) throws AwsError {
        String prefix = Objects.requireNonNullElse(call.parameter("prefix"), "");
        String afterKey = Objects.requireNonNullElse(call.parameter("key-marker"), "");
        String afterId = call.parameter("upload-id-marker");
        int limit = Math.min(MAX_LISTED, number(call, "max-uploads", MAX_LISTED));
        List<Upload> found = store.uploads(bucket.name(), prefix, afterKey, afterId, limit + 1);
        List<Upload> shown = found.subList(0, Math.min(limit, found.size()));
        Xml xml =
                Xml.document("ListMultipartUploadsResult")
                        .put("Bucket", bucket.name())
                        .put("KeyMarker", afterKey)
                        .put("UploadIdMarker", afterId)
                        .put("Prefix", prefix)
                        .put("MaxUploads", limit)
                        .put("IsTruncated", shown.size() < found.size());
        if (!shown.isEmpty() && shown.size() < found.size()) {
            xml.put("NextKeyMarker", shown.getLast().key())
                    .put("NextUploadIdMarker", shown.getLast().id());
        }
        for (Upload upload : shown) {
            xml.open("Upload")
                    .put("Key", upload.key())
                    .put("UploadId", upload.id())
                    .put("Initiated", BucketCalls.time(upload.initiated()))
                    .put("StorageClass", "STANDARD")
                    .close();
        }
        return BucketCalls.xml(xml);
    }

    Reply listParts(Bucket bucket, String key, String id, Call call) throws AwsError {
        Upload upload = find(bucket, key, id);
        int after = number(call, "part-number-marker", 0);
        int limit = number(call, "max-parts", MAX_LISTED);
        List<Part> parts =
                store.parts(upload).stream().filter(part -> part.number() > after).toList();
        List<Part> shown = parts.subList(0, Math.min(limit, parts.size()));
        Xml xml =
                Xml.document("ListPartsResult")
                        .put("Bucket", bucket.name())
                        .put("Key", key)
                        .put("UploadId", id)
                        .put("PartNumberMarker", after)
                        .put("MaxParts", limit)
                        .put("IsTruncated", shown.size() < parts.size());
        if (!shown.isEmpty()) {
            xml.put("NextPartNumberMarker", shown.getLast().number());
        }
        for (Part part : shown) {
            xml.open("Part")
                    .put("PartNumber", part.number())
                    .put("LastModified", BucketCalls.time(part.modified()))
                    .put("ETag", ObjectStore.quoted(part.md5()))
                    .put("Size", part.size())
                    .close();
        }
        return BucketCalls.xml(xml);
    }

    Reply complete(Bucket bucket, String key, String id, Call call) throws AwsError, IOException {
        Upload upload = find(bucket, key, id);
        List<Part> parts = chosen(upload, Xml.read(call.body()));
        StoredObject stored = store.complete(upload, parts, ObjectCalls.allowed(call));
        if (stored == null) {
            throw ObjectCalls.preconditionFailed();
        }
        return ObjectCalls.version(
                BucketCalls.xml(
                        Xml.document("CompleteMultipartUploadResult")
                                .put("Location", "/" + bucket.name() + "/" + key)
                                .put("Bucket", bucket.name())
                                .put("Key", key)
                                .put("ETag", stored.etag())
                                .put(
                                        "Checksum" + stored.checksum().algorithm(),
                                        stored.checksum().value())
                                .put("ChecksumType", "FULL_OBJECT")),
                stored);
    }

    private static int number(Call call, String parameter, int otherwise) throws AwsError {
        String value = call.parameter(parameter);
        return value == null ? otherwise : BucketCalls.number(parameter, value);
    }

    private List<Part> chosen(Upload upload, Xml.Element wanted) throws AwsError {
        Map<Integer, Part> known = new HashMap<>();
        store.parts(upload).forEach(part -> known.put(part.number(), part));
        List<Part> parts = new ArrayList<>();
        for (Xml.Element element : wanted.all("Part")) {
            int number =
                    BucketCalls.number(
                            "PartNumber",
                            Objects.requireNonNullElse(element.text("PartNumber"), ""));
            String etag = Objects.requireNonNullElse(element.text("ETag"), "").replace("\"", "");
            Part part = known.get(number);
            if (part == null || !part.md5().equals(etag)) {
                throw new AwsError(
                        400,
                        "InvalidPart",
                        "One or more of the specified parts could not be found. The part may not"
                                + " have been uploaded, or the specified entity tag may not match"
                                + " the part's entity tag.");
            }
            if (!parts.isEmpty() && parts.getLast().number() >= number) {
                throw new AwsError(
                        400,
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by"
                                + " part number.");
            }
            if (!parts.isEmpty() && parts.getLast().size() < MIN_PART_BYTES) {
                throw new AwsError(
                        400,
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size");
            }
            parts.add(part);
        }
        if (parts.isEmpty()) {
            throw new AwsError(400, "MalformedXML", "You must specify at least one part");
        }
        return parts;
    }

    Reply abort(Bucket bucket, String key, String id) throws AwsError {
        store.abort(find(bucket, key, id));
        return Reply.empty(204);
    }

    private Upload find(Bucket bucket, String key, String id) throws AwsError {
        Upload upload = store.upload(id);
        if (upload == null || !upload.bucket().equals(bucket.name()) || !upload.key().equals(key)) {
            throw new AwsError(
                    404,
                    "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the"
                            + " upload may have been aborted or completed.");
        }
        return upload;
    }
}
