package io.amcinsights.glue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;

import io.amcinsights.lake.duck.DuckRows;
import io.amcinsights.lake.plan.TransformPlan;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;

/** The lake's bucket, or on one machine a folder in its place. */
final class LakeFolder implements DuckRows.Lake {

    /** As the functions write records, without what the libraries of Glue's Spark lack. */
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .serializationInclusion(JsonInclude.Include.NON_NULL)
                    .addModule(new SimpleModule().addDeserializer(Instant.class, new IsoInstant()))
                    .build();

    private static final class IsoInstant extends StdDeserializer<Instant> {

        private static final long serialVersionUID = 1;

        IsoInstant() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return Instant.parse(parser.getText());
        }
    }

    private final Path root;
    private final Configuration configuration;

    /**
     * @param root such as {@code s3://bucket/}
     */
    LakeFolder(String root, Configuration configuration) {
        this.root = new Path(root);
        this.configuration = configuration;
    }

    Path path(String key) {
        return new Path(root, key);
    }

    InputStream open(String key) throws IOException {
        return new BufferedInputStream(files().open(path(key)), 1 << 16);
    }

    @Override
    public boolean has(String key) throws IOException {
        return files().exists(path(key));
    }

    TransformPlan plan(String key) throws IOException {
        try (InputStream in = open(key)) {
            return JSON.readValue(in, TransformPlan.class);
        }
    }

    void write(Object record, String key) throws IOException {
        try (OutputStream out = files().create(path(key), true)) {
            JSON.writeValue(out, record);
        }
    }

    /** Fetches the one Parquet file of a folder that Spark wrote. */
    void downloadOnly(Path folder, java.nio.file.Path file) throws IOException {
        download(only(folder).getPath(), file);
    }

    @Override
    public void download(String key, java.nio.file.Path file) throws IOException {
        download(path(key), file);
    }

    private void download(Path from, java.nio.file.Path file) throws IOException {
        try (InputStream in = files().open(from)) {
            Files.copy(in, file);
        }
    }

    @Override
    public void upload(java.nio.file.Path file, String key) throws IOException {
        try (OutputStream out = files().create(path(key), true)) {
            Files.copy(file, out);
        }
    }

    private FileStatus only(Path folder) throws IOException {
        FileStatus written = null;
        for (FileStatus file : files().listStatus(folder)) {
            if (file.getPath().getName().startsWith("part-")) {
                if (written != null) {
                    throw new IllegalStateException("Spark has written more than one file.");
                }
                written = file;
            }
        }
        if (written == null) {
            throw new FileNotFoundException("Spark has written no file.");
        }
        return written;
    }

    void delete(Path folder) throws IOException {
        files().delete(folder, true);
    }

    private FileSystem files() throws IOException {
        FileSystem files = root.getFileSystem(configuration);
        files.setWriteChecksum(false); // of a folder on one machine, each file would get another
        return files;
    }
}
