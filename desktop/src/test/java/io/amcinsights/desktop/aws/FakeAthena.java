package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Athena with the answers that a test writes, and the S3 objects of its results. A query that has
 * no answer runs until it is cancelled or answered.
 */
public final class FakeAthena implements Athena, S3Objects {

    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");
    private static final String ETAG = "\"etag\"";

    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, Query> queries = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, byte[]> objects = Collections.synchronizedMap(new HashMap<>());
    private final List<String> started = Collections.synchronizedList(new ArrayList<>());
    private volatile List<Table> tables = List.of();
    private volatile @Nullable RuntimeException refusal;
    private volatile @Nullable RuntimeException objectRefusal;
    private volatile boolean queued;

    private sealed interface Answer {}

    private record Rows(
            List<ResultColumn> columns, List<List<@Nullable String>> rows, long bytesScanned)
            implements Answer {}

    private record Failure(String reason) implements Answer {}

    /**
     * Answers a statement with rows.
     *
     * @param columns such as {@code campaign varchar}
     */
    public FakeAthena answer(
            String sql,
            List<String> columns,
            List<List<@Nullable String>> rows,
            long bytesScanned) {
        List<ResultColumn> list = new ArrayList<>();
        for (String column : columns) {
            int space = column.lastIndexOf(' ');
            list.add(new ResultColumn(column.substring(0, space), column.substring(space + 1)));
        }
        answers.put(sql, new Rows(list, rows, bytesScanned));
        return this;
    }

    /** Fails a statement. */
    public FakeAthena fail(String sql, String reason) {
        answers.put(sql, new Failure(reason));
        return this;
    }

    public FakeAthena with(Table... now) {
        tables = List.of(now);
        return this;
    }

    /** Calls that look for queries and tables fail from now on; null for none. */
    public void refuse(@Nullable RuntimeException failure) {
        refusal = failure;
    }

    /** Objects cannot be read from now on; null for they can. */
    public void refuseObjects(@Nullable RuntimeException failure) {
        objectRefusal = failure;
    }

    /** Whether queries without an answer wait in the queue instead of running. */
    public void queue(boolean waiting) {
        queued = waiting;
    }

    /** The statements that were started, in order. */
    public List<String> started() {
        return List.copyOf(started);
    }

    /** The bytes of the object that holds a query's result. */
    public byte[] object(String queryId) {
        return objects.getOrDefault("s3://results/%s.csv".formatted(queryId), new byte[0]);
    }

    /** Deletes all objects, as a rule about their age would. */
    public void expire() {
        objects.clear();
    }

    @Override
    public String start(String sql, Duration reuseWithin) {
        check();
        started.add(sql);
        String id = "q-%04d".formatted(queries.size() + 1);
        Query before =
                reuseWithin.isPositive()
                        ? queries.values().stream()
                                .filter(q -> q.sql().equals(sql) && q.state() == State.SUCCEEDED)
                                .findAny()
                                .orElse(null)
                        : null;
        if (before != null) {
            queries.put(id, reused(id, before));
            return id;
        }
        queries.put(
                id, query(id, sql, queued ? State.QUEUED : State.RUNNING, null, 0, queries.size()));
        return id;
    }

    @Override
    public Query query(String queryId) {
        check();
        Query now = known(queryId);
        Answer answer = answers.get(now.sql());
        if (now.state().ended() || answer == null) {
            return now;
        }
        Query end =
                switch (answer) {
                    case Failure(String reason) -> ended(now, State.FAILED, reason, 0);
                    case Rows(var columns, var rows, long bytes) -> {
                        objects.put("s3://results/%s.csv".formatted(queryId), csv(columns, rows));
                        yield ended(now, State.SUCCEEDED, null, bytes);
                    }
                };
        queries.put(queryId, end);
        return end;
    }

    @Override
    public void cancel(String queryId) {
        queries.computeIfPresent(
                queryId, (id, now) -> ended(now, State.CANCELLED, "Query cancelled by user", 0));
    }

    @Override
    public ResultPage results(String queryId, @Nullable String nextToken, int limit) {
        check();
        if (!(answers.get(known(queryId).sql()) instanceof Rows(var columns, var rows, long any))) {
            throw new AssertionError("Nobody expects results of " + queryId);
        }
        int from = nextToken == null ? 0 : Integer.parseInt(nextToken);
        int to = Math.min(rows.size(), from + limit);
        return new ResultPage(
                columns, rows.subList(from, to), to < rows.size() ? String.valueOf(to) : null);
    }

    @Override
    public List<Query> newest(int limit) {
        check();
        List<Query> newest = new ArrayList<>(queries.values());
        Collections.reverse(newest);
        return newest.stream().limit(limit).toList();
    }

    @Override
    public List<Table> tables() {
        check();
        return tables;
    }

    @Override
    public Info info(URI address) {
        return new Info(bytes(address).length, ETAG);
    }

    @Override
    public void put(URI address, Path file) {
        try {
            objects.put(address.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream range(URI address, String etag, long from, long to) {
        return new ByteArrayInputStream(bytes(address), (int) from, (int) (to - from + 1));
    }

    private byte[] bytes(URI address) {
        RuntimeException failure = objectRefusal;
        byte[] object = objects.get(address.toString());
        if (failure != null) {
            throw failure;
        }
        if (object == null) {
            throw (RuntimeException)
                    S3Exception.builder()
                            .statusCode(404)
                            .message("The specified key does not exist.")
                            .build();
        }
        return object;
    }

    private void check() {
        RuntimeException failure = refusal;
        if (failure != null) {
            throw failure;
        }
    }

    private Query known(String queryId) {
        Query query = queries.get(queryId);
        if (query == null) {
            throw new AssertionError("Nobody has started " + queryId);
        }
        return query;
    }

    private static Query query(
            String id, String sql, State state, @Nullable String reason, long bytes, int number) {
        return new Query(
                id,
                sql,
                state,
                reason,
                null,
                bytes,
                false,
                Duration.ZERO,
                Duration.ZERO,
                START.plusSeconds(60L * number),
                null);
    }

    private static Query reused(String id, Query before) {
        return new Query(
                id,
                before.sql(),
                State.SUCCEEDED,
                null,
                before.output(),
                0,
                true,
                Duration.ZERO,
                Duration.ZERO,
                before.submittedAt().plusSeconds(60),
                before.submittedAt().plusSeconds(60));
    }

    private static Query ended(Query now, State state, @Nullable String reason, long bytes) {
        return new Query(
                now.queryId(),
                now.sql(),
                state,
                reason,
                URI.create("s3://results/%s.csv".formatted(now.queryId())),
                bytes,
                false,
                Duration.ofMillis(120),
                Duration.ofMillis(1_730),
                now.submittedAt(),
                now.submittedAt().plusSeconds(2));
    }

    /** As Athena writes result objects: every value in quotes, NULL as nothing. */
    private static byte[] csv(List<ResultColumn> columns, List<List<@Nullable String>> rows) {
        StringBuilder text = new StringBuilder();
        text.append(columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(",")));
        for (List<@Nullable String> row : rows) {
            text.append('\n')
                    .append(row.stream().map(FakeAthena::quoted).collect(Collectors.joining(",")));
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(@Nullable String value) {
        return value == null ? "" : '"' + value.replace("\"", "\"\"") + '"';
    }
}
