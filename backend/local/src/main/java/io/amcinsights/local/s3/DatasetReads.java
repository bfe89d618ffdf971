package io.amcinsights.local.s3;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.states.StateError;
import io.amcinsights.local.states.TaskResource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the ItemReader of a Map state reads: Step Functions Developer Guide, "ItemReader (Map)". */
public final class DatasetReads {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 1_000;

    private DatasetReads() {}

    /** {@code arn:aws:states:::s3:getObject}. */
    public static TaskResource getObject(ObjectStore objects) {
        return (arguments, _) -> {
            String bucket = arguments.path("Bucket").asText();
            String key = arguments.path("Key").asText();
            try (ObjectStore.Opened opened =
                    objects.open(bucket, key, arguments.path("VersionId").asText(null))) {
                if (opened == null) {
                    throw new StateError(
                            "S3.NoSuchKeyException",
                            "There is no object s3://" + bucket + "/" + key);
                }
                return JSON.createObjectNode()
                        .put(
                                "Body",
                                new String(opened.bytes().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new StateError("S3.S3Exception", String.valueOf(e.getMessage()));
            }
        };
    }

    /** {@code arn:aws:states:::s3:listObjectsV2}. */
    public static TaskResource listObjects(ObjectStore objects) {
        return (arguments, _) -> {
            String bucket = arguments.path("Bucket").asText();
            if (!objects.hasBucket(bucket)) {
                throw new StateError("S3.NoSuchBucketException", "There is no bucket " + bucket);
            }
            String prefix = arguments.path("Prefix").asText();
            ObjectNode reply = JSON.createObjectNode();
            ArrayNode contents = reply.putArray("Contents");
            String after = "";
            List<StoredObject> page;
            do {
                page = objects.list(bucket, prefix, after, PAGE);
                for (StoredObject object : page) {
                    ObjectNode item = contents.addObject().put("Etag", object.etag());
                    item.put("Key", object.key());
                    item.put("LastModified", object.modified().getEpochSecond());
                    item.put("Size", object.size()).put("StorageClass", "STANDARD");
                    after = object.key();
                }
            } while (page.size() == PAGE);
            return reply;
        };
    }
}
