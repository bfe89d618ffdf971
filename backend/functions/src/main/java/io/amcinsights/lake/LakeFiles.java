package io.amcinsights.lake;

import io.amcinsights.lake.duck.DuckRows;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.TransformPlan;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the lake's bucket. */
public final class LakeFiles implements DuckRows.Lake {

    private static final int NO_SUCH_RANGE = 416;

    private final S3Client s3;
    private final String bucket;

    public LakeFiles(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** Copies an object of another bucket into the lake, if it is still the one that was seen. */
    void copy(String fromBucket, String fromKey, String etag, String key) {
        s3.copyObject(
                r -> {
                    r.sourceBucket(fromBucket).sourceKey(fromKey);
                    r.destinationBucket(bucket).destinationKey(key);
                    r.taggingDirective(TaggingDirective.REPLACE); // reading theirs needs a right
                    if (!etag.isEmpty()) {
                        r.copySourceIfMatch(etag);
                    }
                });
    }

    /**
     * What a file of the lake holds.
     *
     * @param told what AMC says that columns are, by name
     */
    Inspection inspect(String key, SourceFormat format, Map<String, String> told) {
        if (format == SourceFormat.PARQUET) {
            return ParquetFooter.inspect(this, key);
        }
        try (ResponseInputStream<GetObjectResponse> in =
                        s3.getObject(r -> r.bucket(bucket).key(key));
                InputStream buffered = new BufferedInputStream(in, 1 << 16)) {
            return Inspection.of(buffered, format, told);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first bytes of a file of the lake; empty where there is none. */
    Optional<byte[]> beginning(String key, int bytes) {
        return beginning(bucket, key, bytes);
    }

    /** The first bytes of a file of any bucket; empty where there is none. */
    Optional<byte[]> beginning(String ofBucket, String key, int bytes) {
        try (ResponseInputStream<GetObjectResponse> in =
                s3.getObject(
                        r ->
                                r.bucket(ofBucket)
                                        .key(key)
                                        .range("bytes=0-%d".formatted(bytes - 1)))) {
            return Optional.of(in.readNBytes(bytes));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == NO_SUCH_RANGE) {
                return Optional.of(new byte[0]); // the file is empty
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last bytes of a file of the lake; fewer where it has no more. */
    byte[] end(String key, int bytes) {
        byte[] read =
                s3.getObject(
                                r -> r.bucket(bucket).key(key).range("bytes=-%d".formatted(bytes)),
                                ResponseTransformer.toBytes())
                        .asByteArray();
        return read.length <= bytes
                ? read
                : Arrays.copyOfRange(read, read.length - bytes, read.length);
    }

    String read(String key) {
        return s3.getObject(r -> r.bucket(bucket).key(key), ResponseTransformer.toBytes())
                .asUtf8String();
    }

    Optional<String> find(String key) {
        try {
            return Optional.of(read(key));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    void put(String key, String text) {
        s3.putObject(
                r -> r.bucket(bucket).key(key),
                RequestBody.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void upload(Path file, String key) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromFile(file));
    }

    @Override
    public void download(String key, Path file) {
        s3.getObject(r -> r.bucket(bucket).key(key), ResponseTransformer.toFile(file));
    }

    /** Where the copy of a delivered file is. */
    static String copyKey(String deliveryId) {
        return "pre-stage/%s/delivery.csv".formatted(deliveryId);
    }

    /** Where the plan of a delivery is. */
    static String planKey(String deliveryId) {
        return "pre-stage/%s/plan.json".formatted(deliveryId);
    }

    /** Where a Glue job leaves what came of the plan of a delivery. */
    static String outcomeKey(String deliveryId) {
        return TransformPlan.outcomeKey(planKey(deliveryId));
    }

    /** Where the rows of a delivery are until they are published. */
    static String rowsKey(String deliveryId) {
        return "pre-stage/%s/rows.parquet".formatted(deliveryId);
    }

    /** Where its rows with hidden values are until then, if they are kept apart. */
    static String filteredKey(String deliveryId) {
        return "pre-stage/%s/filtered.parquet".formatted(deliveryId);
    }

    /** Removes the copy of a delivery, its plan, and what was made of it. */
    void deletePreStage(String deliveryId) {
        deleteRows(deliveryId);
        delete(outcomeKey(deliveryId));
        delete(copyKey(deliveryId));
        delete(planKey(deliveryId));
    }

    /** Removes the rows of a delivery that are not published, or are elsewhere by now. */
    void deleteRows(String deliveryId) {
        delete(rowsKey(deliveryId));
        delete(filteredKey(deliveryId));
    }

    /** Copies a file within the lake. */
    void copy(String key, String to) {
        s3.copyObject(
                r ->
                        r.sourceBucket(bucket)
                                .sourceKey(key)
                                .destinationBucket(bucket)
                                .destinationKey(to));
    }

    @Override
    public boolean has(String key) {
        try {
            s3.headObject(r -> r.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** Size of a file in bytes. */
    long size(String key) {
        return s3.headObject(r -> r.bucket(bucket).key(key)).contentLength();
    }

    /** The folders in a folder, with their whole keys. */
    List<String> folders(String folder) {
        return s3
                .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(folder).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .toList();
    }

    /** The keys that begin so. */
    List<String> keys(String prefix) {
        return keysBefore(prefix, Instant.MAX);
    }

    /** The keys that begin so and were written before a moment. */
    List<String> keysBefore(String prefix, Instant moment) {
        return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream()
                .filter(object -> object.lastModified().isBefore(moment))
                .map(S3Object::key)
                .toList();
    }

    void delete(String key) {
        s3.deleteObject(r -> r.bucket(bucket).key(key));
    }
}
