package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Call;
import io.amcinsights.local.http.Reply;
import io.amcinsights.local.s3.Blobs.Blob;
import io.amcinsights.local.s3.ObjectStore.Part;
import io.amcinsights.local.s3.ObjectStore.Upload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Multipart uploads. */
final class MultipartCalls {

    private static final int MAX_PART = 10_000;
    private static final long MIN_PART_BYTES = 5L << 20;

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
        if (call.header("x-amz-copy-source") != null) {
            throw new AwsError(501, "NotImplemented", "UploadPartCopy is not implemented");
        }
        int number =
                BucketCalls.number(
                        "partNumber", Objects.requireNonNullElse(call.parameter("partNumber"), ""));
        if (number < 1 || number > MAX_PART) {
            throw new AwsError(
                    400,
                    "InvalidArgument",
                    "Part number must be an integer between 1 and 10000, inclusive");
        }
        Blob blob = objects.receive(call);
        store.keepPart(upload, number, blob);
        return Reply.empty(200)
                .with("ETag", ObjectStore.quoted(blob.md5()))
                .with("x-amz-checksum-crc32", blob.crc32());
    }

    Reply listParts(Bucket bucket, String key, String id, Call call) throws AwsError {
        Upload upload = find(bucket, key, id);
        int after =
                BucketCalls.number(
                        "part-number-marker",
                        Objects.requireNonNullElse(call.parameter("part-number-marker"), "0"));
        int limit =
                BucketCalls.number(
                        "max-parts",
                        Objects.requireNonNullElse(call.parameter("max-parts"), "1000"));
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
                                .put("ChecksumCRC32", stored.crc32())
                                .put("ChecksumType", "FULL_OBJECT")),
                stored);
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
