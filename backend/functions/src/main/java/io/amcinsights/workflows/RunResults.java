package io.amcinsights.workflows;

import io.amcinsights.amc.AmcAddress;
import io.amcinsights.amc.AmcClient;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.WorkflowRequest.Result;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first rows of runs, as AMC keeps them for download. */
public final class RunResults {

    private static final int ROWS = 200;

    /** An answer of a function has at most 6 MB. */
    private static final long CHARACTERS = 1_000_000;

    private final RunStore runs;
    private final TenantStore tenants;
    private final AmcClient amc;

    public RunResults(RunStore runs, TenantStore tenants, AmcClient amc) {
        this.runs = runs;
        this.tenants = tenants;
        this.amc = amc;
    }

    Result read(String runId) {
        Run run = runs.get(runId);
        String executionId = run.amcExecutionId();
        if (run.status() != Run.Status.SUCCEEDED || executionId == null) {
            throw absent();
        }
        Path folder = null;
        try {
            folder = Files.createTempDirectory("result");
            List<Path> parts =
                    amc.downloads()
                            .fetch(
                                    AmcAddress.of(tenants.get(run.tenantId())),
                                    executionId,
                                    folder,
                                    1);
            if (parts.isEmpty()) {
                throw absent();
            }
            return read(parts.getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("The result of the run could not be read", e);
        } finally {
            remove(folder);
        }
    }

    private static Result read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            AmcCsv csv = new AmcCsv(in);
            List<List<@Nullable String>> rows = new ArrayList<>();
            long characters = 0;
            List<@Nullable String> row = csv.next();
            while (row != null && rows.size() < ROWS && characters < CHARACTERS) {
                rows.add(new ArrayList<>(row));
                characters += row.stream().mapToLong(v -> v == null ? 0 : v.length()).sum();
                row = csv.next();
            }
            return new Result(csv.header(), rows, row != null);
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException absent() {
        return Failure.of(ErrorCode.NOT_FOUND, "AMC has no result of this run.").exception();
    }
}
