package io.amcinsights.local.amc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.amc.engine.QueryEngine;
import io.amcinsights.local.amc.world.EventStore;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.amc.world.World.Account;
import io.amcinsights.local.amc.world.World.Instance;
import io.amcinsights.local.clock.MovableTimer;
import io.amcinsights.local.clock.Timer;
import io.amcinsights.local.store.Database;
import io.amcinsights.sql.amc.AmcSchema;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An AMC of one's own: the real HTTP API over made-up advertisers. Queries really run, AMC's
 * privacy thresholds really apply, results are written as AMC writes them.
 */
public final class AmcSimulator implements AutoCloseable {

    /**
     * How a simulator is set up.
     *
     * @param port 0: any free one
     * @param folder for events and results
     * @param awsAccountId the account that every instance is linked to
     * @param region of every instance's bucket
     * @param speed 1: an execution takes about two seconds; 10: a tenth of that
     */
    public record Settings(
            int port, Path folder, String awsAccountId, String region, double speed) {}

    private final World world;
    private final Instances instances;
    private final Credentials credentials;
    private final EventStore events;
    private final Runner runner;
    private final Schedules schedules;
    private final AmcServer server;

    /**
     * Begins to serve; executions that were not finished go on.
     *
     * @param database keeps workflows, executions, schedules and credentials
     * @param timer the simulator's clock
     * @throws java.net.BindException if the port is taken
     */
    public static AmcSimulator start(
            Settings settings, Database database, Timer timer, ResultStore results)
            throws IOException {
        return start(settings, World.load(), database, timer, results);
    }

    /** As above, over advertisers of the caller's own. */
    public static AmcSimulator start(
            Settings settings, World world, Database database, Timer timer, ResultStore results)
            throws IOException {
        AmcSimulator simulator = new AmcSimulator(settings, world, database, timer, results);
        simulator.runner.resume();
        simulator.schedules.resume();
        return simulator;
    }

    private AmcSimulator(
            Settings settings, World world, Database database, Timer real, ResultStore results)
            throws IOException {
        AmcSchema schema = AmcSchema.standard();
        MovableTimer timer = new MovableTimer(real);
        AtomicReference<Behaviour> behaviour =
                new AtomicReference<>(Behaviour.usual(settings.speed()));
        this.world = world;
        this.server = new AmcServer(settings.port());
        this.instances =
                new Instances(world, database, timer, behaviour::get, settings, server::uri);
        this.events = new EventStore(settings.folder().resolve("events"), schema, timer);
        QueryEngine engine = new QueryEngine(schema, events, timer);
        Workflows workflows = new Workflows(database, engine);
        this.credentials = new Credentials(database, timer);
        ExecutionStore store = new ExecutionStore(database);
        ResultFiles files = new ResultFiles(settings.folder().resolve("results"));
        Statuses statuses = new Statuses();
        this.runner =
                new Runner(
                        store,
                        engine,
                        instances,
                        results,
                        files,
                        timer,
                        statuses,
                        new Differencing(schema),
                        behaviour::get);
        Executions executions =
                new Executions(
                        store,
                        workflows,
                        runner,
                        instances,
                        files,
                        statuses,
                        timer,
                        behaviour::get);
        this.schedules = new Schedules(database, workflows, executions, instances, timer);
        AmcApi api =
                new AmcApi(
                        schema,
                        credentials,
                        instances,
                        new Advertisers(database, timer, behaviour::get),
                        workflows,
                        executions,
                        schedules,
                        new Downloads(files, credentials, timer, behaviour::get, server::uri),
                        runner,
                        behaviour::get);
        Faults faults = new Faults();
        Throttle throttle = new Throttle(System::nanoTime);
        CallLog log = new CallLog();
        Gate gate = new Gate(api, faults, throttle, log, timer, behaviour::get);
        Control control =
                new Control(
                        credentials.controlKey(),
                        behaviour,
                        timer,
                        faults,
                        throttle,
                        statuses,
                        log,
                        instances,
                        executions,
                        schedules,
                        runner);
        server.start(call -> call.isControl() ? control.answer(call) : gate.answer(call));
    }

    /**
     * Begins to make the events of all instances, one after the other; those of an instance that is
     * asked for are made at once.
     */
    public void prepare() {
        prepare(world.instances().iterator());
    }

    private void prepare(Iterator<Instance> left) {
        if (left.hasNext()) {
            runner.prepare(left.next(), () -> prepare(left));
        }
    }

    /** Where the API answers. */
    public URI baseUri() {
        return server.uri();
    }

    /** Where tokens are exchanged. */
    public URI tokenUri() {
        return server.uri().resolve("/auth/o2/token");
    }

    public String clientId() {
        return credentials.clientId();
    }

    public String clientSecret() {
        return credentials.clientSecret();
    }

    public String refreshToken() {
        return credentials.refreshToken();
    }

    /** What opens the control path. */
    public String controlKey() {
        return credentials.controlKey();
    }

    /** The bucket of every instance. */
    public List<String> buckets() {
        return world.instances().stream().map(Instance::bucket).toList();
    }

    /** All that a client needs to call this simulator. It holds secrets. */
    public ObjectNode connection() {
        ObjectNode json = AmcCall.JSON.createObjectNode();
        json.put("baseUrl", baseUri().toString()).put("tokenUrl", tokenUri().toString());
        json.put("clientId", clientId()).put("clientSecret", clientSecret());
        json.put("refreshToken", refreshToken());
        json.put("controlUrl", baseUri().resolve("/" + Control.ROOT).toString());
        json.put("controlKey", controlKey());
        ArrayNode accounts = json.putArray("accounts");
        for (Account account : instances.accounts()) {
            ObjectNode one = accounts.addObject();
            one.put("entityId", account.entityId()).put("marketplaceId", account.marketplaceId());
            ArrayNode ids = one.putArray("instanceIds");
            instances.of(account).forEach(i -> ids.add(i.id()));
        }
        return json;
    }

    /** Stops; what is running goes on at the next start. */
    @Override
    public void close() {
        server.close();
        schedules.close();
        try {
            events.close();
        } catch (SQLException e) {
            throw new IllegalStateException("The simulator's events did not close", e);
        } finally {
            runner.close();
        }
    }
}
