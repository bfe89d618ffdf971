package io.amcinsights.lake;

import io.amcinsights.contract.CampaignReport;
import io.amcinsights.contract.CampaignReport.Overlap;
import io.amcinsights.contract.CampaignReport.Source;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.contract.ReportMapping.Fixed;
import io.amcinsights.contract.ReportMapping.Kind;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.model.TableInput;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What feeds the campaign report, as people decide it. */
public final class ReportMappings {

    private static final String MAPPINGS = "report-mapping";

    /** The values of different rows can be added up, so that they can be counted twice. */
    private static final List<Field> ADDED_UP =
            List.of(Field.IMPRESSIONS, Field.CLICKS, Field.SPEND, Field.PURCHASES, Field.SALES);

    private final Records<ReportMapping> mappings;
    private final DatasetStore store;
    private final PortionStore portions;
    private final Datasets datasets;
    private final Catalogue catalogue;

    public ReportMappings(
            Documents documents,
            DatasetStore store,
            PortionStore portions,
            Datasets datasets,
            Catalogue catalogue) {
        this.mappings = new Records<>(documents, ReportMapping.class);
        this.store = store;
        this.portions = portions;
        this.datasets = datasets;
        this.catalogue = catalogue;
    }

    CampaignReport report() {
        Map<String, ReportMapping> decided = decided();
        List<DatasetState> loaded =
                store.all().stream()
                        .filter(d -> d.deliveries() > 0 && d.filteredOf() == null)
                        .toList();
        Map<String, Set<String>> tenants = new TreeMap<>();
        List<ReportView.Part> parts = new ArrayList<>();
        for (DatasetState dataset : loaded) {
            ReportMapping mapping = decided.get(dataset.name());
            parts.add(
                    new ReportView.Part(
                            dataset, mapping == null ? ReportProposal.of(dataset) : mapping));
            tenants.put(dataset.name(), portions.byTenant(dataset.name()).keySet());
        }
        return new CampaignReport(
                catalogue.database(),
                ReportView.NAME,
                !decided.isEmpty(),
                parts.stream()
                        .map(
                                part ->
                                        new Source(
                                                part.mapping(),
                                                part.mapping().version() == 0
                                                        && !part.mapping().columns().isEmpty(),
                                                choices(part.dataset()),
                                                channelColumns(part.dataset()),
                                                texts(part),
                                                overlaps(part, parts, tenants)))
                        .toList());
    }

    private Map<String, ReportMapping> decided() {
        return mappings.all(MAPPINGS, "").stream()
                .collect(Collectors.toMap(ReportMapping::dataset, Function.identity()));
    }

    CampaignReport put(ReportMapping changed) {
        DatasetState dataset = datasets.loaded(changed.dataset());
        check(changed, dataset);
        checkPublished(changed);
        if (store.find(ReportView.NAME).filter(d -> d.deliveries() > 0).isPresent()) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "There is a dataset that is called “%s” like the report."
                                    .formatted(ReportView.NAME))
                    .next("Save its workflow under another id, and remove the dataset.")
                    .exception();
        }
        try {
            mappings.put(MAPPINGS, changed.dataset(), changed, changed.version());
        } catch (ConflictException e) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Somebody else has changed what “%s” feeds meanwhile."
                                    .formatted(changed.dataset()))
                    .next("Look at theirs, then change it again.")
                    .exception();
        }
        publish();
        return report();
    }

    /** To be called before the catalogue gets a dataset's columns; see {@link ReportView}. */
    void columnsChange(String dataset) {
        if (mappings.find(MAPPINGS, dataset).filter(ReportMapping::included).isPresent()) {
            publish();
        }
    }

    private void publish() {
        TableInput view;
        do {
            view = view();
            catalogue.publish(view);
            // somebody may have changed another mapping while we wrote
        } while (!view().equals(view));
    }

    private TableInput view() {
        Map<String, ReportMapping> included = new TreeMap<>(decided());
        included.values().removeIf(mapping -> !mapping.included());
        List<ReportView.Part> parts = new ArrayList<>();
        included.forEach(
                (dataset, mapping) ->
                        store.find(dataset)
                                .ifPresent(d -> parts.add(new ReportView.Part(d, mapping))));
        return ReportView.of(catalogue.database(), parts);
    }

    /** A delivery that is on its way has reserved its columns, and may yet fail. */
    private void checkPublished(ReportMapping mapping) {
        Set<String> published = catalogue.columns(LatestView.nameOf(mapping.dataset()));
        mapping.columns()
                .forEach((field, column) -> checkPublished("columns." + field, column, published));
        if (mapping.channel() instanceof ByColumn by) {
            checkPublished("channel", by.column(), published);
        }
    }

    private static void checkPublished(String field, String column, Set<String> published) {
        if (!published.contains(column)) {
            throw Failure.invalid(
                            field,
                            "No delivery with the column “%s” has been loaded yet."
                                    .formatted(column))
                    .next("Choose it when the delivery that brings it is loaded.")
                    .exception();
        }
    }

    private static void check(ReportMapping mapping, DatasetState dataset) {
        mapping.columns()
                .forEach((field, column) -> check(field, column, dataset, "columns." + field));
        switch (mapping.channel()) {
            case null -> {}
            case Fixed(String name) -> {
                if (name.isBlank()) {
                    throw Failure.invalid("channel", "Name the channel.").exception();
                }
            }
            case ByColumn(String column, Map<String, String> names, String absent) -> {
                if (!channelColumns(dataset).contains(column)) {
                    throw unknown("channel", column);
                }
                if (names.values().stream().anyMatch(String::isBlank)
                        || (absent != null && absent.isBlank())) {
                    throw Failure.invalid("channel", "A value has a channel without a name.")
                            .exception();
                }
            }
        }
        if (mapping.included() && ADDED_UP.stream().noneMatch(mapping.columns()::containsKey)) {
            throw Failure.invalid(
                            "columns",
                            "Nothing of “%s” would be in the report.".formatted(mapping.dataset()))
                    .next(
                            "Choose a column for its impressions, clicks, spend, purchases or"
                                    + " sales.")
                    .exception();
        }
    }

    private static void check(Field field, String name, DatasetState dataset, String at) {
        Column column =
                dataset.columns().stream()
                        .filter(c -> c.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(at, name));
        Optional<Column> twin = twin(column, dataset);
        if (twin.isPresent() && field.kind() != Kind.TEXT) {
            throw Failure.invalid(
                            at,
                            "“%s” is money in a small unit of AMC's, not in units of the currency."
                                    .formatted(name))
                    .next("Choose “%s”, which has been converted.".formatted(twin.get().name()))
                    .exception();
        }
        if (!mayFeed(field, column, dataset)) {
            throw Failure.invalid(
                            at,
                            "“%s” holds %s."
                                    .formatted(
                                            name,
                                            switch (field.kind()) {
                                                case TEXT -> "money";
                                                case COUNT ->
                                                        column.money() == null
                                                                ? "no numbers"
                                                                : "money, and no count";
                                                case MONEY -> "no numbers";
                                            }))
                    .exception();
        }
    }

    private static RuntimeException unknown(String field, String column) {
        return Failure.invalid(field, "The dataset has no column “%s”.".formatted(column))
                .exception();
    }

    private static Map<Field, List<String>> choices(DatasetState dataset) {
        Map<Field, List<String>> choices = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            choices.put(
                    field,
                    dataset.columns().stream()
                            .filter(c -> mayFeed(field, c, dataset))
                            .map(Column::name)
                            .toList());
        }
        return choices;
    }

    static boolean mayFeed(Field field, Column column, DatasetState dataset) {
        return switch (field.kind()) {
            case TEXT -> column.money() == null && !column.type().isNested();
            case COUNT ->
                    isNumber(column) && column.money() == null && twin(column, dataset).isEmpty();
            case MONEY -> isNumber(column) && twin(column, dataset).isEmpty();
        };
    }

    private static boolean isNumber(Column column) {
        return switch (column.type().kind()) {
            case BIGINT, DECIMAL, DOUBLE -> true;
            case UNKNOWN, BOOLEAN, DATE, TIMESTAMP, VARCHAR, ARRAY, ROW -> false;
        };
    }

    /** The column that holds the same in units of the currency. */
    static Optional<Column> twin(Column column, DatasetState dataset) {
        return dataset.columns().stream()
                .filter(c -> c.money() != null && c.money().column().equals(column.name()))
                .findFirst();
    }

    private static List<String> channelColumns(DatasetState dataset) {
        return dataset.columns().stream()
                .filter(c -> c.type().sql().equals("varchar"))
                .map(Column::name)
                .toList();
    }

    private static List<String> texts(ReportView.Part part) {
        return part.mapping().columns().keySet().stream()
                .filter(field -> field.kind() != Kind.TEXT)
                .flatMap(field -> part.column(field).stream())
                .filter(column -> !isNumber(column))
                .map(Column::name)
                .distinct()
                .toList();
    }

    private static List<Overlap> overlaps(
            ReportView.Part part, List<ReportView.Part> parts, Map<String, Set<String>> tenants) {
        List<Overlap> overlaps = new ArrayList<>();
        for (ReportView.Part other : parts) {
            if (other.equals(part) || !other.mapping().included()) {
                continue;
            }
            List<Field> fields =
                    ADDED_UP.stream()
                            .filter(part.mapping().columns()::containsKey)
                            .filter(other.mapping().columns()::containsKey)
                            .toList();
            Set<String> others = tenants.getOrDefault(other.dataset().name(), Set.of());
            List<String> both =
                    tenants.getOrDefault(part.dataset().name(), Set.of()).stream()
                            .filter(others::contains)
                            .sorted()
                            .toList();
            if (!fields.isEmpty()
                    && !both.isEmpty()
                    && !apart(part.mapping().channel(), other.mapping().channel())) {
                overlaps.add(new Overlap(other.dataset().name(), fields, both));
            }
        }
        return overlaps;
    }

    private static boolean apart(@Nullable Channel a, @Nullable Channel b) {
        return a instanceof Fixed(String one)
                && b instanceof Fixed(String other)
                && !one.equalsIgnoreCase(other);
    }
}
