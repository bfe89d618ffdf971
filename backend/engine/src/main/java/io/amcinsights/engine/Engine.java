package io.amcinsights.engine;

import com.google.inject.Inject;
import com.google.inject.Module;

import io.trino.plugin.hive.HivePlugin;
import io.trino.server.PluginInstaller;
import io.trino.server.Server;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/**
 * A Trino server whose Hive connector comes from the class path instead of a plug-in folder: each
 * library is there once, and the JDK can keep all of it in a start-up cache.
 *
 * <p>It ends when its standard input does, that is, with the process that started it, however that
 * one ends. Configured as Trino is: {@code -Dconfig=<folder>/config.properties}.
 */
public final class Engine extends Server {

    private Engine() {}

    /** Runs until standard input ends. */
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("parent-watch").start(Engine::endWithParent);
        String version = Server.class.getPackage().getImplementationVersion();
        new Engine().start(Objects.requireNonNullElse(version, "unknown"));
    }

    @Override
    protected Iterable<? extends Module> getAdditionalModules() {
        return List.<Module>of(binder -> binder.bind(HiveConnector.class).asEagerSingleton());
    }

    private static void endWithParent() {
        InputStream in = System.in;
        try {
            while (in.read() >= 0) {
                // The parent says nothing; only its end is waited for.
            }
        } catch (IOException e) {
            // A broken pipe is an end, too.
        }
        Runtime.getRuntime().halt(0);
    }

    private static final class HiveConnector {
        @Inject
        HiveConnector(PluginInstaller plugins) {
            plugins.installPlugin(new HivePlugin());
            plugins.installPlugin(InvokerRights.plugin());
        }
    }
}
