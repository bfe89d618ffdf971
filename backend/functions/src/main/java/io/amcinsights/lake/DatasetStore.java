package io.amcinsights.lake;

import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.Quality;
import io.amcinsights.lake.DatasetState.Emptied;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.MoneyUnit;
import io.amcinsights.lake.plan.Names;
import io.amcinsights.lake.plan.TransformPlan.Provenance;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.store.Sha256;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The datasets: their columns, and how they are loaded. */
public final class DatasetStore {

    /**
     * When a question was answered last.
     *
     * @param withRows by a delivery that has some; the epoch for never
     * @param withoutRows by one that has none
     */
    private record Answer(Instant withRows, Instant withoutRows, long version) {

        Answer with(Instant at, boolean rows) {
            return new Answer(
                    rows && at.isAfter(withRows) ? at : withRows,
                    !rows && at.isAfter(withoutRows) ? at : withoutRows,
                    version);
        }

        boolean isEmptied() {
            return withRows.isAfter(Instant.EPOCH) && withoutRows.isAfter(withRows);
        }
    }

    /** The columns of all files that a transformation was given. */
    private record Input(List<Column> columns, long version) {

        Input with(List<String> header, List<ColumnType> types, List<@Nullable MoneyUnit> units) {
            return new Input(
                    Layout.withMoney(Layout.merge(columns, header, types), header, units), version);
        }
    }

    /** The view that tells of them has a limited length. */
    private static final int MOST_EMPTIED = 500;

    private static final String ANSWERS = "dataset-answer/";
    private static final String DATASETS = "dataset";

    /** Stands for the workflow where there is none. */
    static final String DROPPED = "";

    private static final String SETTINGS = "dataset-settings";
    private static final String INPUTS = "dataset-input";

    private final Documents documents;
    private final Records<DatasetState> datasets;
    private final Records<Answer> answers;
    private final Records<DatasetSettings> settings;
    private final Records<Input> inputs;
    private final Clock clock;

    public DatasetStore(Documents documents, Clock clock) {
        this.documents = documents;
        this.datasets = new Records<>(documents, DatasetState.class);
        this.answers = new Records<>(documents, Answer.class);
        this.settings = new Records<>(documents, DatasetSettings.class);
        this.inputs = new Records<>(documents, Input.class);
        this.clock = clock;
    }

    List<DatasetState> all() {
        return datasets.all(DATASETS, "");
    }

    DatasetState get(String name) {
        return find(name).orElseThrow();
    }

    Optional<DatasetState> find(String name) {
        return datasets.find(DATASETS, name);
    }

    DatasetSettings settings(String dataset) {
        return settings.find(SETTINGS, dataset).orElse(DatasetSettings.usual(dataset));
    }

    DatasetSettings put(DatasetSettings changed) throws ConflictException {
        return settings.put(SETTINGS, changed.dataset(), changed, changed.version());
    }

    /** Makes room for a file's columns in the workflow's dataset, which comes to be with it. */
    DatasetState reserve(
            String workflowId,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        String plain = Names.plain(workflowId);
        return Optional.of(plain)
                .filter(name -> !LatestView.isNamedSo(name) && !name.equals(ReportView.NAME))
                .flatMap(name -> reserve(name, workflowId, header, types, units))
                .or(
                        () ->
                                // another workflow's id looks the same without its dots
                                reserve(
                                        "%s_%s".formatted(plain, suffix(workflowId)),
                                        workflowId,
                                        header,
                                        types,
                                        units))
                .orElseThrow();
    }

    /** Takes a name for dropped files; false where a workflow's dataset has it. */
    boolean register(String name) {
        return reserve(name, DROPPED, List.of(), List.of(), List.of()).isPresent();
    }

    /** Gives a name back that was taken for dropped files; false where the dataset has rows. */
    boolean unregister(String name) throws ConflictException {
        Optional<DatasetState> dataset = find(name).filter(d -> d.isFedBy(DROPPED));
        if (dataset.isPresent()) {
            if (dataset.get().deliveries() > 0) {
                return false;
            }
            documents.delete(DATASETS, name, dataset.get().version());
        }
        return true;
    }

    /** Makes room for a dropped file's columns. */
    DatasetState reserveDropped(String name, List<String> header, List<ColumnType> types) {
        List<@Nullable MoneyUnit> none = new ArrayList<>();
        header.forEach(column -> none.add(null));
        return reserve(name, DROPPED, header, types, none).orElseThrow();
    }

    /** Makes room for a file's columns in the table that a transformation reads. */
    List<Column> reserveInput(
            String dataset,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        return inputs.change(
                        INPUTS, dataset, new Input(List.of(), 0), i -> i.with(header, types, units))
                .columns();
    }

    /** The columns that the table would have with a file's. */
    List<Column> input(
            String dataset,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        return inputs.find(INPUTS, dataset)
                .orElse(new Input(List.of(), 0))
                .with(header, types, units)
                .columns();
    }

    /** Makes room for columns that a transformation has made. */
    DatasetState addMade(String dataset, List<Column> made) {
        return datasets.change(
                        DATASETS,
                        dataset,
                        d -> d.withRoomFor(Layout.withMade(d.columns(), made), clock.instant()))
                .orElseThrow();
    }

    private static String suffix(String workflowId) {
        return String.format(Locale.ROOT, "%08x", workflowId.hashCode());
    }

    private Optional<DatasetState> reserve(
            String name,
            String workflowId,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        DatasetState first =
                new DatasetState(
                        name,
                        workflowId,
                        List.of(),
                        0,
                        null,
                        0,
                        0,
                        0,
                        clock.instant(),
                        null,
                        List.of(),
                        0);
        DatasetState reserved =
                datasets.change(
                        DATASETS,
                        name,
                        first,
                        d -> {
                            if (!d.isFedBy(workflowId)) {
                                return d;
                            }
                            var merged =
                                    Layout.withMoney(
                                            Layout.merge(d.columns(), header, types),
                                            header,
                                            units);
                            return d.withRoomFor(merged, clock.instant());
                        });
        return Optional.of(reserved).filter(d -> d.isFedBy(workflowId));
    }

    /** The dataset of another's rows with hidden values; its columns are that one's. */
    DatasetState reserveFiltered(DatasetState of) {
        String name = of.name() + "_filtered";
        return reserveFiltered(name, of)
                .or(() -> reserveFiltered("%s_%s".formatted(name, suffix(of.name())), of))
                .orElseThrow();
    }

    private Optional<DatasetState> reserveFiltered(String name, DatasetState of) {
        DatasetState first =
                new DatasetState(
                        name,
                        of.workflowId(),
                        List.of(),
                        0,
                        of.name(),
                        0,
                        0,
                        0,
                        clock.instant(),
                        null,
                        List.of(),
                        0);
        DatasetState reserved =
                datasets.change(
                        DATASETS,
                        name,
                        first,
                        d ->
                                of.name().equals(d.filteredOf())
                                        ? d.withRoomFor(of.columns(), clock.instant())
                                        : d);
        return Optional.of(reserved).filter(d -> of.name().equals(d.filteredOf()));
    }

    /** The dataset that a workflow's deliveries are loaded into. */
    Optional<DatasetState> fedBy(String workflowId) {
        return all().stream().filter(d -> d.isFedBy(workflowId)).findFirst();
    }

    /**
     * Notes that a delivery answers the question of a run.
     *
     * @param rows whether it has any; where it has none, an older one's are out of date
     */
    void answered(String dataset, Provenance question, boolean rows) {
        Instant from = question.windowStart();
        Instant until = question.windowEnd();
        if (from == null || until == null) {
            return; // which question it is, is not known
        }
        String key = key(question);
        Answer first = new Answer(Instant.EPOCH, Instant.EPOCH, 0);
        Answer answer =
                answers.change(
                        ANSWERS + dataset, key, first, a -> a.with(question.deliveredAt(), rows));
        datasets.change(
                DATASETS,
                dataset,
                d -> {
                    List<Emptied> others =
                            new ArrayList<>(
                                    d.emptied().stream().filter(e -> !e.isOf(question)).toList());
                    if (answer.isEmptied()) {
                        others.add(
                                new Emptied(
                                        question.tenantId(),
                                        question.parameters(),
                                        from,
                                        until,
                                        answer.withoutRows()));
                    }
                    List<Emptied> newest =
                            others.subList(
                                    Math.max(0, others.size() - MOST_EMPTIED), others.size());
                    return newest.equals(d.emptied())
                            ? d
                            : d.with(List.copyOf(newest), d.updatedAt());
                });
    }

    private static String key(Provenance question) {
        return Sha256.hex(
                "%s\n%s\n%s\n%s"
                        .formatted(
                                question.tenantId(),
                                question.parameters(),
                                question.windowStart(),
                                question.windowEnd()));
    }

    /** Counts what a dataset holds. */
    void count(String dataset, Supplier<List<Portion>> portions) {
        datasets.change(
                DATASETS,
                dataset,
                d -> {
                    List<Portion> all = portions.get();
                    List<DataFile> files = all.stream().flatMap(p -> p.settled().stream()).toList();
                    DatasetState counted =
                            d.with(
                                    files.stream().mapToLong(DataFile::rows).sum(),
                                    files.stream().mapToLong(DataFile::bytes).sum(),
                                    files.stream().mapToInt(DataFile::deliveries).sum(),
                                    total(all),
                                    d.updatedAt());
                    return counted.equals(d) ? d : counted.with(d.emptied(), clock.instant());
                });
    }

    private static Quality.@Nullable Total total(List<Portion> portions) {
        Quality.Total total = Quality.Total.NONE;
        for (Portion portion : portions) {
            if (portion.quality() != null) {
                total = total.plus(portion.quality());
            }
        }
        return total.rows() == 0 ? null : total;
    }
}
