package io.amcinsights.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How long the first caller of each function waits, beside a handler that does nothing: init and
 * first call, as Lambda starts Java. A function that begins from a snapshot has its init behind it;
 * there, the first call after the snapshot counts, and as restoring cannot be measured here, it is
 * taken to last as long as the init of the empty handler.
 */
final class ColdStartBenchmark {

    private static final int RUNS = 5;
    private static final double LIMIT = 2;

    private record Start(Duration init, Duration call) {
        Duration whole() {
            return init.plus(call);
        }
    }

    private interface Run {
        Start once() throws Exception;
    }

    private ColdStartBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("cold-start");
        try {
            measure(folder);
        } finally {
            delete(folder);
        }
    }

    private static void measure(Path folder) throws Exception {
        Start empty =
                median(
                        () -> {
                            try (Lambda lambda =
                                    Lambda.start(
                                            empty(folder.resolve("empty")),
                                            EmptyHandler.class.getName(),
                                            Map.of())) {
                                return new Start(lambda.init(), lambda.call("{}").took());
                            }
                        });
        print("empty handler", empty, empty);
        Path functions =
                Unpacked.of(Deployed.RELEASE.resolve("functions.jar"), folder.resolve("functions"));
        for (Deployed function : Deployed.all()) {
            if (function.equals(Deployed.transform())) {
                Path transform = Deployed.transformOfThisMachine(folder);
                print(function.name(), median(() -> plain(transform, function)), empty);
            } else {
                print(function.name(), median(() -> plain(functions, function)), empty);
                Start restored = median(() -> restored(functions, function));
                System.out.printf(
                        Locale.ROOT,
                        "  from its snapshot: first call %5d ms: %.2f times the empty handler"
                                + " (limit %.0f)%n",
                        restored.call().toMillis(),
                        ratio(new Start(empty.init(), restored.call()), empty),
                        LIMIT);
            }
        }
    }

    private static Start plain(Path code, Deployed function) throws Exception {
        try (Lambda lambda = Lambda.start(code, function.handler(), function.environment())) {
            FirstCalls.deliver(lambda, "/" + function.environment().get("LAKE_BUCKET") + "/");
            return new Start(lambda.init(), lambda.call(FirstCalls.of(function)).took());
        }
    }

    private static Start restored(Path code, Deployed function) throws Exception {
        try (Lambda lambda = Lambda.toSnapshot(code, function.handler(), function.environment())) {
            lambda.restore();
            return new Start(lambda.init(), lambda.call(FirstCalls.of(function)).took());
        }
    }

    private static Start median(Run run) throws Exception {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            starts.add(run.once());
        }
        starts.sort(Comparator.comparing(Start::whole));
        return starts.get(RUNS / 2);
    }

    private static void print(String name, Start start, Start empty) {
        System.out.printf(
                Locale.ROOT,
                "%-20s init %5d ms, first call %5d ms: %.2f times the empty handler (limit %.0f)%n",
                name,
                start.init().toMillis(),
                start.call().toMillis(),
                ratio(start, empty),
                LIMIT);
    }

    private static double ratio(Start start, Start empty) {
        return (double) start.whole().toNanos() / empty.whole().toNanos();
    }

    private static Path empty(Path folder) throws IOException {
        String name = EmptyHandler.class.getName().replace('.', '/') + ".class";
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            Files.createDirectories(folder.resolve(name).getParent());
            try (InputStream in =
                    Objects.requireNonNull(
                            EmptyHandler.class.getResourceAsStream("/" + name), name)) {
                Files.copy(in, file);
            }
        }
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.delete(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }
}
