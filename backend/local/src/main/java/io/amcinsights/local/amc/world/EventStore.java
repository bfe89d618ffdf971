package io.amcinsights.local.amc.world;

import io.amcinsights.local.amc.world.World.Advertiser;
import io.amcinsights.local.amc.world.World.Campaign;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.amc.world.World.Product;
import io.amcinsights.sql.amc.AmcSchema;

import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of every instance, each in a DuckDB file of its own: made when first asked for, and
 * continued up to the present whenever asked again. The same seed and day give the same events.
 */
public final class EventStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStore.class);

    private static final int MONTHS = 13;

    /** Of purchases, which AMC keeps longer than ad events. */
    private static final int ORDER_MONTHS = 60;

    private static final long SEED = 20_817;

    /** How far the events may lag behind the clock before they are continued. */
    private static final long LAG_MINUTES = 60;

    private static final Pattern TIME = Pattern.compile("(.+?)_(dt|dt_hour|date|hour|day)(_utc)?");

    private static final Pattern SHARE = Pattern.compile("(.+)_(clicks|views)");

    /** What is done with the first connection to an instance's events. */
    @FunctionalInterface
    public interface Preparation {
        void prepare(Connection connection) throws SQLException;
    }

    private final Path folder;
    private final AmcSchema schema;
    private final InstantSource clock;
    private final Map<String, ReentrantLock> locks = new HashMap<>();
    private final Map<String, DuckDBConnection> open = new HashMap<>();

    /** Up to when the events of an open instance are made. */
    private final Map<String, LocalDateTime> reaches = new ConcurrentHashMap<>();

    private final Set<Statement> making = new HashSet<>();
    private Preparation preparation = _ -> {};
    private boolean closed;

    /**
     * @param folder gets one file an instance
     * @param clock says up to when there are events
     */
    public EventStore(Path folder, AmcSchema schema, InstantSource clock) {
        this.folder = folder;
        this.schema = schema;
        this.clock = clock;
    }

    /** What queries need beyond the data sources; to be said before the first {@link #connect}. */
    public synchronized void onOpen(Preparation wanted) {
        preparation = wanted;
    }

    /**
     * A connection on which every AMC data source of the instance is a view in the schema {@code
     * amc}, with a hidden column {@code user_no}. Blocks while the events are made. The caller
     * closes it.
     */
    public Connection connect(Instance instance) throws SQLException {
        ReentrantLock lock;
        synchronized (this) {
            lock = locks.computeIfAbsent(instance.id(), _ -> new ReentrantLock());
        }
        lock.lock();
        try {
            DuckDBConnection root;
            synchronized (this) {
                root = open.get(instance.id());
            }
            if (root == null) {
                root = open(instance);
                synchronized (this) {
                    if (closed) {
                        root.close();
                        throw new SQLException("The simulator is being closed");
                    }
                    preparation.prepare(root);
                    open.put(instance.id(), root);
                }
            }
            LocalDateTime reach = reaches.get(instance.id());
            if (reach == null || lags(reach)) {
                reaches.put(instance.id(), continueEvents(root));
            }
            return root.duplicate();
        } finally {
            lock.unlock();
        }
    }

    /** Stops the making of events; what was begun is made anew at the next start. */
    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        for (Statement statement : making) {
            statement.cancel();
        }
        for (Connection connection : open.values()) {
            connection.close();
        }
        open.clear();
    }

    private DuckDBConnection open(Instance instance) throws SQLException {
        Path file = folder.resolve(instance.id() + ".duckdb");
        String version = version(instance);
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                DuckDBConnection connection = connection(file);
                if (isOf(version, connection)) {
                    return connection;
                }
                connection.close();
                Files.delete(file);
                Files.deleteIfExists(folder.resolve(instance.id() + ".duckdb.wal"));
            }
            Path part = folder.resolve(instance.id() + ".part");
            Files.deleteIfExists(part);
            Files.deleteIfExists(folder.resolve(instance.id() + ".part.wal"));
            try (Connection connection = connection(part)) {
                make(connection, instance, version);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The events of " + instance.id() + " cannot be written to " + folder, e);
        }
        return connection(file);
    }

    /** What events depend on: those of another version are made anew. */
    private String version(Instance instance) {
        StringBuilder all = new StringBuilder();
        all.append(instance.users()).append(instance.advertisers()).append(schema.tables());
        for (String script : List.of("reference.sql", "people.sql", "events.sql", "sources.sql")) {
            all.append(text(script));
        }
        return Integer.toHexString(all.toString().hashCode());
    }

    private static boolean isOf(String version, Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet made = statement.executeQuery("SELECT version FROM made")) {
            return made.next() && version.equals(made.getString(1));
        } catch (SQLException e) {
            LOG.debug("Events without a version", e);
            return false;
        }
    }

    private DuckDBConnection connection(Path file) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("enable_external_access", "false");
        settings.setProperty("memory_limit", "1GB");
        settings.setProperty("threads", "2");
        return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, settings);
    }

    private void make(Connection connection, Instance instance, String version)
            throws SQLException {
        LocalDateTime until = now();
        LocalDate first = until.toLocalDate().minusMonths(MONTHS);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET VARIABLE seed = " + (SEED + instance.id().hashCode()));
            statement.execute("SET VARIABLE users = " + instance.users());
            LocalDateTime since = first.atStartOfDay().minusSeconds(1);
            range(statement, since.minusMonths(ORDER_MONTHS - MONTHS), since, until);
            run(statement, "reference.sql");
            tables(connection, instance);
            run(statement, "people.sql");
            run(statement, "events.sql");
            statement.execute(
                    "CREATE TABLE made AS SELECT getvariable('seed')::BIGINT AS seed,"
                            + " getvariable('since') AS since, getvariable('until') AS until, '"
                            + version
                            + "' AS version");
            run(statement, "sources.sql");
            views(statement);
            statement.execute("CHECKPOINT");
        }
    }

    private boolean lags(LocalDateTime reach) {
        return ChronoUnit.MINUTES.between(reach, now()) >= LAG_MINUTES;
    }

    /** Gives up to when there are events then. */
    private LocalDateTime continueEvents(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            LocalDateTime since;
            long seed;
            try (ResultSet made = statement.executeQuery("SELECT until, seed FROM made")) {
                made.next();
                since = made.getObject(1, LocalDateTime.class);
                seed = made.getLong(2);
            }
            LocalDateTime until = now();
            if (!lags(since)) {
                return since;
            }
            statement.execute("SET VARIABLE seed = " + seed);
            range(statement, since, since, until);
            connection.setAutoCommit(false);
            try {
                run(statement, "events.sql");
                statement.execute("UPDATE made SET until = getvariable('until')");
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            return until;
        }
    }

    private LocalDateTime now() {
        return LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private static void range(
            Statement statement, LocalDateTime history, LocalDateTime since, LocalDateTime until)
            throws SQLException {
        statement.execute("SET VARIABLE history = TIMESTAMP '%s'".formatted(history));
        statement.execute("SET VARIABLE since = TIMESTAMP '%s'".formatted(since));
        statement.execute("SET VARIABLE until = TIMESTAMP '%s'".formatted(until));
    }

    private void run(Statement statement, String script) throws SQLException {
        for (String sql : text(script).split(";\\s*\\n", -1)) {
            if (sql.isBlank()) {
                continue;
            }
            synchronized (this) {
                if (closed) {
                    throw new SQLException("The simulator is being closed");
                }
                making.add(statement);
            }
            try {
                statement.execute(sql);
            } finally {
                synchronized (this) {
                    making.remove(statement);
                }
            }
        }
    }

    private static String text(String resource) {
        try (InputStream in = EventStore.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Not in the jar: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tables(Connection connection, Instance instance) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE advertiser (advertiser_no SMALLINT, advertiser_id BIGINT,"
                            + " advertiser VARCHAR, country VARCHAR, currency VARCHAR, timezone"
                            + " VARCHAR, grocery BOOLEAN, keywords VARCHAR[])");
            statement.execute(
                    "CREATE TABLE product (product_no SMALLINT, advertiser_no SMALLINT, asin"
                            + " VARCHAR, title VARCHAR, price DECIMAL(18, 4), line VARCHAR, repeat"
                            + " INTEGER)");
            statement.execute(
                    "CREATE TABLE campaign (campaign_no SMALLINT, advertiser_no SMALLINT, campaign"
                            + " VARCHAR, channel VARCHAR, audience DOUBLE, frequency DOUBLE, price"
                            + " DOUBLE, segments VARCHAR[])");
        }
        int products = 0;
        int campaigns = 0;
        for (int i = 0; i < instance.advertisers().size(); i++) {
            Advertiser a = instance.advertisers().get(i);
            insert(
                    connection,
                    "advertiser",
                    i,
                    a.id(),
                    a.name(),
                    a.country(),
                    a.currency(),
                    a.timezone(),
                    a.grocery(),
                    a.keywords().toArray());
            for (Product p : a.products()) {
                insert(
                        connection,
                        "product",
                        products++,
                        i,
                        p.asin(),
                        p.name(),
                        p.price(),
                        p.line(),
                        p.repeat());
            }
            for (Campaign c : a.campaigns()) {
                insert(
                        connection,
                        "campaign",
                        campaigns++,
                        i,
                        c.name(),
                        c.channel(),
                        c.audience(),
                        c.frequency(),
                        c.price(),
                        c.segments().toArray());
            }
        }
    }

    private static void insert(Connection connection, String table, @Nullable Object... values)
            throws SQLException {
        String marks = "?, ".repeat(values.length - 1) + "?";
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")")) {
            for (int i = 0; i < values.length; i++) {
                @Nullable Object value = values[i];
                insert.setObject(
                        i + 1,
                        value instanceof Object[] list
                                ? connection.createArrayOf("VARCHAR", list)
                                : value);
            }
            insert.execute();
        }
    }

    /** One view for each table of AMC's documentation, with exactly its columns and types. */
    private void views(Statement statement) throws SQLException {
        statement.execute("CREATE SCHEMA amc");
        for (AmcSchema.Table table : schema.tables()) {
            Set<String> source = columns(statement, "source_" + table.name());
            Map<String, String> columns = new LinkedHashMap<>();
            for (AmcSchema.Column column : table.columns()) {
                String value = source.isEmpty() ? "NULL" : value(column.name(), source, table);
                columns.put(column.name(), "CAST(" + value + " AS " + type(column) + ")");
            }
            StringBuilder sql =
                    new StringBuilder("CREATE VIEW amc." + table.name() + " AS SELECT ");
            sql.append(source.isEmpty() ? "NULL::INTEGER AS user_no" : "user_no");
            columns.forEach(
                    (name, value) -> sql.append(", ").append(value).append(" AS ").append(name));
            sql.append(source.isEmpty() ? " WHERE false" : " FROM source_" + table.name());
            statement.execute(sql.toString());
        }
    }

    private static Set<String> columns(Statement statement, String view) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet rows =
                statement.executeQuery(
                        "SELECT column_name FROM duckdb_columns() WHERE table_name = '"
                                + view
                                + "'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static String value(String name, Set<String> source, AmcSchema.Table table) {
        if (source.contains(name)) {
            return name;
        }
        Matcher time = TIME.matcher(name);
        if (time.matches() && source.contains(time.group(1) + "_dt_utc")) {
            String utc = time.group(1) + "_dt_utc";
            String dt =
                    time.group(3) != null
                            ? utc
                            : "timezone(advertiser_timezone, timezone('UTC', " + utc + "))";
            return switch (time.group(2)) {
                case "dt" -> dt;
                case "dt_hour" -> "date_trunc('hour', " + dt + ")";
                case "date" -> "date_trunc('day', " + dt + ")";
                case "hour" -> "hour(" + dt + ")";
                default -> "day(" + dt + ")";
            };
        }
        Matcher share = SHARE.matcher(name);
        if (share.matches() && source.contains(share.group(1))) {
            String ofClick = share.group(2).equals("clicks") ? "" : "NOT ";
            return "CASE WHEN %stouch_is_click THEN %s ELSE 0 END"
                    .formatted(ofClick, share.group(1));
        }
        throw new IllegalStateException(
                "sources.sql gives no column %s for %s".formatted(name, table.name()));
    }

    private static String type(AmcSchema.Column column) {
        String type = column.dataType();
        return switch (type) {
            case "STRING" -> "VARCHAR";
            case "LONG" -> "BIGINT";
            case "DECIMAL" -> "DECIMAL(38, 4)";
            case "ARRAY" -> "VARCHAR[]";
            case "ARRAY[INTEGER]" -> "INTEGER[]";
            case "ARRAY[LONG]" -> "BIGINT[]";
            default -> type;
        };
    }
}
