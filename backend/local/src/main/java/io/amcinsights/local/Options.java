package io.amcinsights.local;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the program is started with.
 *
 * @param port 0: any free one
 * @param data folder of everything that the workspace keeps
 * @param engine folder of the Athena engine; null: where the build puts it
 * @param engineMemoryMb what the engine's heap may take
 * @param lakeFormation the template's parameter
 * @param parents process ids; the workspace ends with the first of them that ends
 */
record Options(
        int port,
        Path data,
        @Nullable Path engine,
        int engineMemoryMb,
        String lakeFormation,
        List<Long> parents) {

    private static final int USUAL_ENGINE_MEMORY_MB = 1024;
    private static final int LEAST_ENGINE_MEMORY_MB = 512;

    /** Who has a grant reads what it names, and everybody else everything: both can be tried. */
    static final String USUAL_LAKE_FORMATION = "hybrid";

    static final String USAGE =
            """
            Usage: java -jar amc-insights-local.jar [amc] --port PORT --data DIR [--engine DIR] [--engine-memory MB] [--lake-formation MODE] [--with-parent PID]
              amc               the AMC simulator alone, without AWS
              --port            on 127.0.0.1; 0 takes any free one
              --data            folder of the workspace; made if it is not there
              --engine          folder of the Athena engine
              --engine-memory   of the Athena engine, in MB; 1024 unless said, at least 512
              --lake-formation  off, hybrid (unless said) or on: whether grants decide who reads
              --with-parent     stop when this process ends; may be given more than once
            """;

    /**
     * @throws IllegalArgumentException saying what is wrong with them
     */
    static Options parse(String... arguments) {
        Integer port = null;
        Path data = null;
        Path engine = null;
        int engineMemoryMb = USUAL_ENGINE_MEMORY_MB;
        String lakeFormation = USUAL_LAKE_FORMATION;
        List<Long> parents = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            String value = arguments[i + 1];
            switch (name) {
                case "--port" -> port = (int) number(name, value, 0, 65535);
                case "--data" -> data = Path.of(value);
                case "--engine" -> engine = Path.of(value);
                case "--engine-memory" ->
                        engineMemoryMb =
                                (int) number(name, value, LEAST_ENGINE_MEMORY_MB, 1_000_000);
                case "--lake-formation" -> {
                    if (!List.of("off", "hybrid", "on").contains(value)) {
                        throw new IllegalArgumentException(name + " is off, hybrid or on");
                    }
                    lakeFormation = value;
                }
                case "--with-parent" -> parents.add(number(name, value, 0, Long.MAX_VALUE));
                default -> throw new IllegalArgumentException("There is no option " + name);
            }
        }
        if (port == null || data == null) {
            throw new IllegalArgumentException("--port and --data are needed");
        }
        return new Options(
                port,
                data.toAbsolutePath(),
                engine,
                engineMemoryMb,
                lakeFormation,
                List.copyOf(parents));
    }

    private static long number(String name, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(name + " is a number from " + least + " to " + most);
    }
}
