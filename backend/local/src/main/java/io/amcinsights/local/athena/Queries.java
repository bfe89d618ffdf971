package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.athena.Plan.Leaves;
import io.amcinsights.local.athena.Plan.OnCatalogue;
import io.amcinsights.local.athena.Plan.OnEngine;
import io.amcinsights.local.athena.Query.Failure;
import io.amcinsights.local.athena.Query.ResultColumn;
import io.amcinsights.local.athena.Query.State;
import io.amcinsights.local.athena.Query.StatementType;
import io.amcinsights.local.athena.Query.Statistics;
import io.amcinsights.local.athena.QueryFailure.Category;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.http.AwsError;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.lakeformation.Rights;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.PrivateFiles;
import io.amcinsights.sql.athena.AthenaSql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes queries, runs them a few at a time and keeps what became of them. A query that a stop of
 * the workspace leaves without an end is failed at the next start.
 */
public final class Queries implements AutoCloseable {

    /**
     * A request that has been looked through.
     *
     * @param reuseWithin minutes that an earlier result may be old; null: the query is run
     */
    record Request(
            String sql,
            WorkGroup group,
            @Nullable String catalog,
            @Nullable String database,
            List<String> parameters,
            String folder,
            @Nullable Integer reuseWithin,
            @Nullable String token) {}

    private static final Logger LOG = LoggerFactory.getLogger(Queries.class);

    /** More would only fight for the same memory; the others wait as they would at AWS. */
    private static final int AT_ONCE = 4;

    private final QueryStore store;
    private final Planner planner;
    private final ObjectStore objects;
    private final TrinoProcess engine;
    private final Rights rights;
    private final Path folder;
    private final InstantSource clock;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("query-", 0).factory());
    private final Map<String, Future<?>> tasks = new ConcurrentHashMap<>();
    private final Map<String, Recorder> running = new ConcurrentHashMap<>();

    /**
     * @param folder for results while they are written; nothing else lives there
     */
    public Queries(
            Database database,
            Catalogue catalogue,
            ObjectStore objects,
            SavedQueries saved,
            TrinoProcess engine,
            Rights rights,
            Path folder,
            InstantSource clock)
            throws IOException {
        this.store = new QueryStore(database);
        this.planner = new Planner(catalogue, saved);
        this.objects = objects;
        this.engine = engine;
        this.rights = rights;
        this.folder = folder;
        this.clock = clock;
        PrivateFiles.folder(folder);
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder)) {
            for (Path draft : drafts) {
                Files.delete(draft);
            }
        }
        for (Query left : store.open()) {
            String was = left.state() == State.RUNNING ? "ran" : "waited";
            fail(
                    left.id(),
                    Statistics.NONE,
                    new QueryFailure(
                            Category.SYSTEM,
                            true,
                            "The local workspace stopped while this query "
                                    + was
                                    + ". Run it again."));
        }
    }

    /**
     * Takes a query.
     *
     * @return its id; that of the query before if the request is a repetition
     */
    String start(Request request) throws AwsError {
        String id = UUID.randomUUID().toString();
        Plan plan = plan(request, id);
        Query fresh =
                new Query(
                        id,
                        request.group().name(),
                        request.sql(),
                        request.catalog(),
                        request.database(),
                        request.parameters(),
                        plan instanceof OnEngine onEngine ? onEngine.asked() : null,
                        request.reuseWithin(),
                        false,
                        plan.type(),
                        plan.substatement(),
                        output(request.folder(), id, plan.leaves()),
                        State.QUEUED,
                        null,
                        null,
                        clock.millis(),
                        null,
                        Statistics.NONE,
                        List.of(),
                        null);
        Query before = reusable(fresh, request.folder(), plan);
        Query wanted = before == null ? fresh : fresh.answeredBy(before);
        Query kept = store.add(wanted, request.token());
        if (kept.id().equals(id)) {
            if (before != null) {
                return id;
            }
            String asker = Caller.owner();
            // Known before it runs, so that a quick one does not stay known behind its end.
            FutureTask<Void> task =
                    new FutureTask<>(
                            () -> {
                                try {
                                    long limit = request.group().scanLimit();
                                    Caller.as(
                                            asker,
                                            () -> {
                                                run(kept, plan, limit);
                                                return kept;
                                            });
                                } finally {
                                    tasks.remove(id);
                                }
                            },
                            null);
            tasks.put(id, task);
            threads.execute(task);
        } else if (!kept.sql().equals(request.sql())
                || !kept.workGroup().equals(request.group().name())
                || !kept.parameters().equals(request.parameters())) {
            throw invalid("Idempotent parameters do not match");
        }
        return kept.id();
    }

    private static String output(String folder, String id, Leaves leaves) {
        return folder
                + id
                + switch (leaves) {
                    case TABLE -> ".csv";
                    case TEXT -> ".txt";
                    case NOTHING -> "";
                };
    }

    /**
     * The newest query whose result answers this one too; null if it has to be run. Source: "Reuse
     * query results in Athena".
     */
    private @Nullable Query reusable(Query query, String folder, Plan plan) {
        if (query.reuseWithin() == null
                || !(plan instanceof OnEngine onEngine)
                || plan.leaves() != Leaves.TABLE
                || rights.ofQuery() != null
                || !AthenaSql.isDeterministic(onEngine.text())) {
            return null;
        }
        long since = clock.millis() - Duration.ofMinutes(query.reuseWithin()).toMillis();
        return store.same(query, since).stream()
                .filter(q -> Objects.equals(q.database(), query.database()))
                .filter(q -> Objects.equals(q.catalog(), query.catalog()))
                .filter(q -> q.output().equals(output(folder, q.id(), Leaves.TABLE)))
                .filter(q -> objects.has(Place.of(q.output()).bucket(), Place.of(q.output()).key()))
                .findFirst()
                .orElse(null);
    }

    private Plan plan(Request request, String id) throws AwsError {
        try {
            Plan plan =
                    planner.plan(
                            request.sql(),
                            new Planner.Context(
                                    id,
                                    request.group().name(),
                                    request.database(),
                                    request.folder()));
            if (plan instanceof OnEngine onEngine) {
                return Planner.with(onEngine, request.parameters());
            }
            return plan;
        } catch (QueryFailure e) {
            throw invalid(e.getMessage());
        }
    }

    static AwsError invalid(String message) {
        return new AwsError(400, "InvalidRequestException", message);
    }

    /** A query as it stands; null if there is none of that id. */
    @Nullable Query find(String id) {
        Query kept = store.find(id);
        Recorder now = running.get(id);
        return kept == null || now == null || kept.state() != State.RUNNING
                ? kept
                : kept.at(now.statistics());
    }

    List<QueryStore.Placed> list(String workGroup, long before, int limit) {
        return store.list(workGroup, before, limit);
    }

    /** Cancels a query; nothing happens to one that has ended. */
    void stop(String id) {
        Recorder now = running.get(id);
        Statistics spent = now == null ? Statistics.NONE : now.statistics();
        store.change(
                id, query -> query.cancelled(clock.millis(), spent, "Query cancelled by user"));
        Future<?> task = tasks.get(id);
        if (task != null) {
            task.cancel(true);
        }
    }

    private void run(Query query, Plan plan, long scanLimit) {
        Recorder recorder = new Recorder(query, plan, scanLimit);
        try (TrinoProcess.Lease lease = plan instanceof OnEngine ? engine.use() : null) {
            TrinoClient client = lease == null ? null : lease.client();
            places.acquire();
            try {
                if (!store.change(query.id(), Query::running)) {
                    return;
                }
                recorder.begin();
                running.put(query.id(), recorder);
                Long updated = run(query, plan, client, recorder);
                store.change(
                        query.id(),
                        q ->
                                q.succeeded(
                                        clock.millis(),
                                        recorder.statistics(),
                                        recorder.columns(),
                                        updated));
            } finally {
                places.release();
                running.remove(query.id());
                recorder.close();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was cancelled, or the workspace stops", query.id());
        } catch (QueryFailure e) {
            if (recorder.isOverLimit()) {
                store.change(
                        query.id(),
                        q -> q.cancelled(clock.millis(), recorder.statistics(), e.getMessage()));
            } else {
                fail(query.id(), recorder.statistics(), e);
            }
        } catch (EngineException e) {
            fail(
                    query.id(),
                    recorder.statistics(),
                    new QueryFailure(Category.SYSTEM, true, e.getMessage()));
        } catch (AwsError e) {
            fail(
                    query.id(),
                    recorder.statistics(),
                    QueryFailure.user("FAILED: SemanticException " + e.getMessage()));
        } catch (IOException | RuntimeException e) {
            if (!threads.isShutdown()) {
                LOG.error("Query {} failed", query.id(), e);
                fail(
                        query.id(),
                        recorder.statistics(),
                        new QueryFailure(
                                Category.SYSTEM,
                                true,
                                "The result could not be kept: " + e + ". Run the query again."));
            }
        }
    }

    private @Nullable Long run(
            Query query, Plan plan, @Nullable TrinoClient client, Recorder recorder)
            throws QueryFailure, EngineException, AwsError, IOException, InterruptedException {
        Long updated = null;
        switch (plan) {
            case OnCatalogue onCatalogue -> recorder.text(onCatalogue.work().run());
            case OnEngine onEngine -> {
                String statement = onEngine.statement();
                if (client == null) {
                    throw new IllegalStateException("Nobody asked for the engine");
                }
                updated =
                        client.run(
                                onEngine.sql(),
                                new TrinoClient.Session(
                                        query.database(),
                                        onEngine.session(),
                                        statement == null ? Map.of() : Map.of("athena", statement),
                                        rights.ofQuery()),
                                recorder);
                if (onEngine.after() != null) {
                    onEngine.after().run();
                }
            }
        }
        if (query.writesFiles()) {
            Place place = Place.of(query.manifest());
            objects.put(
                    place.bucket(), place.key(), recorder.manifest(), "application/octet-stream");
        }
        if (plan.leaves() != Leaves.NOTHING) {
            Place place = Place.of(query.output());
            objects.put(place.bucket(), place.key(), recorder.finish(), "application/octet-stream");
        }
        return updated;
    }

    private void fail(String id, Statistics spent, QueryFailure why) {
        store.change(
                id,
                query ->
                        query.failed(
                                clock.millis(),
                                spent,
                                why.getMessage(),
                                new Failure(why.category().number(), why.retryable())));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("A query did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a result to a file of its own while it comes, and counts. */
    private final class Recorder implements TrinoClient.Sink {
        private final Query query;
        private final Plan plan;
        private final long scanLimit;
        private final Path file;
        private volatile long began;
        private final long before;
        private String engineId = "";
        private volatile TrinoClient.Progress progress = new TrinoClient.Progress(0, 0, 0, 0, 0);
        private final AtomicLong rows = new AtomicLong();
        private volatile boolean overLimit;
        private List<TrinoClient.Column> types = List.of();
        private List<ResultColumn> columns = List.of();
        private @Nullable ResultWriter out;

        Recorder(Query query, Plan plan, long scanLimit) {
            this.query = query;
            this.plan = plan;
            this.scanLimit = scanLimit;
            this.file = folder.resolve(query.id());
            this.before = query.writesFiles() ? objects.newest() : 0;
        }

        void begin() {
            began = clock.millis();
        }

        @Override
        public void begins(String id) {
            engineId = id;
        }

        /** A file that lists the objects that were written, one address a line. */
        Path manifest() throws IOException {
            List<String> written =
                    objects.writtenAfter(before, engineId).stream()
                            .map(object -> "s3://" + object.bucket() + "/" + object.key())
                            .toList();
            return Files.write(file, written);
        }

        @Override
        public void columns(List<TrinoClient.Column> found) throws IOException {
            if (!keepsRows()) {
                return;
            }
            types = found;
            columns =
                    found.stream()
                            .map(
                                    column ->
                                            new ResultColumn(
                                                    column.name(),
                                                    column.type().athenaName(),
                                                    column.type().precision(),
                                                    column.type().scale(),
                                                    column.type().isCaseSensitive()))
                            .toList();
            if (plan.leaves() == Leaves.TABLE) {
                ResultWriter writer = writer();
                for (ResultColumn column : columns) {
                    writer.value(column.name());
                }
                writer.endLine();
            }
        }

        /** What Trino answers to a change is not a result at Athena. */
        private boolean keepsRows() {
            return switch (plan.leaves()) {
                case TABLE -> true;
                case TEXT -> plan.type() == StatementType.UTILITY;
                case NOTHING -> false;
            };
        }

        @Override
        public void row(JsonNode values) throws IOException {
            if (!keepsRows()) {
                return;
            }
            ResultWriter writer = writer();
            if (plan.leaves() == Leaves.TEXT) {
                writer.line(values.path(0).asText().stripTrailing());
            } else {
                for (int i = 0; i < types.size(); i++) {
                    JsonNode value = values.path(i);
                    writer.value(value.isNull() ? null : types.get(i).type().text(value));
                }
                writer.endLine();
            }
            rows.incrementAndGet();
        }

        @Override
        public void progress(TrinoClient.Progress now) throws QueryFailure {
            progress = now;
            if (now.scannedBytes() > scanLimit) {
                overLimit = true;
                throw QueryFailure.user(
                        "Query cancelled! : Bytes scanned limit was exceeded. The work group %s allows %d bytes."
                                .formatted(query.workGroup(), scanLimit));
            }
        }

        void text(Plan.Text text) throws IOException {
            columns =
                    text.columns().stream()
                            .map(name -> new ResultColumn(name, "string", 0, 0, false))
                            .toList();
            ResultWriter writer = writer();
            for (String line : text.lines()) {
                writer.line(line);
            }
        }

        private ResultWriter writer() throws IOException {
            if (out == null) {
                out = new ResultWriter(file);
            }
            return out;
        }

        /** The whole file. */
        Path finish() throws IOException {
            writer().close();
            return file;
        }

        boolean isOverLimit() {
            return overLimit;
        }

        List<ResultColumn> columns() {
            return columns;
        }

        Statistics statistics() {
            long begin = began;
            long now = clock.millis();
            return new Statistics(
                    (begin == 0 ? now : begin) - query.submitted(),
                    progress.planningMillis(),
                    begin == 0 ? 0 : now - begin,
                    progress.scannedBytes(),
                    progress.inputRows(),
                    rows.get());
        }

        void close() throws IOException {
            if (out != null) {
                out.close();
            }
            Files.deleteIfExists(file);
        }
    }
}
