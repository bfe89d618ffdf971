package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Invocation;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Notice;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.store.Sha256;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of the state machine {@code lake-compaction}: makes few files of a portion's many small
 * ones. Rows stay as they are.
 */
public final class Compaction {

    /**
     * What the function {@code transform} does.
     *
     * @param version of the portion; where it is another one by then, nothing comes of it
     */
    record Plan(String dataset, String tenantId, String month, long version, List<Merge> merges) {}

    /**
     * @param keys of the files to read; one alone is copied
     * @param target key of the file to write
     */
    record Merge(List<String> keys, String target, DataFile file) {}

    /**
     * @param transform what the function {@code transform} is called with; null where there is
     *     nothing to do
     */
    private record Planned(boolean worthwhile, LakeSteps.@Nullable TransformCall transform) {}

    /**
     * @param compacted false where deliveries came between
     */
    private record Done(boolean compacted) {}

    /** Queries of Athena read files of about this size best. */
    private static final long WANTED_BYTES = 128L << 20;

    /** So many small files are worth the work where no more are to come. */
    private static final int MANY = 8;

    /** So many are too many, even where more are to come. */
    private static final int TOO_MANY = 200;

    private final PortionStore portions;
    private final Publication publication;
    private final LakeFiles files;
    private final NoticeBoard notices;

    public Compaction(
            PortionStore portions, Publication publication, LakeFiles files, NoticeBoard notices) {
        this.portions = portions;
        this.publication = publication;
        this.files = files;
        this.notices = notices;
    }

    /**
     * Whether a portion has more files than it should.
     *
     * @param past its month is over
     */
    static boolean isWorthwhile(Portion portion, boolean past) {
        int many = past ? MANY : TOO_MANY;
        return portion.files().stream().allMatch(DataFile::settled)
                && portion.files().stream().filter(f -> f.bytes() < WANTED_BYTES / 2).count()
                        >= many;
    }

    Object step(String step, JsonNode input) {
        return step.equals("plan-compaction")
                ? plan(
                        input.path("dataset").asText(),
                        input.path("tenantId").asText(),
                        input.path("month").asText())
                : publish(input.path("plan").asText());
    }

    /** Nothing is lost: the files are as they were. */
    Failure recordFailure(JsonNode input) {
        Failure problem = Invocation.failureOf(input.path("error"));
        String dataset = input.path("dataset").asText();
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.DATASET,
                        dataset,
                        input.path("execution").asText(),
                        input.path("tenantId").asText()),
                "The small files of %s could not be made fewer".formatted(dataset),
                problem);
        return problem;
    }

    private Planned plan(String dataset, String tenantId, String month) {
        Portion portion = portions.find(dataset, tenantId, month).orElse(null);
        if (portion == null || portion.moved() || !isWorthwhile(portion, true)) {
            return new Planned(false, null);
        }
        String folder =
                Portion.folder(dataset, tenantId, month, portion.generation(), portion.version());
        List<Merge> merges =
                groups(portion.files()).stream()
                        .map(g -> merge(dataset, portion, g, folder))
                        .toList();
        Plan plan = new Plan(dataset, tenantId, month, portion.version(), merges);
        String key =
                "pre-stage/compaction/%s/%s/%s/%d.json"
                        .formatted(dataset, tenantId, month, portion.version());
        files.put(key, Json.write(plan));
        return new Planned(true, new LakeSteps.TransformCall("compact", key));
    }

    private static List<List<DataFile>> groups(List<DataFile> all) {
        List<List<DataFile>> groups = new ArrayList<>();
        long bytes = WANTED_BYTES;
        for (DataFile file : all) {
            if (bytes + file.bytes() > WANTED_BYTES) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.getLast().add(file);
            bytes += file.bytes();
        }
        return groups;
    }

    /** Named by its content, so that another attempt with other files is told apart. */
    private static Merge merge(
            String dataset, Portion portion, List<DataFile> group, String folder) {
        List<String> keys = group.stream().map(f -> portion.key(dataset, f.name())).toList();
        String name =
                group.size() == 1
                        ? group.getFirst().name()
                        : "compacted-" + Sha256.hex(String.join("\n", keys)).substring(0, 16);
        DataFile file =
                new DataFile(
                        name,
                        group.stream().mapToLong(DataFile::rows).sum(),
                        group.stream().mapToLong(DataFile::bytes).sum(),
                        group.stream().mapToInt(DataFile::deliveries).sum(),
                        true);
        return new Merge(keys, "%s%s.parquet".formatted(folder, name), file);
    }

    private Done publish(String planKey) {
        Plan plan = Json.read(files.read(planKey), Plan.class);
        Portion portion = portions.find(plan.dataset(), plan.tenantId(), plan.month()).orElse(null);
        Optional<Portion> compacted =
                portion == null || portion.version() != plan.version()
                        ? Optional.empty()
                        : portions.compact(
                                plan.dataset(),
                                portion,
                                plan.merges().stream()
                                        .map(
                                                m ->
                                                        new DataFile(
                                                                m.file().name(),
                                                                m.file().rows(),
                                                                files.size(m.target()),
                                                                m.file().deliveries(),
                                                                true))
                                        .toList());
        publication.complete(plan.dataset());
        return new Done(compacted.isPresent());
    }
}
