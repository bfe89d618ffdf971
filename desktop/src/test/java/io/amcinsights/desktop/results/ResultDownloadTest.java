package io.amcinsights.desktop.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

class ResultDownloadTest {

    @TempDir Path folder;

    @Test
    void partsArriveInTheirPlaces() throws Exception {
        byte[] object = bytes(100_003);
        AtomicLong done = new AtomicLong();
        Path target = folder.resolve("result");

        ResultDownload.fetch(
                of(object), target, 1_000, (at, total) -> done.accumulateAndGet(at, Math::max));

        assertThat(Files.readAllBytes(target)).isEqualTo(object);
        assertThat(done).hasValue(object.length);
    }

    @Test
    void anEmptyObjectIsAnEmptyFile() throws Exception {
        Path target = folder.resolve("result");
        ResultDownload.fetch(of(new byte[0]), target, Progress.NONE);
        assertThat(target).isEmptyFile();
    }

    @Test
    void aShortAnswerIsAFailureAndLeavesNothing() {
        ResultDownload.Source cut =
                new ResultDownload.Source() {
                    @Override
                    public long size() {
                        return 10;
                    }

                    @Override
                    public InputStream read(long from, long to) {
                        return new ByteArrayInputStream(new byte[4]);
                    }
                };
        assertThatThrownBy(() -> ResultDownload.fetch(cut, folder.resolve("result"), Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("The result object ended at byte 4 of 10.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anInterruptStopsIt() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        ResultDownload.Source endless =
                new ResultDownload.Source() {
                    @Override
                    public long size() {
                        return Long.MAX_VALUE / 1_000_000;
                    }

                    @Override
                    public InputStream read(long from, long to) {
                        reading.countDown();
                        return new InputStream() {
                            @Override
                            public int read() {
                                return 0;
                            }

                            @Override
                            public int read(byte[] target, int offset, int length) {
                                return 1;
                            }
                        };
                    }
                };
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        ResultDownload.fetch(
                                                endless, folder.resolve("result"), Progress.NONE);
                                    } catch (Exception e) {
                                        end.set(e);
                                    }
                                });
        reading.await();
        thread.interrupt();
        thread.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(folder).isEmptyDirectory();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static ResultDownload.Source of(byte[] object) {
        return new ResultDownload.Source() {
            @Override
            public long size() {
                return object.length;
            }

            @Override
            public InputStream read(long from, long to) {
                return new ByteArrayInputStream(object, (int) from, (int) (to - from + 1));
            }
        };
    }
}
