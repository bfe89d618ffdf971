package io.amcinsights.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.amcinsights.local.states.StateError;
import io.amcinsights.local.states.TaskResource;
import io.amcinsights.local.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

class DatasetReadsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");

    @TempDir Path folder;

    private Database database;
    private ObjectStore objects;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(folder.resolve("test.db"));
        objects =
                new ObjectStore(
                        database,
                        folder.resolve("objects"),
                        "000000000000",
                        "us-east-1",
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        () -> {});
        objects.provide("b", false, false);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void put(String key, String text) throws Exception {
        objects.put("b", key, Files.writeString(folder.resolve("file"), text), "text/plain");
    }

    private static JsonNode read(TaskResource resource, String arguments) throws Exception {
        return resource.run(new ObjectMapper().readTree(arguments), reply -> {});
    }

    @Test
    void readsAnObjectAsText() throws Exception {
        put("in/a.csv", "größe\n1\n");
        TaskResource read = DatasetReads.getObject(objects);
        assertThat(read(read, "{\"Bucket\":\"b\",\"Key\":\"in/a.csv\"}").path("Body").asText())
                .isEqualTo("größe\n1\n");
        assertThatThrownBy(() -> read(read, "{\"Bucket\":\"b\",\"Key\":\"absent\"}"))
                .isInstanceOfSatisfying(
                        StateError.class,
                        e -> assertThat(e.cause()).isEqualTo("There is no object s3://b/absent"));
    }

    @Test
    void listsAllObjectsUnderAPrefix() throws Exception {
        for (int i = 0; i < 1_001; i++) {
            put("in/%04d".formatted(i), "x");
        }
        put("out/1", "y");
        TaskResource list = DatasetReads.listObjects(objects);
        JsonNode contents = read(list, "{\"Bucket\":\"b\",\"Prefix\":\"in/\"}").path("Contents");
        assertThat(contents).hasSize(1_001);
        assertThat(contents.path(1_000).toString())
                .isEqualTo(
                        "{\"Etag\":\"\\\"9dd4e461268c8034f5c8564e155c67a6\\\"\",\"Key\":\"in/1000\","
                            + "\"LastModified\":1772355600,\"Size\":1,"
                            + "\"StorageClass\":\"STANDARD\"}");
        assertThatThrownBy(() -> read(list, "{\"Bucket\":\"absent\"}"))
                .isInstanceOfSatisfying(
                        StateError.class,
                        e -> assertThat(e.error()).isEqualTo("S3.NoSuchBucketException"));
    }
}
