package io.amcinsights.lake;

import io.amcinsights.contract.Quality;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a dataset holds of one tenant and month: the files of one folder. Files are added to the
 * folder; where others take their place, those are in another folder, and the catalogue leads
 * readers from one to the other at once.
 *
 * @param month {@code yyyy-MM}
 * @param generation of the dataset whose types the files have
 * @param revision of the portion that its folder was written for: whoever plans to replace the
 *     files has a folder of his own
 * @param quality of all settled deliveries; null where none was measured
 * @param moved the catalogue may not know the folder yet
 * @param tidyAt when nobody reads the folders before this one any more; null where there are none
 */
record Portion(
        String tenantId,
        String month,
        long generation,
        long revision,
        List<DataFile> files,
        Quality.@Nullable Total quality,
        boolean moved,
        @Nullable Instant tidyAt,
        long version) {

    /**
     * A file of Parquet.
     *
     * @param name without its ending: that of its delivery, unless it is made of several
     * @param deliveries how many it is made of
     * @param settled its rows are the dataset's; else it is about to be put down, and nothing is
     *     lost with it
     */
    record DataFile(String name, long rows, long bytes, int deliveries, boolean settled) {}

    static Portion empty(String tenantId, String month, long generation) {
        return new Portion(tenantId, month, generation, 0, List.of(), null, true, null, 0);
    }

    /** The folder of all of a dataset's folders for a tenant and month. */
    static String home(String dataset, String tenantId, String month) {
        return "%s/tenant=%s/month=%s/".formatted(Catalogue.folder(dataset), tenantId, month);
    }

    /** Where its files are, in the lake's bucket. Folders of a portion never lie in one another. */
    String folder(String dataset) {
        return folder(dataset, tenantId, month, generation, revision);
    }

    static String folder(
            String dataset, String tenantId, String month, long generation, long revision) {
        return "%s%d-%d/".formatted(home(dataset, tenantId, month), generation, revision);
    }

    String key(String dataset, String name) {
        return "%s%s.parquet".formatted(folder(dataset), name);
    }

    /** Whether a folder of this portion is one that it has left. */
    boolean hasLeft(String dataset, String folder) {
        String[] numbers =
                folder.substring(home(dataset, tenantId, month).length()).split("[-/]", -1);
        long ofGeneration = Long.parseLong(numbers[0]);
        return ofGeneration < generation
                || (ofGeneration == generation && Long.parseLong(numbers[1]) < revision);
    }

    Optional<DataFile> file(String name) {
        return files.stream().filter(f -> f.name().equals(name)).findFirst();
    }

    List<DataFile> settled() {
        return files.stream().filter(DataFile::settled).toList();
    }

    Portion with(DataFile file) {
        List<DataFile> all = new ArrayList<>(without(file.name()).files);
        all.add(file);
        return holding(all);
    }

    Portion without(String name) {
        return holding(files.stream().filter(f -> !f.name().equals(name)).toList());
    }

    private Portion holding(List<DataFile> newFiles) {
        return new Portion(
                tenantId,
                month,
                generation,
                revision,
                List.copyOf(newFiles),
                quality,
                moved,
                tidyAt,
                version);
    }

    Portion measured(@Nullable Quality ofDelivery) {
        if (ofDelivery == null) {
            return this;
        }
        Quality.Total before = quality == null ? Quality.Total.NONE : quality;
        return new Portion(
                tenantId,
                month,
                generation,
                revision,
                files,
                before.plus(ofDelivery),
                moved,
                tidyAt,
                version);
    }

    /** With its files in another folder. */
    Portion in(long newGeneration, long newRevision, List<DataFile> newFiles, Instant newTidyAt) {
        return new Portion(
                tenantId,
                month,
                newGeneration,
                newRevision,
                newFiles,
                quality,
                true,
                newTidyAt,
                version);
    }

    Portion placed() {
        return new Portion(
                tenantId, month, generation, revision, files, quality, false, tidyAt, version);
    }

    Portion tidied() {
        return new Portion(
                tenantId, month, generation, revision, files, quality, moved, null, version);
    }
}
