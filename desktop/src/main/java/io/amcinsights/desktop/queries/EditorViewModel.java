package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.sql.athena.AthenaSql;
import io.amcinsights.sql.athena.Statement;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One editor: its title, its SQL, and the result of what was run last. */
public final class EditorViewModel {

    private static final Messages MESSAGES = Messages.of(EditorViewModel.class);

    private final StringProperty title;
    private final StringProperty sql;
    private final ObjectProperty<Reuse> reuse;
    private final ReadOnlyObjectWrapper<List<io.amcinsights.sql.Problem>> refused =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ResultViewModel result;

    /** What was run last: the statement, and the text around it at that time. */
    private record Ran(Statement statement, String text) {}

    private @Nullable Ran ran;

    /**
     * @param result makes the result, given what hears of a query's end
     */
    EditorViewModel(
            String title,
            String sql,
            Reuse reuse,
            Function<Consumer<Athena.Query>, ResultViewModel> result,
            Consumer<Athena.Query> onEnd) {
        this.title = new SimpleStringProperty(title);
        this.sql = new SimpleStringProperty(sql);
        this.reuse = new SimpleObjectProperty<>(reuse);
        this.result =
                result.apply(
                        query -> {
                            showRefused(query);
                            onEnd.accept(query);
                        });
    }

    /**
     * Runs the statement under the caret, or the one that is selected.
     *
     * @param caret offset in the SQL
     * @param selectionStart offset of what is selected
     * @param selected the selected text; empty where nothing is
     */
    void run(int caret, int selectionStart, String selected) {
        if (result.phaseProperty().get().under()) {
            return;
        }
        String text = sql.get();
        List<Statement> chosen =
                selected.isBlank()
                        ? AthenaSql.statementAt(text, caret).stream().toList()
                        : within(text, selectionStart, selectionStart + selected.length());
        if (chosen.size() == 1) {
            run(chosen.getFirst());
            return;
        }
        String which = chosen.isEmpty() ? "none" : "several";
        result.refuse(
                Problem.of(
                        MESSAGES.text("statement." + which + ".title"),
                        MESSAGES.text("statement." + which + ".message"),
                        MESSAGES.text("statement." + which + ".next")));
    }

    /** Runs the only statement, or the first of several. */
    void runFirst() {
        run(0, 0, "");
    }

    /** The statements of a part of a text, at their places in the whole of it. */
    private static List<Statement> within(String text, int start, int end) {
        // White space in place of what is not selected keeps every line and column.
        String rest = text.substring(0, start).replaceAll("[^\\n]", " ");
        return AthenaSql.statements(rest + text.substring(start, end));
    }

    private void run(Statement statement) {
        ran = new Ran(statement, sql.get());
        refused.set(List.of());
        result.run(statement, reuse.get());
    }

    /** Shows an earlier query's result without running it again. */
    void openResult(Athena.Query query) {
        Statement statement = AthenaSql.statementAt(sql.get(), 0).orElse(null);
        ran = statement == null ? null : new Ran(statement, sql.get());
        result.open(query, statement);
    }

    private void showRefused(Athena.Query query) {
        Ran last = ran;
        String reason = query.reason();
        if (query.state() != Athena.State.FAILED
                || reason == null
                || last == null
                || !last.text().equals(sql.get())) {
            return;
        }
        Optional.ofNullable(AthenaReason.problem(reason, last.statement().sql()))
                .ifPresent(problem -> refused.set(List.of(last.statement().inText(problem))));
    }

    StringProperty titleProperty() {
        return title;
    }

    StringProperty sqlProperty() {
        return sql;
    }

    /** Whether an earlier result may answer what is run. */
    ObjectProperty<Reuse> reuseProperty() {
        return reuse;
    }

    /** What Athena refused, at its place in the SQL. */
    ReadOnlyObjectProperty<List<io.amcinsights.sql.Problem>> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    ResultViewModel result() {
        return result;
    }
}
