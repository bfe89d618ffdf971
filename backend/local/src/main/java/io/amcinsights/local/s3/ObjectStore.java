package io.amcinsights.local.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.s3.Blobs.Blob;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.Sql;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Buckets and objects of the workspace, without a protocol. An object, its place among the versions
 * and the event that tells of it are kept in one transaction, so a kill loses none of them alone.
 *
 * <p>Events wait in the table {@code s3_events(id, body)} as EventBridge JSON ("Object Created"),
 * until whoever routes them deletes the row.
 */
public final class ObjectStore {

    /** Where a new object comes from, in the words of S3's events. */
    enum Reason {
        PutObject,
        CopyObject,
        CompleteMultipartUpload
    }

    /** An object about to be kept. */
    record Draft(
            String bucket,
            String key,
            Blob blob,
            String etag,
            Map<String, String> headers,
            Reason reason) {}

    /** A part of an unfinished multipart upload. */
    record Part(int number, String content, long size, String md5, Instant modified) {}

    /** An unfinished multipart upload. */
    record Upload(String id, String bucket, String key, Map<String, String> headers) {

        static Upload begin(Instant now, String bucket, String key, Map<String, String> headers) {
            String id = "%012x-%s".formatted(now.toEpochMilli(), UUID.randomUUID());
            return new Upload(id, bucket, key, headers);
        }

        Instant initiated() {
            return Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(id, 0, id.indexOf('-')));
        }
    }

    /** An object and its opened bytes. */
    public record Opened(StoredObject object, InputStream bytes) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OBJECT =
            "select seq, bucket, key, version, content, size, etag, crc32, headers, modified"
                    + " from s3_objects ";

    private final Database database;
    private final Blobs blobs;
    private final String account;
    private final String region;
    private final Clock clock;
    private final Runnable onEvent;

    /**
     * @param folder for the objects' bytes; nothing else lives there
     * @param account and {@code region} stand in the events
     * @param onEvent called after an event was kept; must return at once
     */
    public ObjectStore(
            Database database,
            Path folder,
            String account,
            String region,
            Clock clock,
            Runnable onEvent)
            throws IOException {
        this.database = database;
        this.blobs = new Blobs(folder);
        this.account = account;
        this.region = region;
        this.clock = clock;
        this.onEvent = onEvent;
        database.define(
                """
                create table if not exists s3_buckets(
                  name text primary key, created integer not null, versioning text,
                  events integer not null default 0, policy text)\
                """,
                """
                create table if not exists s3_objects(
                  seq integer primary key autoincrement, bucket text not null, key text not null,
                  version text not null, content text, size integer not null, etag text not null,
                  crc32 text not null, headers text not null, modified integer not null,
                  latest integer not null)\
                """,
                """
                create unique index if not exists s3_latest
                  on s3_objects(bucket, key) where latest = 1\
                """,
                "create index if not exists s3_versions on s3_objects(bucket, key, seq desc)",
                """
                create table if not exists s3_uploads(
                  id text primary key, bucket text not null, key text not null,
                  headers text not null)\
                """,
                """
                create table if not exists s3_parts(
                  upload text not null, number integer not null, content text not null,
                  size integer not null, md5 text not null, modified integer not null,
                  primary key(upload, number))\
                """,
                "create table if not exists s3_events(id integer primary key, body text not null)");
        blobs.sweep(
                database.read(
                        c ->
                                new HashSet<>(
                                        Sql.query(
                                                c,
                                                """
                                                select content from s3_objects
                                                where content is not null
                                                union all select content from s3_parts\
                                                """,
                                                row -> row.getString(1)))));
    }

    /**
     * Makes a bucket, or sets up one that exists; its objects stay.
     *
     * @param versioned whether every version of an object is kept
     * @param events whether a new object is told to EventBridge
     */
    public void provide(String bucket, boolean versioned, boolean events) {
        create(bucket);
        update(bucket, "versioning", versioned ? "Enabled" : null);
        update(bucket, "events", events ? 1 : 0);
    }

    /** Keeps a copy of a file as an object, as PutObject would. */
    public StoredObject put(String bucket, String key, Path file, String contentType)
            throws IOException {
        if (bucket(bucket) == null) {
            throw new NoSuchFileException("The bucket " + bucket + " does not exist");
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            Blob blob = blobs.write(bytes);
            return Objects.requireNonNull(
                    commit(
                            new Draft(
                                    bucket,
                                    key,
                                    blob,
                                    quoted(blob.md5()),
                                    Map.of("content-type", contentType),
                                    Reason.PutObject),
                            current -> true));
        }
    }

    /** The current version of an object, with its bytes opened; null if there is none. */
    public @Nullable Opened open(String bucket, String key) throws IOException {
        return open(bucket, key, 0);
    }

    /**
     * The current version of an object, with its bytes opened from an offset on; null if there is
     * none that long.
     */
    public @Nullable Opened open(String bucket, String key, long offset) throws IOException {
        StoredObject found = find(bucket, key, null);
        return found == null || found.isDeleteMarker() || offset > found.size()
                ? null
                : new Opened(found, bytes(found, offset, found.size() - offset));
    }

    @Nullable Opened open(String bucket, String key, @Nullable String version) throws IOException {
        StoredObject found = find(bucket, key, version);
        return found == null || found.isDeleteMarker()
                ? null
                : new Opened(found, bytes(found, 0, found.size()));
    }

    /** Whether an object is there. */
    public boolean has(String bucket, String key) {
        StoredObject found = find(bucket, key, null);
        return found != null && !found.isDeleteMarker();
    }

    /** Whether a bucket is there. */
    public boolean hasBucket(String name) {
        return bucket(name) != null;
    }

    boolean create(String bucket) {
        return database.write(
                        c ->
                                Sql.update(
                                        c,
                                        "insert or ignore into s3_buckets(name, created)"
                                                + " values (?, ?)",
                                        bucket,
                                        clock.millis()))
                == 1;
    }

    @Nullable Bucket bucket(String name) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "select * from s3_buckets where name = ?",
                                ObjectStore::bucketOf,
                                name));
    }

    List<Bucket> buckets() {
        return database.read(
                c -> Sql.query(c, "select * from s3_buckets order by name", ObjectStore::bucketOf));
    }

    void setVersioning(String bucket, String state) {
        update(bucket, "versioning", state);
    }

    void setEvents(String bucket, boolean events) {
        update(bucket, "events", events ? 1 : 0);
    }

    public void setPolicy(String bucket, @Nullable String policy) {
        update(bucket, "policy", policy);
    }

    /** Drops an empty bucket; false if it holds anything. */
    boolean drop(String bucket) {
        return database.write(
                c ->
                        Sql.update(
                                        c,
                                        """
                                        delete from s3_buckets where name = ?1 and not exists
                                        (select 1 from s3_objects where bucket = ?1)\
                                        """,
                                        bucket)
                                == 1);
    }

    /** An object's version, or its current one; may be a delete marker. */
    @Nullable StoredObject find(String bucket, String key, @Nullable String version) {
        return database.read(
                c ->
                        version == null
                                ? current(c, bucket, key)
                                : Sql.first(
                                        c,
                                        OBJECT
                                                + "where bucket = ? and key = ? and version = ?"
                                                + " order by seq desc limit 1",
                                        ObjectStore::objectOf,
                                        bucket,
                                        key,
                                        version));
    }

    InputStream bytes(StoredObject object, long offset, long length) throws IOException {
        return blobs.open(Objects.requireNonNull(object.content()), offset, length);
    }

    Blob receive(InputStream bytes) throws IOException {
        return blobs.write(bytes);
    }

    void discard(Blob blob) {
        blobs.delete(List.of(blob.name()));
    }

    /**
     * Makes received bytes the current version of an object.
     *
     * @param allowed sees the current version (null: none); if it refuses, nothing changes
     * @return null if {@code allowed} refused
     */
    @Nullable StoredObject commit(Draft draft, Predicate<@Nullable StoredObject> allowed) {
        return commit(draft, allowed, null);
    }

    private @Nullable StoredObject commit(
            Draft draft, Predicate<@Nullable StoredObject> allowed, @Nullable Upload finished) {
        List<String> replaced = new ArrayList<>();
        StoredObject stored =
                database.write(
                        c -> {
                            StoredObject before = current(c, draft.bucket(), draft.key());
                            if (!allowed.test(
                                    before == null || before.isDeleteMarker() ? null : before)) {
                                return null;
                            }
                            if (finished != null) {
                                replaced.addAll(forget(c, finished));
                            }
                            return insert(c, draft, replaced);
                        });
        if (stored == null) {
            discard(draft.blob());
            return null;
        }
        blobs.delete(replaced);
        onEvent.run();
        return stored;
    }

    private StoredObject insert(Connection c, Draft draft, List<String> replaced)
            throws SQLException {
        Bucket bucket =
                Objects.requireNonNull(
                        Sql.first(
                                c,
                                "select * from s3_buckets where name = ?",
                                ObjectStore::bucketOf,
                                draft.bucket()));
        String version = place(c, bucket, draft.key(), replaced);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Sql.update(
                c,
                """
                insert into s3_objects
                  (bucket, key, version, content, size, etag, crc32, headers, modified, latest)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)\
                """,
                draft.bucket(),
                draft.key(),
                version,
                draft.blob().name(),
                draft.blob().size(),
                draft.etag(),
                draft.blob().crc32(),
                write(draft.headers()),
                now.toEpochMilli());
        StoredObject stored = Objects.requireNonNull(current(c, draft.bucket(), draft.key()));
        if (bucket.events()) {
            Sql.update(c, "insert into s3_events(body) values (?)", event(stored, draft.reason()));
        }
        return stored;
    }

    /** Makes room for a new current version of a key; returns the version's id. */
    private static String place(Connection c, Bucket bucket, String key, List<String> replaced)
            throws SQLException {
        Sql.update(
                c,
                "update s3_objects set latest = 0 where bucket = ? and key = ? and latest = 1",
                bucket.name(),
                key);
        if (bucket.keepsVersions()) {
            return UUID.randomUUID().toString().replace("-", "");
        }
        replaced.addAll(remove(c, bucket.name(), key, "null"));
        return "null";
    }

    /** Takes a version's rows away; returns the names of the files that nothing holds any more. */
    private static List<String> remove(Connection c, String bucket, String key, String version)
            throws SQLException {
        return Sql.query(
                        c,
                        "delete from s3_objects where bucket = ? and key = ? and version = ?"
                                + " returning content",
                        row -> row.getString(1),
                        bucket,
                        key,
                        version)
                .stream()
                .filter(Objects::nonNull)
                .toList();
    }

    /** What a delete did: the version that went, or the delete marker that came. */
    record Deleted(@Nullable String version, boolean marker) {}

    /**
     * Deletes as DeleteObject does: with a version, that one is gone; without, a versioned bucket
     * gets a delete marker and any other loses the object.
     */
    Deleted delete(Bucket bucket, String key, @Nullable String version) {
        List<String> gone = new ArrayList<>();
        Deleted deleted =
                database.write(
                        c -> {
                            if (version != null) {
                                StoredObject target =
                                        Sql.first(
                                                c,
                                                OBJECT
                                                        + "where bucket = ? and key = ?"
                                                        + " and version = ?",
                                                ObjectStore::objectOf,
                                                bucket.name(),
                                                key,
                                                version);
                                gone.addAll(remove(c, bucket.name(), key, version));
                                Sql.update(
                                        c,
                                        """
                                        update s3_objects set latest = 1 where seq =
                                        (select max(seq) from s3_objects
                                         where bucket = ? and key = ?)\
                                        """,
                                        bucket.name(),
                                        key);
                                return new Deleted(
                                        version, target != null && target.isDeleteMarker());
                            }
                            if (bucket.versioning() == null) {
                                gone.addAll(remove(c, bucket.name(), key, "null"));
                                return new Deleted(null, false);
                            }
                            String marker = place(c, bucket, key, gone);
                            Sql.update(
                                    c,
                                    """
                                    insert into s3_objects(bucket, key, version, content, size,
                                      etag, crc32, headers, modified, latest)
                                    values (?, ?, ?, null, 0, '', '', '{}', ?, 1)\
                                    """,
                                    bucket.name(),
                                    key,
                                    marker,
                                    clock.millis());
                            return new Deleted(marker, true);
                        });
        blobs.delete(gone);
        return deleted;
    }

    /** Current objects in key order (by UTF-8 bytes), from {@code after} (not included) on. */
    List<StoredObject> list(String bucket, String prefix, String after, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                OBJECT
                                        + """
                                        where bucket = ?1 and latest = 1 and content is not null
                                        and key > ?2 and key >= ?3 and key < ?3 || char(1114111)
                                        order by key limit ?4\
                                        """,
                                ObjectStore::objectOf,
                                bucket,
                                after,
                                prefix,
                                limit));
    }

    /** All versions, newest first within a key, from a key and sequence (not included) on. */
    List<StoredObject> versions(
            String bucket, String prefix, String afterKey, long beforeSequence, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                OBJECT
                                        + """
                                        where bucket = ?1
                                        and key >= ?3 and key < ?3 || char(1114111)
                                        and (key > ?2 or (key = ?2 and seq < ?4))
                                        order by key, seq desc limit ?5\
                                        """,
                                ObjectStore::objectOf,
                                bucket,
                                afterKey,
                                prefix,
                                beforeSequence,
                                limit));
    }

    /** The number of the newest write; every later one has a greater. */
    public long newest() {
        return database.read(
                c ->
                        Objects.requireNonNull(
                                Sql.first(
                                        c,
                                        "select coalesce(max(seq), 0) from s3_objects",
                                        row -> row.getLong(1))));
    }

    /** The objects written after a write, whose keys have a text in them, by bucket and key. */
    public List<StoredObject> writtenAfter(long sequence, String text) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                OBJECT
                                        + "where seq > ? and latest = 1 and instr(key, ?) > 0"
                                        + " order by bucket, key",
                                ObjectStore::objectOf,
                                sequence,
                                text));
    }

    Upload startUpload(String bucket, String key, Map<String, String> headers) {
        Upload upload = Upload.begin(clock.instant(), bucket, key, headers);
        database.write(
                c ->
                        Sql.update(
                                c,
                                "insert into s3_uploads values (?, ?, ?, ?)",
                                upload.id(),
                                bucket,
                                key,
                                write(headers)));
        return upload;
    }

    @Nullable Upload upload(String id) {
        return database.read(
                c ->
                        Sql.first(
                                c,
                                "select id, bucket, key, headers from s3_uploads where id = ?",
                                ObjectStore::uploadOf,
                                id));
    }

    /**
     * Uploads that have not ended, by key and then by age.
     *
     * @param afterKey only keys behind it; the key itself, too, from behind {@code afterId} on
     */
    List<Upload> uploads(
            String bucket, String prefix, String afterKey, @Nullable String afterId, int limit) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                """
                                select id, bucket, key, headers from s3_uploads
                                where bucket = ?1 and key >= ?2 and key < ?2 || char(1114111)
                                and (key > ?3 or (key = ?3 and id > ?4))
                                order by key, id limit ?5\
                                """,
                                ObjectStore::uploadOf,
                                bucket,
                                prefix,
                                afterKey,
                                afterId,
                                limit));
    }

    private static Upload uploadOf(ResultSet row) throws SQLException {
        return new Upload(
                row.getString(1), row.getString(2), row.getString(3), read(row.getString(4)));
    }

    void keepPart(Upload upload, int number, Blob blob) {
        List<String> replaced =
                database.write(
                        c -> {
                            List<String> old =
                                    Sql.query(
                                            c,
                                            "select content from s3_parts"
                                                    + " where upload = ? and number = ?",
                                            row -> row.getString(1),
                                            upload.id(),
                                            number);
                            Sql.update(
                                    c,
                                    "insert or replace into s3_parts values (?, ?, ?, ?, ?, ?)",
                                    upload.id(),
                                    number,
                                    blob.name(),
                                    blob.size(),
                                    blob.md5(),
                                    clock.millis());
                            return old;
                        });
        blobs.delete(replaced);
    }

    List<Part> parts(Upload upload) {
        return database.read(
                c ->
                        Sql.query(
                                c,
                                "select number, content, size, md5, modified from s3_parts"
                                        + " where upload = ? order by number",
                                row ->
                                        new Part(
                                                row.getInt(1),
                                                row.getString(2),
                                                row.getLong(3),
                                                row.getString(4),
                                                Instant.ofEpochMilli(row.getLong(5))),
                                upload.id()));
    }

    /** Makes an object of an upload's parts; null if {@code allowed} refused. */
    @Nullable StoredObject complete(
            Upload upload, List<Part> parts, Predicate<@Nullable StoredObject> allowed)
            throws IOException {
        Blob blob = blobs.concatenate(parts.stream().map(Part::content).toList());
        return commit(
                new Draft(
                        upload.bucket(),
                        upload.key(),
                        blob,
                        quoted(digestOfDigests(parts)),
                        upload.headers(),
                        Reason.CompleteMultipartUpload),
                allowed,
                upload);
    }

    /** Forgets an upload and its parts. */
    void abort(Upload upload) {
        blobs.delete(database.write(c -> forget(c, upload)));
    }

    private static List<String> forget(Connection c, Upload upload) throws SQLException {
        Sql.update(c, "delete from s3_uploads where id = ?", upload.id());
        return Sql.query(
                c,
                "delete from s3_parts where upload = ? returning content",
                row -> row.getString(1),
                upload.id());
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static String digestOfDigests(Collection<Part> parts) {
        var md5 = Blobs.md5();
        for (Part part : parts) {
            md5.update(HexFormat.of().parseHex(part.md5()));
        }
        return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
    }

    private String event(StoredObject object, Reason reason) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "0");
        event.put("id", UUID.randomUUID().toString());
        event.put("detail-type", "Object Created");
        event.put("source", "aws.s3");
        event.put("account", account);
        event.put("time", object.modified().truncatedTo(ChronoUnit.SECONDS).toString());
        event.put("region", region);
        event.putArray("resources").add("arn:aws:s3:::" + object.bucket());
        ObjectNode detail = event.putObject("detail");
        detail.put("version", "0");
        detail.putObject("bucket").put("name", object.bucket());
        ObjectNode what = detail.putObject("object");
        what.put("key", object.key());
        what.put("size", object.size());
        what.put("etag", object.etag().replace("\"", ""));
        if (!object.version().equals("null")) {
            what.put("version-id", object.version());
        }
        what.put("sequencer", "%016X".formatted(object.sequence()));
        detail.put("request-id", UUID.randomUUID().toString());
        detail.put("requester", account);
        detail.put("source-ip-address", "127.0.0.1");
        detail.put("reason", reason.name());
        return event.toString();
    }

    private void update(String bucket, String setting, @Nullable Object value) {
        database.write(
                c ->
                        Sql.update(
                                c,
                                "update s3_buckets set " + setting + " = ? where name = ?",
                                value,
                                bucket));
    }

    private static @Nullable StoredObject current(Connection c, String bucket, String key)
            throws SQLException {
        return Sql.first(
                c,
                OBJECT + "where bucket = ? and key = ? and latest = 1",
                ObjectStore::objectOf,
                bucket,
                key);
    }

    private static StoredObject objectOf(ResultSet row) throws SQLException {
        return new StoredObject(
                row.getLong("seq"),
                row.getString("bucket"),
                row.getString("key"),
                row.getString("version"),
                row.getString("content"),
                row.getLong("size"),
                row.getString("etag"),
                row.getString("crc32"),
                read(row.getString("headers")),
                Instant.ofEpochMilli(row.getLong("modified")));
    }

    private static Bucket bucketOf(ResultSet row) throws SQLException {
        return new Bucket(
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("created")),
                row.getString("versioning"),
                row.getInt("events") == 1,
                row.getString("policy"));
    }

    private static String write(Map<String, String> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(String headers) {
        try {
            return JSON.readValue(headers, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
