package io.amcinsights.lake;

import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.RulesInForce;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.Tenant;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.PlannedRule;
import io.amcinsights.lake.plan.PlannedRule.Broken;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.store.Sha256;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the rows of the datasets are expected to be like, and who is told where they are not: of a
 * delivery once for each rule that it breaks, of data that has grown too old once until newer data
 * has come.
 */
public final class Rules {

    private static final String RULES = "dataset-rules";

    /** As many digits as the widest type has that we give a column. */
    private static final String DECIMAL = "-?\\d{1,28}(\\.\\d{1,10})?";

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("d MMMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final Records<DatasetRules> rules;
    private final DatasetStore store;
    private final PortionStore portions;
    private final Datasets datasets;
    private final TenantStore tenants;
    private final NoticeBoard notices;
    private final Clock clock;

    public Rules(
            Documents documents,
            DatasetStore store,
            PortionStore portions,
            Datasets datasets,
            TenantStore tenants,
            NoticeBoard notices,
            Clock clock) {
        this.rules = new Records<>(documents, DatasetRules.class);
        this.store = store;
        this.portions = portions;
        this.datasets = datasets;
        this.tenants = tenants;
        this.notices = notices;
        this.clock = clock;
    }

    RulesInForce of(String dataset) {
        String name = datasets.loaded(dataset).name();
        return new RulesInForce(kept(name), newest(name));
    }

    DatasetRules put(DatasetRules changed) {
        DatasetState dataset = datasets.loaded(changed.dataset());
        if (changed.rules().size() > DatasetRules.MOST) {
            throw Failure.invalid(
                            "rules", "A dataset has at most %d rules.".formatted(DatasetRules.MOST))
                    .exception();
        }
        for (int i = 0; i < changed.rules().size(); i++) {
            Rule rule = changed.rules().get(i);
            String field = "rules[%d]".formatted(i);
            check(rule, dataset.columns(), field);
            if (changed.rules().indexOf(rule) < i) {
                throw Failure.invalid(
                                field, "There is this rule already: %s.".formatted(rule.describe()))
                        .exception();
            }
        }
        try {
            return rules.put(RULES, changed.dataset(), changed, changed.version());
        } catch (ConflictException e) {
            throw Failure.of(
                            ErrorCode.CONFLICT,
                            "Somebody else has changed the rules of “%s” meanwhile."
                                    .formatted(changed.dataset()))
                    .next("Look at theirs, then change them again.")
                    .exception();
        }
    }

    private DatasetRules kept(String dataset) {
        return rules.find(RULES, dataset).orElseGet(() -> DatasetRules.none(dataset));
    }

    private static void check(Rule rule, List<Column> columns, String field) {
        switch (rule) {
            case Rule.NotNull(String column) -> column(column, columns, field);
            case Rule.Unique(List<String> names) -> {
                if (names.isEmpty()) {
                    throw Failure.invalid(field, "Choose at least one column that is unique.")
                            .exception();
                }
                if (new HashSet<>(names).size() < names.size()) {
                    throw Failure.invalid(field, "A column is named twice.").exception();
                }
                names.forEach(name -> column(name, columns, field));
            }
            case Rule.Range range -> check(range, column(range.column(), columns, field), field);
            case Rule.Freshness(int hours) -> {
                if (hours < 1) {
                    throw Failure.invalid(field, "Data may be 1 hour old at least.").exception();
                }
            }
        }
    }

    private static Column column(String name, List<Column> columns, String field) {
        return columns.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.invalid(
                                                field,
                                                "The dataset has no column “%s”.".formatted(name))
                                        .exception());
    }

    private static void check(Rule.Range range, Column column, String field) {
        String min = range.min();
        String max = range.max();
        if (min == null && max == null) {
            throw Failure.invalid(
                            field,
                            "Enter the least value of “%s”, the greatest, or both."
                                    .formatted(column.name()))
                    .exception();
        }
        boolean reversed =
                switch (column.type().kind()) {
                    case BIGINT, DECIMAL, DOUBLE -> {
                        BigDecimal least = number(min, column, field);
                        BigDecimal greatest = number(max, column, field);
                        yield least != null && greatest != null && least.compareTo(greatest) > 0;
                    }
                    case DATE, TIMESTAMP -> {
                        LocalDate first = date(min, column, field);
                        LocalDate last = date(max, column, field);
                        yield first != null && last != null && first.isAfter(last);
                    }
                    case UNKNOWN ->
                            throw Failure.invalid(
                                            field,
                                            "“%s” has had no value yet, so nobody knows what it"
                                                            .formatted(column.name())
                                                    + " holds.")
                                    .next("Set its range when a delivery has brought one.")
                                    .exception();
                    case BOOLEAN, VARCHAR, ARRAY, ROW ->
                            throw Failure.invalid(
                                            field,
                                            "“%s” holds %s: only numbers and dates have a range."
                                                    .formatted(
                                                            column.name(),
                                                            column.type().equals(ColumnType.BOOLEAN)
                                                                    ? "true and false"
                                                                    : "text"))
                                    .exception();
                };
        if (reversed) {
            throw Failure.invalid(
                            field,
                            "The least value of “%s”, %s, is greater than the greatest, %s."
                                    .formatted(column.name(), min, max))
                    .exception();
        }
    }

    private static @Nullable BigDecimal number(@Nullable String text, Column column, String field) {
        if (text == null) {
            return null;
        }
        if (!text.matches(DECIMAL)) {
            throw Failure.invalid(
                            field,
                            "“%s” holds numbers, and “%s” is none.".formatted(column.name(), text))
                    .next("Write digits with a point, such as -0.5; at most 10 behind it.")
                    .exception();
        }
        return new BigDecimal(text);
    }

    private static @Nullable LocalDate date(@Nullable String text, Column column, String field) {
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw Failure.invalid(
                            field,
                            "“%s” holds dates, and “%s” is none.".formatted(column.name(), text))
                    .next("Write it as 2026-11-30.")
                    .exception();
        }
    }

    /** As whoever carries out the plan reads them; the age of the data is not his to see. */
    List<PlannedRule> planned(String dataset) {
        List<PlannedRule> planned = new ArrayList<>();
        for (Rule rule : kept(dataset).rules()) {
            switch (rule) {
                case Rule.NotNull(String column) ->
                        planned.add(
                                new PlannedRule(
                                        PlannedRule.Kind.NOT_NULL, List.of(column), null, null));
                case Rule.Unique(List<String> columns) ->
                        planned.add(new PlannedRule(PlannedRule.Kind.UNIQUE, columns, null, null));
                case Rule.Range(String column, String min, String max) ->
                        planned.add(
                                new PlannedRule(PlannedRule.Kind.RANGE, List.of(column), min, max));
                case Rule.Freshness _ -> {}
            }
        }
        return planned;
    }

    /** What whoever carried out the plan tells of its rules. */
    static List<Quality.Check> checks(List<PlannedRule> planned, List<Broken> broken) {
        List<Quality.Check> checks = new ArrayList<>();
        // one that knows nothing of rules tells nothing of them
        for (int i = 0; i < Math.min(planned.size(), broken.size()); i++) {
            Broken of = broken.get(i);
            checks.add(
                    new Quality.Check(
                            rule(planned.get(i)),
                            of.rows(),
                            of.examples().stream()
                                    .map(e -> new Quality.Example(e.row(), e.value()))
                                    .toList()));
        }
        return checks;
    }

    private static Rule rule(PlannedRule planned) {
        return switch (planned.kind()) {
            case NOT_NULL -> new Rule.NotNull(planned.columns().getFirst());
            case UNIQUE -> new Rule.Unique(planned.columns());
            case RANGE ->
                    new Rule.Range(planned.columns().getFirst(), planned.min(), planned.max());
        };
    }

    /** Tells of the rules that a delivery breaks. */
    void tell(Delivery delivery) {
        Quality quality = delivery.quality();
        if (quality == null) {
            return;
        }
        for (Quality.Check check : quality.breaches()) {
            String rule = check.rule().describe();
            notices.bad(
                    new NoticeBoard.About(
                            Notice.Kind.DELIVERY,
                            delivery.deliveryId(),
                            "rule/%s/%s".formatted(delivery.deliveryId(), id(check.rule())),
                            delivery.tenantId(),
                            delivery.workflowId()),
                    "A delivery of %s breaks a rule: %s".formatted(delivery.workflowId(), rule),
                    Failure.of(
                                    ErrorCode.BAD_DELIVERY,
                                    "The dataset %s expects that %s. %d of the %d rows that were loaded %s this, such as row %d of the file: %s."
                                            .formatted(
                                                    delivery.dataset(),
                                                    rule,
                                                    check.rows(),
                                                    delivery.rows(),
                                                    check.rows() == 1 ? "breaks" : "break",
                                                    check.examples().getFirst().row(),
                                                    check.examples().getFirst().value()))
                            .next(
                                    "The delivery's page has more of them. Correct the workflow and"
                                            + " run it again, or change the rule."));
        }
    }

    /** Tells of the data that has grown too old. */
    void tellStale() {
        Instant now = clock.instant();
        for (DatasetState dataset : store.all()) {
            for (Rule rule : kept(dataset.name()).rules()) {
                if (rule instanceof Rule.Freshness freshness) {
                    newest(dataset.name())
                            .forEach(
                                    (tenantId, newest) -> {
                                        if (freshness.isBroken(newest, now)) {
                                            tellStale(dataset, tenantId, freshness, newest);
                                        }
                                    });
                }
            }
        }
    }

    /** The occasion is the newest data: when newer has come and grown old it is another. */
    private void tellStale(
            DatasetState dataset, String tenantId, Rule.Freshness freshness, Instant newest) {
        notices.bad(
                new NoticeBoard.About(
                        Notice.Kind.DATASET,
                        dataset.name(),
                        "stale/%s/%s/%d/%s"
                                .formatted(dataset.name(), tenantId, freshness.hours(), newest),
                        tenantId,
                        dataset.workflowId()),
                "The data of %s in %s is too old".formatted(tenantId, dataset.name()),
                Failure.of(
                                ErrorCode.BAD_DELIVERY,
                                "A rule says that %s. The newest of %s is of %s."
                                        .formatted(
                                                freshness.describe(),
                                                tenantId,
                                                MINUTE.format(newest)))
                        .next(
                                "See whether the schedules of %s still run, and whether AMC"
                                                .formatted(dataset.workflowId())
                                        + " delivers their results."));
    }

    /** What the age of each active tenant's data counts from. */
    private Map<String, Instant> newest(String dataset) {
        List<String> active =
                tenants.all().stream()
                        .filter(t -> t.status() == Tenant.Status.ACTIVE)
                        .map(Tenant::tenantId)
                        .toList();
        Map<String, Instant> newest = new TreeMap<>();
        portions.byTenant(dataset)
                .forEach(
                        (tenantId, total) -> {
                            Instant from =
                                    total.dataUntil() == null
                                            ? total.deliveredAt()
                                            : total.dataUntil();
                            if (from != null && active.contains(tenantId)) {
                                newest.put(tenantId, from);
                            }
                        });
        return newest;
    }

    private static String id(Rule rule) {
        return Sha256.hex(Json.write(rule)).substring(0, 16);
    }
}
