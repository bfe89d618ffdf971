package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.LakeRequest.GetDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.RulesInForce;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Format;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.Tone;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the rows of one dataset are expected to be like, and whether they are. */
final class RulesViewModel {

    /** Which rule is added or edited. */
    enum Kind {
        NOT_NULL,
        UNIQUE,
        RANGE,
        FRESHNESS
    }

    /**
     * A rule with its state.
     *
     * @param tone of the state; waiting where nothing was checked yet
     */
    record Line(Rule rule, Tone tone, String state, String explained) {}

    private record Asked(RulesInForce rules, Map<String, String> tenants) {}

    private static final Messages MESSAGES = Messages.of(RulesViewModel.class);
    private static final int HOURS_OF_A_DAY = 24;

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Clock clock;

    private final ObservableList<Line> lines = FXCollections.observableArrayList();
    private final ObservableList<Line> shownLines = FXCollections.unmodifiableObservableList(lines);
    private final ReadOnlyObjectWrapper<@Nullable DatasetRules> rules =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper entering = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<Kind> kind = new SimpleObjectProperty<>(Kind.NOT_NULL);
    private final ObjectProperty<@Nullable String> column = new SimpleObjectProperty<>();
    private final ObservableList<String> together = FXCollections.observableArrayList();
    private final StringProperty min = new SimpleStringProperty("");
    private final StringProperty max = new SimpleStringProperty("");
    private final StringProperty hours = new SimpleStringProperty("");
    private @Nullable Dataset dataset;
    private @Nullable Asked asked;
    private @Nullable Rule edited;

    RulesViewModel(Backend backend, Tasks tasks, Toasts toasts, Clock clock) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.clock = clock;
        kind.subscribe(() -> refused.set(null));
        column.subscribe(() -> refused.set(null));
    }

    /** Follows the dataset that is looked at; null where none is. */
    void look(@Nullable Dataset now) {
        boolean another = now == null || dataset == null || !now.name().equals(dataset.name());
        dataset = now;
        if (another) {
            asked = null;
            rules.set(null);
            refused.set(null);
            entering.set(false);
            lines.clear();
            if (now != null && now.filteredOf() == null) {
                ask(now.name());
            }
        } else {
            showLines();
        }
    }

    private void ask(String name) {
        tasks.run(
                        () -> {
                            Map<String, String> tenants = new HashMap<>();
                            backend.call(new ListTenants())
                                    .tenants()
                                    .forEach(t -> tenants.put(t.tenantId(), t.name()));
                            return new Asked(backend.call(new GetDatasetRules(name)), tenants);
                        })
                .onSuccess(
                        now -> {
                            if (dataset != null && dataset.name().equals(name)) {
                                asked = now;
                                rules.set(now.rules().rules());
                                showLines();
                            }
                        })
                .onFailure(refused::set)
                .start();
    }

    private void showLines() {
        DatasetRules now = rules.get();
        List<Line> made = new ArrayList<>();
        if (now != null) {
            now.rules().forEach(rule -> made.add(line(rule)));
        }
        if (!lines.equals(made)) {
            lines.setAll(made);
        }
    }

    private Line line(Rule rule) {
        return rule instanceof Rule.Freshness freshness ? fresh(freshness) : checked(rule);
    }

    private Line checked(Rule rule) {
        Quality.Total quality = dataset == null ? null : dataset.quality();
        Quality.RuleTotal total = quality == null ? null : quality.of(rule).orElse(null);
        if (total == null) {
            return unknown(rule);
        }
        String deliveries = Format.number(total.deliveries());
        if (total.broken() == 0) {
            return new Line(
                    rule,
                    Tone.SUCCEEDED,
                    MESSAGES.text("rule.holds"),
                    MESSAGES.text("rule.holds.in", total.deliveries(), deliveries));
        }
        Instant since = total.since();
        String broken =
                MESSAGES.text(
                        "rule.broken.in",
                        total.broken(),
                        deliveries,
                        total.rows(),
                        Format.number(total.rows()));
        return new Line(
                rule,
                Tone.FAILED,
                MESSAGES.text("rule.broken"),
                since == null
                        ? broken
                        : MESSAGES.text("rule.since", broken, Format.absolute(since)));
    }

    private Line fresh(Rule.Freshness rule) {
        Asked now = asked;
        if (now == null || now.rules().newest().isEmpty()) {
            return unknown(rule);
        }
        List<String> old = new ArrayList<>();
        now.rules()
                .newest()
                .forEach(
                        (tenantId, newest) -> {
                            if (rule.isBroken(newest, clock.instant())) {
                                old.add(
                                        MESSAGES.text(
                                                "rule.old",
                                                now.tenants().getOrDefault(tenantId, tenantId),
                                                Format.absolute(newest)));
                            }
                        });
        return old.isEmpty()
                ? new Line(
                        rule,
                        Tone.SUCCEEDED,
                        MESSAGES.text("rule.holds"),
                        MESSAGES.text("rule.fresh", now.rules().newest().size()))
                : new Line(rule, Tone.FAILED, MESSAGES.text("rule.broken"), String.join("\n", old));
    }

    private static Line unknown(Rule rule) {
        return new Line(
                rule,
                Tone.WAITING,
                MESSAGES.text("rule.unchecked"),
                MESSAGES.text("rule.unchecked.next"));
    }

    /** The columns that a rule may be of; a range only of numbers and dates. */
    List<String> columns(Kind of) {
        Dataset now = dataset;
        return now == null
                ? List.of()
                : now.columns().stream()
                        .filter(RulesViewModel::isOfFile)
                        .filter(c -> of != Kind.RANGE || hasRange(c))
                        .map(Dataset.Column::name)
                        .toList();
    }

    /** Not one of our own about where a row comes from. */
    private static boolean isOfFile(Dataset.Column column) {
        return !column.source().isEmpty() || column.name().endsWith("_in_currency");
    }

    private static boolean hasRange(Dataset.Column column) {
        return column.type().startsWith("decimal")
                || List.of("bigint", "double", "date", "timestamp").contains(column.type());
    }

    boolean isOfDates() {
        Dataset now = dataset;
        return now != null
                && now.columns().stream()
                        .filter(c -> c.name().equals(column.get()))
                        .anyMatch(c -> c.type().equals("date") || c.type().equals("timestamp"));
    }

    /** Begins to enter a rule. */
    void add() {
        clear(null);
        kind.set(Kind.NOT_NULL);
        entering.set(true);
    }

    /** Begins to change a rule. */
    void edit(Rule rule) {
        clear(rule);
        switch (rule) {
            case Rule.NotNull(String name) -> {
                column.set(name);
                kind.set(Kind.NOT_NULL);
            }
            case Rule.Unique(List<String> names) -> {
                together.setAll(names);
                kind.set(Kind.UNIQUE);
            }
            case Rule.Range(String name, String least, String greatest) -> {
                column.set(name);
                min.set(Objects.requireNonNullElse(least, ""));
                max.set(Objects.requireNonNullElse(greatest, ""));
                kind.set(Kind.RANGE);
            }
            case Rule.Freshness(int age) -> {
                hours.set(String.valueOf(age));
                kind.set(Kind.FRESHNESS);
            }
        }
        entering.set(true);
    }

    private void clear(@Nullable Rule rule) {
        edited = rule;
        refused.set(null);
        column.set(null);
        together.clear();
        min.set("");
        max.set("");
        hours.set(String.valueOf(2 * HOURS_OF_A_DAY));
    }

    void cancel() {
        entering.set(false);
        refused.set(null);
    }

    boolean isNew() {
        return edited == null;
    }

    /** Keeps what was entered. */
    void save() {
        DatasetRules now = rules.get();
        if (now == null) {
            return;
        }
        Rule entered;
        try {
            entered = entered();
        } catch (IllegalArgumentException e) {
            refused.set(
                    Problem.of(
                            MESSAGES.text("rule.incomplete"),
                            String.valueOf(e.getMessage()),
                            null));
            return;
        }
        List<Rule> changed = new ArrayList<>(now.rules());
        int at = edited == null ? -1 : changed.indexOf(edited);
        if (at < 0) {
            changed.add(entered);
        } else {
            changed.set(at, entered);
        }
        put(now, changed);
    }

    private Rule entered() {
        return switch (kind.get()) {
            case NOT_NULL -> new Rule.NotNull(chosenColumn());
            case UNIQUE -> new Rule.Unique(together);
            case RANGE -> new Rule.Range(chosenColumn(), bound(min), bound(max));
            case FRESHNESS -> {
                try {
                    yield new Rule.Freshness(Integer.parseInt(hours.get().strip()));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(MESSAGES.text("rule.hours.wrong"), e);
                }
            }
        };
    }

    private String chosenColumn() {
        String chosen = column.get();
        if (chosen == null) {
            throw new IllegalArgumentException(MESSAGES.text("rule.column.missing"));
        }
        return chosen;
    }

    private static @Nullable String bound(StringProperty text) {
        String entered = text.get().strip();
        return entered.isEmpty() ? null : entered;
    }

    void remove(Rule rule) {
        DatasetRules now = rules.get();
        if (now != null) {
            put(now, now.rules().stream().filter(r -> !r.equals(rule)).toList());
        }
    }

    private void put(DatasetRules now, List<Rule> changed) {
        busy.set(true);
        refused.set(null);
        tasks.run(
                        () ->
                                backend.call(
                                        new PutDatasetRules(
                                                new DatasetRules(
                                                        now.dataset(), changed, now.version()))))
                .onSuccess(
                        saved -> {
                            if (dataset != null && dataset.name().equals(saved.dataset())) {
                                rules.set(saved);
                                entering.set(false);
                                showLines();
                            }
                            toasts.done(MESSAGES.text("rules.saved"));
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    ObservableList<Line> lines() {
        return shownLines;
    }

    /** The rules as they are kept; null while they are not known, or are another dataset's. */
    ReadOnlyObjectProperty<@Nullable DatasetRules> rulesProperty() {
        return rules.getReadOnlyProperty();
    }

    /** Whether a rule is being entered. */
    ReadOnlyBooleanProperty enteringProperty() {
        return entering.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    ObjectProperty<Kind> kindProperty() {
        return kind;
    }

    ObjectProperty<@Nullable String> columnProperty() {
        return column;
    }

    /** The columns that are unique together. */
    ObservableList<String> together() {
        return together;
    }

    StringProperty minProperty() {
        return min;
    }

    StringProperty maxProperty() {
        return max;
    }

    StringProperty hoursProperty() {
        return hours;
    }
}
