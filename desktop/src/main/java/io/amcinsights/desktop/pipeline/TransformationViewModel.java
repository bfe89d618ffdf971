package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.LakeRequest.GetTransformation;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.LakeRequest.TransformationInUse;
import io.amcinsights.contract.LakeRequest.Trial;
import io.amcinsights.contract.LakeRequest.TryTransformation;
import io.amcinsights.contract.Transformation;
import io.amcinsights.contract.Transformation.Version;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.sql.Completion;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is made of the rows of one dataset: its state beside the dataset, and a page to write, try,
 * keep and switch it. What is typed stays, for each dataset, until it is kept.
 */
final class TransformationViewModel {

    private static final Messages MESSAGES = Messages.of(TransformationViewModel.class);
    private static final Pattern LINE = Pattern.compile("(?s)Line (\\d+): (.*)");
    private static final String FIRST = "SELECT *\nFROM input";

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;

    private final ReadOnlyBooleanWrapper shown = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable TransformationInUse> inUse =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Trial> trial = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Version> version = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Delivery> sample = new SimpleObjectProperty<>();
    private final StringProperty sql = new SimpleStringProperty("");
    private final Map<String, String> drafts = new HashMap<>();
    private @Nullable Dataset dataset;

    TransformationViewModel(Backend backend, Tasks tasks, Toasts toasts) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        version.subscribe(
                now -> {
                    if (now != null) {
                        sql.set(now.sql());
                    }
                });
        sql.subscribe(
                () -> {
                    trial.set(null);
                    refused.set(null);
                });
    }

    /** Follows the dataset that is looked at; null where none is. */
    void look(@Nullable Dataset now) {
        boolean another = now == null || dataset == null || !now.name().equals(dataset.name());
        if (!another || shown.get()) {
            return;
        }
        dataset = now;
        inUse.set(null);
        refused.set(null);
        if (now != null && now.filteredOf() == null && now.deliveries() > 0) {
            ask(now.name());
        }
    }

    private void ask(String name) {
        state.set(ViewState.LOADING);
        tasks.run(() -> backend.call(new GetTransformation(name)))
                .onSuccess(
                        now -> {
                            if (isOf(name)) {
                                inUse.set(now);
                                state.set(ViewState.CONTENT);
                                open(now);
                            }
                        })
                .onFailure(problem -> state.set(ViewState.retried(problem, state, () -> ask(name))))
                .start();
    }

    private boolean isOf(String name) {
        return dataset != null && dataset.name().equals(name);
    }

    private void open(TransformationInUse now) {
        Transformation transformation = now.transformation();
        version.set(null);
        version.set(transformation.inForce().or(transformation::newest).orElse(null));
        if (version.get() == null) {
            sql.set(FIRST);
        }
        String draft = drafts.get(transformation.dataset());
        if (draft != null) {
            sql.set(draft);
        }
        sample.set(now.samples().isEmpty() ? null : now.samples().getFirst());
    }

    /** Opens the page of the dataset that is looked at. */
    void show() {
        shown.set(true);
    }

    /** Closes the page; what was typed and not kept is there again when it is opened again. */
    void hide() {
        if (!shown.get()) {
            return;
        }
        Dataset now = dataset;
        if (now != null) {
            if (isChanged()) {
                drafts.put(now.name(), sql.get());
            } else {
                drafts.remove(now.name());
            }
        }
        shown.set(false);
    }

    /** Whether the SQL is other than that of the version. */
    boolean isChanged() {
        Version now = version.get();
        return !sql.get().equals(now == null ? FIRST : now.sql());
    }

    /** Tries the SQL on the delivery that is chosen. */
    void tryIt() {
        Delivery on = sample.get();
        String text = sql.get();
        begin(
                name ->
                        () ->
                                backend.call(
                                        new TryTransformation(
                                                name, text, on == null ? null : on.deliveryId())),
                tried -> {
                    if (text.equals(sql.get())) {
                        trial.set(tried);
                    }
                });
    }

    /** Keeps the SQL as a new version. */
    void save() {
        String text = sql.get();
        change(
                (name, seen) -> new PutTransformation(name, text, seen.version()),
                now -> {
                    drafts.remove(now.dataset());
                    version.set(now.newest().orElse(null));
                    toasts.done(
                            MESSAGES.text(
                                    "transformation.saved",
                                    now.newest().map(Version::number).orElse(0)));
                });
    }

    /** Puts the version that is chosen in force. */
    void putInForce() {
        Version chosen = version.get();
        if (chosen != null) {
            change(
                    (name, seen) -> new SwitchTransformation(name, chosen.number(), seen.version()),
                    now -> toasts.done(MESSAGES.text("transformation.inForce", chosen.number())));
        }
    }

    /** Lets rows be loaded as they are. */
    void switchOff() {
        change(
                (name, seen) -> new SwitchTransformation(name, 0, seen.version()),
                now -> toasts.done(MESSAGES.text("transformation.off")));
    }

    private interface Change {
        LakeRequest<Transformation> of(String name, Transformation seen);
    }

    private void change(Change change, Consumer<Transformation> then) {
        TransformationInUse seen = inUse.get();
        if (seen == null) {
            return;
        }
        begin(
                name -> () -> backend.call(change.of(name, seen.transformation())),
                now -> {
                    inUse.set(new TransformationInUse(now, seen.input(), seen.samples()));
                    then.accept(now);
                });
    }

    private interface Call<T> {
        Supplier<T> on(String dataset);
    }

    private <T> void begin(Call<T> call, Consumer<T> then) {
        Dataset of = dataset;
        if (of == null || busy.get()) {
            return;
        }
        busy.set(true);
        refused.set(null);
        Supplier<T> asked = call.on(of.name());
        tasks.run(asked::get)
                .onSuccess(
                        now -> {
                            if (isOf(of.name())) {
                                then.accept(now);
                            }
                        })
                .onFailure(
                        problem -> {
                            trial.set(null);
                            refused.set(problem);
                        })
                .andFinally(() -> busy.set(false))
                .start();
    }

    /** The line of the SQL that a problem is in, to be underlined; none where it does not say. */
    List<io.amcinsights.sql.Problem> refusedLine(@Nullable Problem problem) {
        Matcher told = LINE.matcher(problem == null ? "" : problem.message());
        List<String> lines = sql.get().lines().toList();
        if (problem == null || !told.matches()) {
            return List.of();
        }
        int line = Integer.parseInt(told.group(1));
        return line > lines.size()
                ? List.of()
                : List.of(
                        new io.amcinsights.sql.Problem(
                                line,
                                1,
                                line,
                                lines.get(line - 1).length() + 1,
                                io.amcinsights.sql.Problem.Severity.ERROR,
                                told.group(2)));
    }

    /** The columns of {@code input} and its name that begin like the word at an offset. */
    List<Completion> complete(String text, int offset) {
        int start = offset;
        while (start > 0 && isPart(text.charAt(start - 1))) {
            start--;
        }
        String begun = text.substring(start, offset).toLowerCase(Locale.ROOT);
        List<Completion> found = new ArrayList<>();
        TransformationInUse now = inUse.get();
        if (now != null && !begun.isEmpty()) {
            for (Dataset.Column column : now.input()) {
                if (column.name().startsWith(begun)) {
                    found.add(
                            new Completion(
                                    column.name(), start, Completion.Kind.COLUMN, column.type()));
                }
            }
            if ("input".startsWith(begun)) {
                found.add(
                        new Completion(
                                "input",
                                start,
                                Completion.Kind.TABLE,
                                MESSAGES.text("transformation.input")));
            }
        }
        return found;
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    Tasks tasks() {
        return tasks;
    }

    @Nullable Dataset dataset() {
        return dataset;
    }

    ReadOnlyBooleanProperty shownProperty() {
        return shown.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Null while it is not known. */
    ReadOnlyObjectProperty<@Nullable TransformationInUse> inUseProperty() {
        return inUse.getReadOnlyProperty();
    }

    /** What the newest trial of this SQL made; null where there was none. */
    ReadOnlyObjectProperty<@Nullable Trial> trialProperty() {
        return trial.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** The version that the SQL began with; null where there is none yet. */
    ObjectProperty<@Nullable Version> versionProperty() {
        return version;
    }

    /** The delivery to try it on. */
    ObjectProperty<@Nullable Delivery> sampleProperty() {
        return sample;
    }

    StringProperty sqlProperty() {
        return sql;
    }
}
