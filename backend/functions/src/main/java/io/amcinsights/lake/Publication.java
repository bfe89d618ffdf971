package io.amcinsights.lake;

import io.amcinsights.contract.Quality;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Outcome;
import io.amcinsights.lake.plan.TransformPlan.Provenance;
import io.amcinsights.lake.plan.TransformPlan.Separate;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes rows readable. First the documents say that a file is coming, then it is put down, then
 * they say that it is there; whoever is interrupted begins again, and whoever comes late is told
 * so. Readers are led from one folder to another only when all of the files are in the new one, and
 * the table is given a wider type before any portion of it: what Athena reads between is exact.
 */
public final class Publication {

    private final DatasetStore datasets;
    private final PortionStore portions;
    private final Catalogue catalogue;
    private final LakeFiles files;
    private final Clock clock;

    public Publication(
            DatasetStore datasets,
            PortionStore portions,
            Catalogue catalogue,
            LakeFiles files,
            Clock clock) {
        this.datasets = datasets;
        this.portions = portions;
        this.catalogue = catalogue;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Publishes what was made of a delivery; the same once more changes nothing.
     *
     * @return false where the types have widened meanwhile, and the file must be written anew
     */
    boolean publish(TransformPlan plan, Outcome outcome) {
        Separate separate = plan.filtered() == null ? null : plan.filtered().separate();
        DataFile shown = new DataFile(plan.deliveryId(), outcome.rows(), outcome.bytes(), 1, false);
        if (!publish(
                plan,
                plan.dataset(),
                plan.generation(),
                plan.moves(),
                plan.target(),
                shown,
                Measured.quality(plan, outcome.counts()))) {
            return false;
        }
        if (separate == null || outcome.separateBytes() == 0) {
            return true;
        }
        DataFile hidden =
                new DataFile(
                        plan.deliveryId(),
                        outcome.counts().rows() - outcome.rows(),
                        outcome.separateBytes(),
                        1,
                        false);
        return publish(
                plan,
                separate.dataset(),
                separate.generation(),
                separate.moves(),
                separate.target(),
                hidden,
                null);
    }

    private boolean publish(
            TransformPlan plan,
            String dataset,
            long generation,
            List<Move> moves,
            String source,
            DataFile file,
            @Nullable Quality quality) {
        String tenantId = plan.provenance().tenantId();
        String month = plan.provenance().month();
        if (datasets.get(dataset).generation() != generation
                || !moves.stream().allMatch(move -> portions.move(dataset, move, generation))) {
            return false;
        }
        Optional<Portion> entered = portions.enter(dataset, tenantId, month, generation, file);
        if (entered.isEmpty()) {
            return false;
        }
        Portion portion = entered.get();
        if (portion.file(file.name()).filter(f -> !f.settled()).isPresent()) {
            files.copy(source, portion.key(dataset, file.name()));
        }
        publish(dataset, portion);
        boolean settled =
                portions.settle(dataset, portion, file, quality)
                        // a portion that came to be meanwhile has not been moved
                        && datasets.get(dataset).generation() == generation;
        if (settled) {
            count(dataset); // who is told that it is loaded finds it counted
        }
        return settled;
    }

    private void publish(String dataset, Portion portion) {
        DatasetState state;
        do {
            state = datasets.get(dataset);
            catalogue.publish(state);
            place(state, portion);
            // another delivery may have added a column while we wrote
        } while (!datasets.get(dataset).columns().equals(state.columns()));
    }

    /** Leads readers to a portion's folder, until it is there no more. */
    private void place(DatasetState dataset, Portion portion) {
        Portion placed = portion;
        while (true) {
            catalogue.place(dataset, placed);
            Portion now =
                    portions.find(dataset.name(), placed.tenantId(), placed.month()).orElse(placed);
            if (now.folder(dataset.name()).equals(placed.folder(dataset.name()))) {
                return;
            }
            placed = now;
        }
    }

    /** Removes the folders that readers have left, and those that they have never come to. */
    void tidy(String dataset, Portion portion) {
        String home = Portion.home(dataset, portion.tenantId(), portion.month());
        Instant abandoned = clock.instant().minus(LakeSteps.LONGEST);
        for (String folder : files.folders(home)) {
            if (portion.hasLeft(dataset, folder)) {
                files.keys(folder).forEach(files::delete);
            } else if (!folder.equals(portion.folder(dataset))) {
                files.keysBefore(folder, abandoned).forEach(files::delete);
            }
        }
        portions.tidied(dataset, portion);
    }

    /** Removes a portion with its rows, unless it changes at this moment. */
    void discard(DatasetState dataset, Portion portion) {
        List<String> keys =
                files.keys(Portion.home(dataset.name(), portion.tenantId(), portion.month()));
        if (portions.remove(dataset.name(), portion)) {
            takeAway(dataset, portion.tenantId(), portion.month());
            keys.forEach(files::delete);
        }
    }

    /** Removes what the catalogue still knows of portions that are gone. */
    void discardUnknown(DatasetState dataset) {
        List<List<String>> unknown = new ArrayList<>(catalogue.partitions(dataset.name()));
        portions.all(dataset.name()).forEach(p -> unknown.remove(List.of(p.tenantId(), p.month())));
        for (List<String> partition : unknown) {
            String tenantId = partition.getFirst();
            String month = partition.getLast();
            List<String> keys = files.keys(Portion.home(dataset.name(), tenantId, month));
            // a delivery may have come meanwhile
            if (portions.find(dataset.name(), tenantId, month).isEmpty()) {
                takeAway(dataset, tenantId, month);
                keys.forEach(files::delete);
            }
        }
    }

    private void takeAway(DatasetState dataset, String tenantId, String month) {
        catalogue.remove(dataset.name(), tenantId, month);
        // a delivery may have come meanwhile
        portions.find(dataset.name(), tenantId, month).ifPresent(p -> place(dataset, p));
    }

    /** Notes that a delivery answers the question of a run; see {@link LatestView}. */
    void answered(String dataset, Provenance question, boolean rows) {
        DatasetState before = datasets.get(dataset);
        datasets.answered(dataset, question, rows);
        DatasetState state = datasets.get(dataset);
        if (before.emptied().isEmpty() && state.emptied().isEmpty()) {
            return;
        }
        do {
            before = state;
            catalogue.publish(state);
            state = datasets.get(dataset);
        } while (!state.emptied().equals(before.emptied()));
    }

    /** Leads readers to all portions that have moved, and counts what the dataset holds. */
    void complete(String dataset) {
        lead(dataset);
        count(dataset);
    }

    /** Leads readers to all portions that have moved. */
    void lead(String dataset) {
        for (Portion portion : portions.all(dataset)) {
            if (portion.moved()) {
                publish(dataset, portion);
                portions.placed(dataset, portion);
            }
        }
    }

    private void count(String dataset) {
        datasets.count(dataset, () -> portions.all(dataset));
    }

    /** Takes back what was put down of a delivery that has failed. */
    void withdraw(TransformPlan plan) {
        withdraw(plan, plan.dataset());
        if (plan.filtered() != null && plan.filtered().separate() != null) {
            withdraw(plan, plan.filtered().separate().dataset());
        }
        files.deleteRows(plan.deliveryId());
    }

    private void withdraw(TransformPlan plan, String dataset) {
        portions.withdraw(
                        dataset,
                        plan.provenance().tenantId(),
                        plan.provenance().month(),
                        plan.deliveryId())
                .ifPresent(files::delete);
    }
}
