package io.amcinsights.workflows;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Run;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.store.Sha256;
import io.amcinsights.store.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The runs, which request each answers, and which execution at AMC each has. */
public final class RunStore {

    private record Link(String runId, long version) {}

    private static final Duration REMEMBERED = Duration.ofDays(90);

    private final Timeline<Run> runs;
    private final Records<Link> links;
    private final Documents documents;

    public RunStore(Documents documents) {
        this.documents = documents;
        this.runs = new Timeline<>(documents, "run", Run.class, Run::runId);
        this.links = new Records<>(documents, Link.class);
    }

    Run get(String runId) {
        return runs.find(runId).orElseThrow(() -> absent(runId).exception());
    }

    Optional<Run> find(String runId) {
        return runs.find(runId);
    }

    Run create(Run run) throws ConflictException {
        return runs.put(run, 0);
    }

    Run change(String runId, UnaryOperator<Run> change) {
        return runs.change(runId, change).orElseThrow(() -> absent(runId).exception());
    }

    Timeline.Page<Run> newest(Collection<String> tenantIds, int limit, @Nullable String token) {
        return runs.newest(tenantIds, limit, token);
    }

    /** The id of the run that answers a request: the one given, or that of an earlier call. */
    String answer(String tenantId, String requestKey, String runId, Instant now) {
        return link(requests(tenantId), Sha256.hex(requestKey), runId, now);
    }

    /** The id of the run that an earlier call with this key made. */
    Optional<String> answered(String tenantId, String requestKey) {
        return links.find(requests(tenantId), Sha256.hex(requestKey)).map(Link::runId);
    }

    /** Forgets that a request was answered. */
    void forget(String tenantId, String requestKey) {
        links.find(requests(tenantId), Sha256.hex(requestKey))
                .ifPresent(
                        link -> {
                            try {
                                documents.delete(
                                        requests(tenantId), Sha256.hex(requestKey), link.version());
                            } catch (ConflictException e) {
                                // somebody else asks again already
                            }
                        });
    }

    /** Keeps an execution at AMC for one run; the answer is the run that has it. */
    String own(String tenantId, String executionId, String runId, Instant now) {
        return link(executions(tenantId), executionId, runId, now);
    }

    /** The id of the run that an execution at AMC belongs to. */
    public Optional<String> owner(String tenantId, String executionId) {
        return links.find(executions(tenantId), executionId).map(Link::runId);
    }

    private String link(String partition, String key, String runId, Instant now) {
        try {
            links.put(partition, key, new Link(runId, 0), 0, now.plus(REMEMBERED));
            return runId;
        } catch (ConflictException e) {
            return links.find(partition, key).map(Link::runId).orElse(runId);
        }
    }

    private static String requests(String tenantId) {
        return "run-request/" + tenantId;
    }

    private static String executions(String tenantId) {
        return "amc-execution/" + tenantId;
    }

    private static Failure absent(String runId) {
        return Failure.of(ErrorCode.NOT_FOUND, "There is no run “%s”.".formatted(runId));
    }
}
