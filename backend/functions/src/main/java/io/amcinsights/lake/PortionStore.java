package io.amcinsights.lake;

import io.amcinsights.contract.Quality;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Stale;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which files each dataset consists of. What is written here decides: files that no portion names
 * are nobody's, wherever they are.
 */
public final class PortionStore {

    /** No query of Athena lives so long. */
    private static final Duration READ_AT_MOST = Duration.ofHours(24);

    private final Records<Portion> portions;
    private final Documents documents;
    private final Clock clock;

    public PortionStore(Documents documents, Clock clock) {
        this.portions = new Records<>(documents, Portion.class);
        this.documents = documents;
        this.clock = clock;
    }

    List<Portion> all(String dataset) {
        return portions.all(partition(dataset), "");
    }

    List<Portion> all(String dataset, String tenantId) {
        return portions.all(partition(dataset), tenantId + "/");
    }

    /** What was measured of each tenant's deliveries, together. */
    Map<String, Quality.Total> byTenant(String dataset) {
        Map<String, Quality.Total> totals = new TreeMap<>();
        for (Portion portion : all(dataset)) {
            Quality.Total quality = portion.quality();
            if (quality != null) {
                Quality.Total before = totals.getOrDefault(portion.tenantId(), Quality.Total.NONE);
                totals.put(portion.tenantId(), before.plus(quality));
            }
        }
        return totals;
    }

    Optional<Portion> find(String dataset, String tenantId, String month) {
        return portions.find(partition(dataset), key(tenantId, month));
    }

    /** What has to be written anew so that all files of a dataset have its types. */
    List<Move> moves(DatasetState dataset) {
        return all(dataset.name()).stream()
                .filter(p -> p.generation() < dataset.generation())
                .map(p -> new Move(p.tenantId(), p.month(), p.version(), stale(dataset, p)))
                .toList();
    }

    private static List<Stale> stale(DatasetState dataset, Portion portion) {
        String folder =
                Portion.folder(
                        dataset.name(),
                        portion.tenantId(),
                        portion.month(),
                        dataset.generation(),
                        portion.version());
        return portion.settled().stream()
                .map(
                        f ->
                                new Stale(
                                        f.name(),
                                        portion.key(dataset.name(), f.name()),
                                        "%s%s.parquet".formatted(folder, f.name())))
                .toList();
    }

    /**
     * Replaces a portion's files by those that were written anew. Files that are not settled are
     * left behind; their deliveries load them once more.
     *
     * @return false where others have settled meanwhile
     */
    boolean move(String dataset, Move move, long generation) {
        Set<String> names = new HashSet<>(move.files().stream().map(Stale::name).toList());
        return portions.change(
                        partition(dataset),
                        key(move.tenantId(), move.month()),
                        p ->
                                p.generation() < generation && names(p.settled()).equals(names)
                                        ? p.in(
                                                generation,
                                                move.revision(),
                                                p.settled(),
                                                clock.instant().plus(READ_AT_MOST))
                                        : p)
                .filter(p -> p.generation() < generation)
                .isEmpty();
    }

    private static Set<String> names(List<DataFile> files) {
        return new HashSet<>(files.stream().map(DataFile::name).toList());
    }

    /**
     * Announces a file that is about to be put into the portion's folder.
     *
     * @param generation of the dataset whose types it has
     * @return the portion; empty where its files have other types
     */
    Optional<Portion> enter(
            String dataset, String tenantId, String month, long generation, DataFile file) {
        Portion entered =
                portions.change(
                        partition(dataset),
                        key(tenantId, month),
                        Portion.empty(tenantId, month, generation),
                        p ->
                                p.generation() != generation || p.file(file.name()).isPresent()
                                        ? p
                                        : p.with(file));
        return Optional.of(entered).filter(p -> p.generation() == generation);
    }

    /**
     * Makes the rows of a file those of the dataset; the same once more changes nothing.
     *
     * @param quality of the delivery; null where it is another dataset's
     * @return false where the file was left behind
     */
    boolean settle(String dataset, Portion portion, DataFile file, @Nullable Quality quality) {
        DataFile settled =
                new DataFile(file.name(), file.rows(), file.bytes(), file.deliveries(), true);
        return portions.change(
                        partition(dataset),
                        key(portion),
                        p ->
                                p.file(file.name()).filter(f -> !f.settled()).isPresent()
                                        ? p.with(settled).measured(quality)
                                        : p)
                .flatMap(p -> p.file(file.name()))
                .isPresent();
    }

    /**
     * Forgets a file that is not settled.
     *
     * @return the key that it may be under; empty where it is settled
     */
    Optional<String> withdraw(String dataset, String tenantId, String month, String name) {
        Optional<Portion> left =
                portions.change(
                        partition(dataset),
                        key(tenantId, month),
                        p ->
                                p.file(name).filter(f -> !f.settled()).isPresent()
                                        ? p.without(name)
                                        : p);
        return left.filter(p -> p.file(name).isEmpty()).map(p -> p.key(dataset, name));
    }

    /**
     * Replaces files by those that were made of them.
     *
     * @return the portion; empty where it has changed since it was seen
     */
    Optional<Portion> compact(String dataset, Portion seen, List<DataFile> compacted) {
        try {
            return Optional.of(
                    portions.put(
                            partition(dataset),
                            key(seen),
                            seen.in(
                                    seen.generation(),
                                    seen.version(),
                                    compacted,
                                    clock.instant().plus(READ_AT_MOST)),
                            seen.version()));
        } catch (ConflictException e) {
            return Optional.empty();
        }
    }

    /** Notes that the catalogue knows the portion's folder. */
    void placed(String dataset, Portion portion) {
        portions.change(
                partition(dataset),
                key(portion),
                p -> p.folder(dataset).equals(portion.folder(dataset)) ? p.placed() : p);
    }

    /** Notes that the folders before the portion's own are gone. */
    void tidied(String dataset, Portion portion) {
        portions.change(
                partition(dataset),
                key(portion),
                p -> p.folder(dataset).equals(portion.folder(dataset)) ? p.tidied() : p);
    }

    /**
     * Forgets a portion.
     *
     * @return false where it has changed since it was seen
     */
    boolean remove(String dataset, Portion seen) {
        try {
            documents.delete(partition(dataset), key(seen), seen.version());
            return true;
        } catch (ConflictException e) {
            return false;
        }
    }

    private static String partition(String dataset) {
        return "dataset-portion/" + dataset;
    }

    private static String key(Portion portion) {
        return key(portion.tenantId(), portion.month());
    }

    private static String key(String tenantId, String month) {
        return tenantId + "/" + month;
    }
}
