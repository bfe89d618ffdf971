package io.amcinsights.lake;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.amc.AmcExecution;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.Transformation;
import io.amcinsights.lake.Portion.DataFile;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.lake.plan.MoneyUnit;
import io.amcinsights.lake.plan.PlannedRule;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.TransformPlan;
import io.amcinsights.lake.plan.TransformPlan.CustomSql;
import io.amcinsights.lake.plan.TransformPlan.Lookup;
import io.amcinsights.lake.plan.TransformPlan.Move;
import io.amcinsights.lake.plan.TransformPlan.Provenance;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.model.S3Exception;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a delivery and decides how it becomes Parquet. */
public final class Planning {

    /** Whoever reads more than so many bytes of others should join them when he asks. */
    private static final long MOST_LOOKED_UP = 500L << 20;

    /**
     * A delivered file, once it is known.
     *
     * @param dropped what it is, if somebody has dropped it
     * @param file what it is, if AMC has delivered it
     * @param execution that it is the result of, as far as AMC tells
     * @param source key of its copy
     * @param units of its columns, in their order; null for those that are no money
     */
    record Read(
            Delivery delivery,
            Optional<RawFile> dropped,
            Optional<ResultFile> file,
            Optional<AmcExecution> execution,
            String source,
            SourceFormat format,
            Inspection inspection,
            List<@Nullable MoneyUnit> units,
            Provenance provenance) {}

    private final TenantStore tenants;
    private final DatasetStore datasets;
    private final RawDatasets raw;
    private final PortionStore portions;
    private final Origin origin;
    private final LakeFiles files;
    private final Rules rules;
    private final TransformationStore transformations;

    public Planning(
            TenantStore tenants,
            DatasetStore datasets,
            RawDatasets raw,
            PortionStore portions,
            Origin origin,
            LakeFiles files,
            Rules rules,
            TransformationStore transformations) {
        this.tenants = tenants;
        this.datasets = datasets;
        this.raw = raw;
        this.portions = portions;
        this.origin = origin;
        this.files = files;
        this.rules = rules;
        this.transformations = transformations;
    }

    /** Copies the file into the lake and looks through all of it. */
    Read read(Delivery delivery) {
        Tenant tenant = tenants.get(Objects.requireNonNull(delivery.tenantId()));
        Optional<RawFile> dropped = raw.file(delivery.bucket(), delivery.key());
        Optional<ResultFile> file =
                dropped.isPresent() ? Optional.empty() : ResultFile.of(delivery.key());
        Optional<AmcExecution> execution = file.flatMap(f -> origin.find(tenant, delivery, f));
        String source = copy(delivery);
        SourceFormat format = RawDatasets.format(dropped);
        Inspection inspection = files.inspect(source, format, dataTypes(execution));
        List<@Nullable MoneyUnit> units = units(inspection, execution);
        if (dropped.isPresent()) {
            units.replaceAll(unit -> null); // nobody says what these amounts count
        }
        Provenance provenance =
                new Provenance(
                        tenant.tenantId(),
                        file.map(f -> f.month(delivery.seenAt()))
                                .orElseGet(() -> YearMonth.from(utc(delivery.seenAt())).toString()),
                        execution.flatMap(e -> origin.runOf(tenant, e)).orElse(null),
                        execution.map(Planning::parameters).orElse(null),
                        execution.map(AmcExecution::windowStart).orElse(null),
                        execution.map(AmcExecution::windowEnd).orElse(null),
                        delivery.seenAt());
        return new Read(
                delivery, dropped, file, execution, source, format, inspection, units, provenance);
    }

    /** Makes room for the rows in their dataset, and plans how they get there. */
    TransformPlan plan(Read read) {
        Inspection inspection = read.inspection();
        DatasetState named = reserve(read, List.of(), List.of(), List.of());
        Transformation.Version version = transformations.of(named.name()).inForce().orElse(null);
        List<ColumnType> types = types(inspection, read.execution());
        if (version == null) {
            DatasetState dataset = reserve(read, inspection.header(), types, read.units());
            List<Column> columns = Layout.ofFile(dataset.columns(), inspection.header());
            return plan(
                    read,
                    dataset,
                    dataset.columns(),
                    filtered(dataset, columns, read.delivery()),
                    portions.moves(dataset),
                    rules.planned(dataset.name()),
                    null);
        }
        List<Column> input =
                datasets.reserveInput(named.name(), inspection.header(), types, read.units());
        return plan(
                read,
                named,
                input,
                filtered(named, null, read.delivery()),
                portions.moves(named),
                rules.planned(named.name()),
                new CustomSql(
                        version.number(),
                        version.sql(),
                        input,
                        lookups(version.reads(), named.name(), read.provenance().tenantId())));
    }

    /** Plans a trial of a transformation, which leaves everything as it is. */
    TransformPlan trial(Read read, DatasetState dataset, String sql, List<String> reads) {
        List<Column> input =
                datasets.input(
                        dataset.name(),
                        read.inspection().header(),
                        types(read.inspection(), read.execution()),
                        read.units());
        return plan(
                read,
                dataset,
                input,
                null,
                List.of(),
                List.of(),
                new CustomSql(
                        0,
                        sql,
                        input,
                        lookups(reads, dataset.name(), read.provenance().tenantId())));
    }

    /**
     * @param known columns that the file's are among
     */
    private static TransformPlan plan(
            Read read,
            DatasetState dataset,
            List<Column> known,
            TransformPlan.@Nullable Filtered filtered,
            List<Move> moves,
            List<PlannedRule> planned,
            @Nullable CustomSql transformation) {
        Inspection inspection = read.inspection();
        String deliveryId = read.delivery().deliveryId();
        return new TransformPlan(
                deliveryId,
                read.source(),
                LakeFiles.rowsKey(deliveryId),
                inspection.rows(),
                read.format(),
                inspection.dialect(),
                Layout.ofFile(known, inspection.header()),
                Layout.converted(known, inspection.header(), read.units()),
                read.provenance(),
                dataset.name(),
                dataset.generation(),
                dataset.columns(),
                filtered,
                moves,
                planned,
                transformation);
    }

    private DatasetState reserve(
            Read read,
            List<String> header,
            List<ColumnType> types,
            List<@Nullable MoneyUnit> units) {
        return read.dropped()
                .map(d -> datasets.reserveDropped(d.dataset(), header, types))
                .orElseGet(
                        () ->
                                datasets.reserve(
                                        read.file().orElseThrow().workflowId(),
                                        header,
                                        types,
                                        units));
    }

    private List<Lookup> lookups(List<String> names, String own, String tenantId) {
        List<Lookup> lookups = new ArrayList<>();
        for (String name : names) {
            if (name.equals(own)) {
                throw unusable(
                        "“%s” is the dataset itself; its new rows are in the table %s."
                                .formatted(name, CustomSql.INPUT));
            }
            DatasetState dataset =
                    datasets.find(name)
                            .filter(d -> !d.columns().isEmpty())
                            .orElseThrow(
                                    () ->
                                            unusable(
                                                    "There is no dataset “%s”, or nothing was ever loaded into it."
                                                            .formatted(name)));
            List<String> keys = new ArrayList<>();
            long bytes = 0;
            for (Portion portion : portions.all(name, tenantId)) {
                for (DataFile file : portion.settled()) {
                    keys.add(portion.key(name, file.name()));
                    bytes += file.bytes();
                }
            }
            if (bytes > MOST_LOOKED_UP) {
                throw unusable(
                        "The dataset “%s” has more than %d MB of this tenant."
                                .formatted(name, MOST_LOOKED_UP >> 20));
            }
            lookups.add(new Lookup(name, dataset.columns(), keys));
        }
        return lookups;
    }

    private static FailureException unusable(String message) {
        return Failure.invalid("sql", message)
                .next(
                        "A transformation reads %s and smaller datasets of the same tenant; join larger ones when you query."
                                .formatted(CustomSql.INPUT))
                .exception();
    }

    /**
     * What the settings say of rows whose values AMC has hidden; null where no column tells.
     *
     * @param columns of the rows; null where that is not known yet
     */
    private TransformPlan.@Nullable Filtered filtered(
            DatasetState dataset, @Nullable List<Column> columns, Delivery delivery) {
        DatasetSettings settings = datasets.settings(dataset.name());
        if (columns != null
                && columns.stream().noneMatch(c -> c.name().equals(settings.flagColumn()))) {
            return null;
        }
        TransformPlan.Separate separate = null;
        if (settings.filteredRows() == DatasetSettings.FilteredRows.SEPARATE) {
            DatasetState apart = datasets.reserveFiltered(dataset);
            separate =
                    new TransformPlan.Separate(
                            apart.name(),
                            LakeFiles.filteredKey(delivery.deliveryId()),
                            apart.generation(),
                            portions.moves(apart));
        }
        return new TransformPlan.Filtered(
                settings.flagColumn(),
                settings.filteredRows() == DatasetSettings.FilteredRows.KEEP,
                separate);
    }

    /** By name, so that equal parameters are equal texts. */
    private static @Nullable String parameters(AmcExecution execution) {
        Map<String, JsonNode> byName = new TreeMap<>();
        execution.parameters().properties().forEach(p -> byName.put(p.getKey(), p.getValue()));
        return byName.isEmpty() ? null : Json.write(byName);
    }

    private String copy(Delivery delivery) {
        String key = LakeFiles.copyKey(delivery.deliveryId());
        try {
            files.copy(delivery.bucket(), delivery.key(), delivery.etag(), key);
            return key;
        } catch (S3Exception e) {
            throw refusal(e, delivery);
        }
    }

    static RuntimeException refusal(S3Exception e, Delivery delivery) {
        return switch (e.statusCode()) {
            case 403 ->
                    unreadable(
                            "We may not read the bucket “%s”.".formatted(delivery.bucket()),
                            "Its owner must allow s3:GetObject to the role of this"
                                    + " installation's functions, then load the delivery again.",
                            ErrorCode.BUCKET_ACCESS);
            case 404, 412 -> gone();
            default -> e;
        };
    }

    static FailureException gone() {
        return unreadable(
                "The file was deleted or replaced before it could be loaded.",
                "If it was replaced, the newer file is a delivery of its own.",
                ErrorCode.BAD_DELIVERY);
    }

    private static FailureException unreadable(String message, String next, ErrorCode code) {
        return Failure.of(code, message).next(next).exception();
    }

    /** What AMC says of a column, as far as all values keep to it. */
    private static List<ColumnType> types(Inspection inspection, Optional<AmcExecution> execution) {
        Map<String, ColumnType> told = told(execution);
        List<ColumnType> types = new ArrayList<>();
        for (int i = 0; i < inspection.header().size(); i++) {
            types.add(
                    told.getOrDefault(inspection.header().get(i), ColumnType.UNKNOWN)
                            .widen(inspection.types().get(i)));
        }
        return types;
    }

    /** By the type that AMC tells, for a sum may be whole by chance. */
    private static List<@Nullable MoneyUnit> units(
            Inspection inspection, Optional<AmcExecution> execution) {
        Map<String, ColumnType> told = told(execution);
        String sql = execution.map(AmcExecution::sql).orElse(null);
        List<@Nullable MoneyUnit> units = new ArrayList<>();
        for (int i = 0; i < inspection.header().size(); i++) {
            String name = inspection.header().get(i);
            units.add(MoneyUnit.of(name, told.getOrDefault(name, inspection.types().get(i)), sql));
        }
        return units;
    }

    private static Map<String, ColumnType> told(Optional<AmcExecution> execution) {
        Map<String, ColumnType> told = new HashMap<>();
        execution
                .map(AmcExecution::columns)
                .orElse(List.of())
                .forEach(c -> told.put(c.name(), ColumnType.ofAmc(c.dataType(), c.scale())));
        return told;
    }

    /** What AMC says that the columns are, in its own words. */
    private static Map<String, String> dataTypes(Optional<AmcExecution> execution) {
        Map<String, String> told = new HashMap<>();
        execution
                .map(AmcExecution::columns)
                .orElse(List.of())
                .forEach(c -> told.put(c.name(), c.dataType()));
        return told;
    }

    private static LocalDate utc(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
