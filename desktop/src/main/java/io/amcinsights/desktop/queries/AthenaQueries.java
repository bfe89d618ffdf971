package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.aws.S3Objects;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.CsvExport;
import io.amcinsights.desktop.results.Progress;
import io.amcinsights.desktop.results.ResultDownload;
import io.amcinsights.desktop.results.ResultFile;
import io.amcinsights.desktop.results.Row;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows queries to their end and fetches their results. Calls block. */
public final class AthenaQueries {

    private static final Messages MESSAGES = Messages.of(AthenaQueries.class);

    /** GetQueryResults gives no more at once. Source: Athena API reference. */
    static final int PAGE = 1_000;

    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 1_000;

    private final Athena athena;
    private final S3Objects objects;
    private final ResultFolder folder;

    public AthenaQueries(Athena athena, S3Objects objects, ResultFolder folder) {
        this.athena = athena;
        this.objects = objects;
        this.folder = folder;
    }

    /** A wish to stop a query. */
    static final class Stop {

        private final CountDownLatch wanted = new CountDownLatch(1);

        void please() {
            wanted.countDown();
        }

        private boolean within(long millis) throws InterruptedException {
            return wanted.await(millis, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * @return the query's id
     */
    String start(String sql, Reuse reuse) {
        return athena.start(sql, reuse.within());
    }

    /**
     * Follows a query until it has ended.
     *
     * @param seen hears of it again and again, on this thread
     */
    Athena.Query follow(String queryId, Stop stop, Consumer<Athena.Query> seen)
            throws InterruptedException {
        boolean told = false;
        for (long pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 3 / 2)) {
            Athena.Query query = athena.query(queryId);
            seen.accept(query);
            if (query.state().ended()) {
                return query;
            }
            if (told) {
                Thread.sleep(FIRST_PAUSE);
            } else if (stop.within(pause)) {
                athena.cancel(queryId);
                told = true;
            }
        }
    }

    Athena.ResultPage firstPage(String queryId) {
        return athena.results(queryId, null, PAGE);
    }

    /**
     * Fetches all rows: the result's CSV object, or page by page where there is none or it may not
     * be read. An interrupt stops it.
     *
     * @param progress in bytes of the object, or in rows of a total of 0
     */
    ResultFile fetch(Athena.Query query, List<Column> columns, Progress progress)
            throws IOException, InterruptedException {
        Path target = folder.newFile();
        try {
            URI output = query.output();
            if (output == null || !output.getPath().endsWith(".csv")) {
                fetchPages(query.queryId(), columns, target, progress);
            } else {
                fetchObject(query.queryId(), output, columns, target, progress);
            }
            return ResultFile.open(target, columns);
        } catch (IOException | InterruptedException | RuntimeException e) {
            Files.deleteIfExists(target);
            throw e;
        }
    }

    private void fetchObject(
            String queryId, URI output, List<Column> columns, Path target, Progress progress)
            throws IOException, InterruptedException {
        try {
            S3Objects.Info info = objects.info(output);
            ResultDownload.fetch(
                    new ResultDownload.Source() {
                        @Override
                        public long size() {
                            return info.size();
                        }

                        @Override
                        public InputStream read(long from, long to) {
                            return objects.range(output, info.etag(), from, to);
                        }
                    },
                    target,
                    progress);
        } catch (S3Exception e) {
            switch (e.statusCode()) {
                case 403 -> fetchPages(queryId, columns, target, progress);
                case 404 ->
                        throw new ProblemException(
                                Problem.of(
                                        MESSAGES.text("result.gone.title"),
                                        MESSAGES.text("result.gone.message", output),
                                        MESSAGES.text("result.gone.next")));
                default -> throw e;
            }
        }
    }

    private void fetchPages(String queryId, List<Column> columns, Path target, Progress progress)
            throws IOException, InterruptedException {
        CsvExport.write(columns, pages(queryId), 0, target, progress);
    }

    private Iterator<List<Row>> pages(String queryId) {
        return new Iterator<>() {
            private @Nullable String token;
            private boolean begun;

            @Override
            public boolean hasNext() {
                return !begun || token != null;
            }

            @Override
            public List<Row> next() {
                Athena.ResultPage page = athena.results(queryId, token, PAGE);
                begun = true;
                token = page.nextToken();
                return page.rows().stream().map(Row::new).toList();
            }
        };
    }
}
