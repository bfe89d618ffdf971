package io.amcinsights.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A zip file that is the same, to the byte, whenever and in whatever order it is filled. */
final class Archive {

    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private interface Content {
        byte[] read() throws IOException;
    }

    private final Map<String, Content> entries = new TreeMap<>();

    /** Adds all files of a folder, named from there. */
    Archive folder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(
                            file ->
                                    add(
                                            folder.relativize(file).toString().replace('\\', '/'),
                                            () -> Files.readAllBytes(file)));
        }
        return this;
    }

    /** Adds the files of a jar whose names are wanted, as they are. */
    Archive contents(Path jar, String folder, Predicate<String> wanted) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .filter(entry -> !entry.isDirectory() && wanted.test(entry.getName()))
                    .forEach(entry -> add(folder + entry.getName(), () -> read(jar, entry)));
        }
        return this;
    }

    /**
     * Adds a library, not compressed: the archive around it then becomes a third smaller, for
     * classes are alike, and a function need not unpack each class that it loads.
     */
    Archive library(Path jar, Predicate<String> wanted) {
        return add(
                "lib/" + jar.getFileName(),
                () -> {
                    ByteArrayOutputStream library = new ByteArrayOutputStream();
                    new Archive().contents(jar, "", wanted).store(library);
                    return library.toByteArray();
                });
    }

    void writeTo(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, Content> entry : entries.entrySet()) {
                // What is compressed already only takes time.
                zip.setLevel(
                        entry.getKey().matches("[^/]+\\.jar")
                                ? Deflater.NO_COMPRESSION
                                : Deflater.DEFAULT_COMPRESSION);
                zip.putNextEntry(entry(entry.getKey()));
                zip.write(entry.getValue().read());
                zip.closeEntry();
            }
        }
    }

    private void store(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, Content> entry : entries.entrySet()) {
                byte[] content = entry.getValue().read();
                CRC32 sum = new CRC32();
                sum.update(content);
                ZipEntry stored = entry(entry.getKey());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(content.length);
                stored.setCrc(sum.getValue());
                zip.putNextEntry(stored);
                zip.write(content);
                zip.closeEntry();
            }
        }
    }

    private Archive add(String name, Content content) {
        if (entries.putIfAbsent(name, content) != null) {
            throw new UncheckedIOException(
                    new IOException(
                            "The archive would have %s twice; leave it out of one of its sources."
                                    .formatted(name)));
        }
        return this;
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        return entry;
    }

    private static byte[] read(Path jar, ZipEntry entry) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
