package io.amcinsights.local.s3;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The bytes of objects: files that are written once, under names that nothing else uses. A file
 * counts only once the database names it, so a kill leaves at most files that {@link #sweep} drops.
 */
final class Blobs {

    /** What was written. */
    record Blob(String name, long size, String md5, String crc32) {}

    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

    private final Path folder;

    Blobs(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    private interface Source {
        InputStream open() throws IOException;
    }

    /** Keeps the stream's bytes; they are on disk when this returns. */
    Blob write(InputStream bytes) throws IOException {
        return write(List.of(() -> bytes));
    }

    /** Keeps the named files' bytes, one after the other, as one file. */
    Blob concatenate(List<String> names) throws IOException {
        return write(names.stream().<Source>map(n -> () -> Files.newInputStream(path(n))).toList());
    }

    private Blob write(List<Source> sources) throws IOException {
        String name = UUID.randomUUID().toString().replace("-", "");
        Path file = path(name);
        Files.createDirectories(file.getParent());
        MessageDigest md5 = md5();
        CRC32 crc32 = new CRC32();
        long size = 0;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[1 << 16];
            for (Source source : sources) {
                try (InputStream bytes = source.open()) {
                    for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                        md5.update(buffer, 0, n);
                        crc32.update(buffer, 0, n);
                        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, n);
                        while (rest.hasRemaining()) {
                            channel.write(rest);
                        }
                        size += n;
                    }
                }
            }
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Blob(name, size, HexFormat.of().formatHex(md5.digest()), base64(crc32));
    }

    /** The bytes from an offset on; closing the stream closes the file. */
    InputStream open(String name, long offset, long length) throws IOException {
        if (length == 0) {
            return InputStream.nullInputStream();
        }
        FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ);
        try {
            channel.position(offset);
            return new Window(channel, length);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Drops files; one that is still open elsewhere stays for the next sweep. */
    void delete(List<String> names) {
        for (String name : names) {
            try {
                Files.deleteIfExists(path(name));
            } catch (IOException e) {
                LOG.debug("{} is left for the next sweep", name, e);
            }
        }
    }

    /** Drops every file that is not named. */
    void sweep(Set<String> named) throws IOException {
        List<String> strays = new ArrayList<>();
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(folder)) {
            for (Path shard : shards) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
                    for (Path file : files) {
                        String name = file.getFileName().toString();
                        if (!named.contains(name)) {
                            strays.add(name);
                        }
                    }
                }
            }
        }
        delete(strays);
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5", e);
        }
    }

    private static String base64(CRC32 crc32) {
        byte[] bytes = ByteBuffer.allocate(4).putInt((int) crc32.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Path path(String name) {
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    private static final class Window extends InputStream {
        private final FileChannel channel;
        private long left;

        Window(FileChannel channel, long length) {
            this.channel = channel;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int n = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)));
            if (n > 0) {
                left -= n;
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
