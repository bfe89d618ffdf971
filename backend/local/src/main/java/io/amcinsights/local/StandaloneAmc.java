package io.amcinsights.local;

import io.amcinsights.local.LocalWorkspace.CannotStart;
import io.amcinsights.local.amc.AmcSimulator;
import io.amcinsights.local.amc.world.World;
import io.amcinsights.local.clock.SystemTimer;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.PrivateFiles;
import io.amcinsights.local.template.Account;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** The AMC simulator alone: no AWS, results as plain files. */
final class StandaloneAmc implements Serving {

    private static final Logger LOG = LoggerFactory.getLogger(StandaloneAmc.class);
    private static final Account ACCOUNT = LocalWorkspace.ACCOUNT;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final AmcSimulator simulator;

    /** Starts it; returns when it serves. */
    static StandaloneAmc start(Options options) throws IOException, CannotStart {
        return start(options, World.load());
    }

    static StandaloneAmc start(Options options, World world) throws IOException, CannotStart {
        if (options.engine() != null) {
            throw new CannotStart("--engine is of no use here: the AMC simulator has no Athena.");
        }
        return new StandaloneAmc(options, world);
    }

    private StandaloneAmc(Options options, World world) throws IOException, CannotStart {
        boolean started = false;
        try {
            simulator = build(options, world);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private AmcSimulator build(Options options, World world) throws IOException, CannotStart {
        Path data = options.data();
        parts.push(DataFolder.take(data));
        Database database = Database.open(data.resolve("amc.db"));
        parts.push(database);
        Path buckets = data.resolve("buckets");
        try {
            AmcSimulator made =
                    AmcSimulator.start(
                            new AmcSimulator.Settings(
                                    options.port(), data, ACCOUNT.id(), ACCOUNT.region(), 1),
                            world,
                            database,
                            new SystemTimer(),
                            (bucket, key, file) -> put(buckets.resolve(bucket), key, file));
            parts.push(made);
            made.prepare();
            PrivateFiles.write(data.resolve("amc.json"), made.connection().toPrettyString() + "\n");
            return made;
        } catch (BindException e) {
            throw CannotStart.portInUse(options.port());
        }
    }

    private static URI put(Path bucket, String key, Path file) throws IOException {
        // Windows has no colons in file names; the times in AMC's names do.
        Path to = bucket.resolve(File.separatorChar == '\\' ? key.replace(':', '-') : key);
        Files.createDirectories(to.getParent());
        Path draft = to.resolveSibling(to.getFileName() + ".part");
        Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return URI.create("s3://" + bucket.getFileName() + "/" + key);
    }

    @Override
    public URI uri() {
        return simulator.baseUri();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not stop in order", part.getClass().getSimpleName(), e);
            }
        }
    }
}
