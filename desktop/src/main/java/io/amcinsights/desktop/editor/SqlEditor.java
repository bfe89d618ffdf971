package io.amcinsights.desktop.editor;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;

import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.IndexRange;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.fxmisc.flowless.VirtualizedScrollPane;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.LineNumberFactory;
import org.fxmisc.richtext.event.MouseOverTextEvent;
import org.fxmisc.richtext.model.StyleSpans;
import org.fxmisc.richtext.model.StyleSpansBuilder;
import org.fxmisc.richtext.model.TwoDimensional;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * An editor for SQL: colours, line numbers, bracket pairs, find, comments, layout, completion, and
 * problems underlined and listed. What is a problem and what completes is decided by the two
 * functions that it is given; it calls them on a background thread.
 */
public final class SqlEditor extends VBox {

    private static final Messages MESSAGES = Messages.of(SqlEditor.class);
    private static final PseudoClass FOCUSED_WITHIN = PseudoClass.getPseudoClass("active");
    private static final Duration CHECK_AFTER = Duration.millis(300);
    private static final String INDENT = "  ";

    private final Tasks tasks;
    private final Function<String, List<Problem>> check;
    private final BiFunction<String, Integer, List<Completion>> complete;

    private final CodeArea area = new CodeArea();
    private final StringProperty text = new SimpleStringProperty(this, "text", "");
    private final ObservableList<Problem> problems = FXCollections.observableArrayList();
    private final FindBar findBar = new FindBar(area, this::restyle);
    private final CompletionPopup popup = new CompletionPopup(area, this::insert);
    private final ProblemList problemList = new ProblemList(problems, this::goTo);
    private final Label verdict = new Label();
    private final Label position = new Label();
    private final Tooltip hover = new Tooltip();
    private final PauseTransition pause = new PauseTransition(CHECK_AFTER);

    private List<SqlTokens.Token> tokens = List.of();
    private List<Problem> found = List.of();
    private List<Problem> refused = List.of();
    private Tasks.@Nullable Handle checking;
    private Tasks.@Nullable Handle completing;

    /**
     * @param check the problems of a text
     * @param complete the candidates at an offset of a text
     */
    public SqlEditor(
            Tasks tasks,
            Function<String, List<Problem>> check,
            BiFunction<String, Integer, List<Completion>> complete) {
        this.tasks = tasks;
        this.check = check;
        this.complete = complete;
        getStyleClass().add("sql-editor");
        getStylesheets().add(SqlEditor.class.getResource("editor.css").toExternalForm());

        area.setId("sql");
        area.setParagraphGraphicFactory(LineNumberFactory.get(area));
        area.setAccessibleText(MESSAGES.text("editor.accessible"));
        area.textProperty().addListener((property, old, now) -> edited(now));
        area.caretPositionProperty().addListener((property, old, now) -> caretMoved());
        area.focusedProperty()
                .addListener(
                        (property, old, now) -> {
                            pseudoClassStateChanged(FOCUSED_WITHIN, now);
                            if (!now) {
                                popup.hide();
                            }
                        });
        area.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        area.addEventHandler(KeyEvent.KEY_TYPED, this::typed);
        explainOnHover();
        text.addListener((property, old, now) -> opened(now));
        pause.setOnFinished(event -> check());

        VirtualizedScrollPane<CodeArea> scroll = new VirtualizedScrollPane<>(area);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(findBar, scroll, problemList, footer());
        caretMoved();
        showVerdict();
    }

    /** The SQL. Setting it opens another text: what was typed before cannot be undone any more. */
    public StringProperty textProperty() {
        return text;
    }

    /** What is selected; empty where nothing is. */
    public String selectedText() {
        return area.getSelectedText();
    }

    /** Offset where the selection begins; the caret's where nothing is selected. */
    public int selectionStart() {
        return area.getSelection().getStart();
    }

    /** The caret's offset. */
    public int caretPosition() {
        return area.getCaretPosition();
    }

    /** Puts text in the place of the selection, as if typed. */
    public void insert(String words) {
        area.replaceSelection(words);
        area.requestFocus();
    }

    /** Puts text where it was dropped, in coordinates of the scene. */
    public void drop(double sceneX, double sceneY, String words) {
        Point2D place = area.sceneToLocal(sceneX, sceneY);
        area.insertText(area.hit(place.getX(), place.getY()).getInsertionIndex(), words);
        area.requestFocus();
    }

    /** What is underlined at the moment. */
    public ObservableList<Problem> problems() {
        return FXCollections.unmodifiableObservableList(problems);
    }

    /** Gives no verdict, where problems are only found by running the SQL. */
    public void giveNoVerdict() {
        verdict.setVisible(false);
    }

    /** Shows what the service refused, until the text changes. */
    public void showRefused(List<Problem> refusal) {
        refused = List.copyOf(refusal);
        showProblems();
    }

    /** Checks again: something else than the text has changed. */
    public void check() {
        pause.stop();
        if (checking != null) {
            checking.cancel();
        }
        String checked = area.getText();
        checking =
                tasks.run(() -> check.apply(checked))
                        .onSuccess(
                                result -> {
                                    found = result;
                                    showProblems();
                                })
                        .onFailure(
                                problem -> {
                                    found =
                                            List.of(
                                                    new Problem(
                                                            1,
                                                            1,
                                                            1,
                                                            1,
                                                            Problem.Severity.WARNING,
                                                            MESSAGES.text(
                                                                    "editor.uncheckable",
                                                                    problem.message())));
                                    showProblems();
                                })
                        .start();
    }

    /** Lays the text out anew; it can be undone. */
    public void format() {
        String laidOut = SqlLayout.of(area.getText());
        if (!laidOut.equals(area.getText())) {
            int paragraph = area.getCurrentParagraph();
            asOneChange(() -> area.replaceText(laidOut));
            area.moveTo(Math.min(paragraph, area.getParagraphs().size() - 1), 0);
        }
        area.requestFollowCaret();
    }

    /** Makes comments of the selected lines, or lines of comments. */
    public void toggleComment() {
        IndexRange selection = area.getSelection();
        int first = lineOf(selection.getStart());
        int last = lineOf(selection.getEnd());
        boolean uncomment = true;
        for (int line = first; line <= last; line++) {
            String content = area.getParagraph(line).getText().strip();
            uncomment &= content.isEmpty() || content.startsWith("--");
        }
        List<String> lines = new ArrayList<>();
        for (int line = first; line <= last; line++) {
            String content = area.getParagraph(line).getText();
            lines.add(
                    uncomment
                            ? content.replaceFirst("--\\s?", "")
                            : content.isBlank() ? content : content.replaceFirst("\\S", "-- $0"));
        }
        replaceLines(first, last, lines);
    }

    /** Opens the bar to find text. */
    public void find() {
        findBar.open(area.getSelectedText());
    }

    @Override
    public void requestFocus() {
        area.requestFocus();
    }

    private HBox footer() {
        verdict.getStyleClass().add("verdict");
        position.getStyleClass().add("muted");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox footer =
                new HBox(
                        verdict,
                        gap,
                        position,
                        button("findInSql", "fth-search", "editor.find", this::find),
                        button("commentSql", "fth-hash", "editor.comment", this::toggleComment),
                        button("formatSql", "fth-align-left", "editor.format", this::format));
        footer.setAlignment(Pos.CENTER_LEFT);
        footer.getStyleClass().add("editor-footer");
        return footer;
    }

    private static Button button(String id, String icon, String key, Runnable command) {
        Button button = new Button(null, new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().addAll("flat", "button-icon", "small");
        button.setTooltip(new Tooltip(MESSAGES.text(key)));
        button.setAccessibleText(MESSAGES.text(key));
        button.setFocusTraversable(false);
        button.setOnAction(event -> command.run());
        return button;
    }

    /** Somebody set {@link #textProperty()}, unless it only repeats what was typed. */
    private void opened(@Nullable String sql) {
        String words = sql == null ? "" : sql;
        if (!words.equals(area.getText())) {
            area.replaceText(words);
            area.getUndoManager().forgetHistory();
            area.moveTo(0);
            area.requestFollowCaret();
            check();
        }
    }

    private void edited(String sql) {
        tokens = SqlTokens.of(sql);
        refused = List.of();
        // Their places are of the text before.
        found = List.of();
        problems.clear();
        verdict.setText(MESSAGES.text("editor.checking"));
        verdict.setGraphic(null);
        restyle();
        findBar.refresh();
        text.set(sql);
        pause.playFromStart();
        if (popup.isShowing()) {
            Platform.runLater(this::complete);
        }
    }

    private void caretMoved() {
        position.setText(
                MESSAGES.text(
                        "editor.position",
                        String.valueOf(area.getCurrentParagraph() + 1),
                        String.valueOf(area.getCaretColumn() + 1)));
        restyle();
    }

    private void pressed(KeyEvent event) {
        if (popup.isShowing() && popup.pressed(event)) {
            event.consume();
            return;
        }
        Runnable command = command(event);
        if (command != null) {
            command.run();
            event.consume();
        }
    }

    private @Nullable Runnable command(KeyEvent event) {
        if (Keys.COMPLETE.match(event)) {
            return this::complete;
        }
        if (Keys.FIND.match(event)) {
            return this::find;
        }
        if (Keys.COMMENT.match(event)) {
            return this::toggleComment;
        }
        if (Keys.FORMAT.match(event)) {
            return this::format;
        }
        if (event.getCode() == KeyCode.ESCAPE && findBar.isVisible()) {
            return findBar::close;
        }
        if (event.getCode() == KeyCode.F8) {
            return this::goToNextProblem;
        }
        if (event.getCode() == KeyCode.TAB && !event.isShortcutDown()) {
            return event.isShiftDown() ? this::outdent : this::indent;
        }
        if (event.getCode() == KeyCode.ENTER && !event.isShortcutDown() && !event.isShiftDown()) {
            return this::breakLine;
        }
        return null;
    }

    private void typed(KeyEvent event) {
        if (event.getCharacter().equals(".")) {
            Platform.runLater(this::complete);
        }
    }

    private void indent() {
        IndexRange selection = area.getSelection();
        int first = lineOf(selection.getStart());
        int last = lineOf(selection.getEnd());
        if (first == last) {
            area.replaceSelection(INDENT);
            return;
        }
        List<String> lines = new ArrayList<>();
        for (int line = first; line <= last; line++) {
            lines.add(INDENT + area.getParagraph(line).getText());
        }
        replaceLines(first, last, lines);
    }

    private void outdent() {
        IndexRange selection = area.getSelection();
        int first = lineOf(selection.getStart());
        int last = lineOf(selection.getEnd());
        List<String> lines = new ArrayList<>();
        for (int line = first; line <= last; line++) {
            lines.add(area.getParagraph(line).getText().replaceFirst("^(\\t| {1,2})", ""));
        }
        replaceLines(first, last, lines);
    }

    /** The next line begins below the start of this one. */
    private void breakLine() {
        String line = area.getParagraph(area.getCurrentParagraph()).getText();
        String before = line.substring(0, Math.min(area.getCaretColumn(), line.length()));
        String margin = before.substring(0, before.length() - before.stripLeading().length());
        area.replaceSelection("\n" + margin);
        area.requestFollowCaret();
    }

    private void replaceLines(int first, int last, List<String> lines) {
        int start = area.getAbsolutePosition(first, 0);
        int end = area.getAbsolutePosition(last, area.getParagraphLength(last));
        String joined = String.join("\n", lines);
        if (!joined.equals(area.getText(start, end))) {
            asOneChange(() -> area.replaceText(start, end, joined));
        }
        if (first == last) {
            area.moveTo(start + joined.length());
        } else {
            area.selectRange(start, start + joined.length());
        }
    }

    /** One undo takes it back, and nothing that was typed before or after. */
    private void asOneChange(Runnable change) {
        area.getUndoManager().preventMerge();
        change.run();
        area.getUndoManager().preventMerge();
    }

    private int lineOf(int offset) {
        return area.offsetToPosition(offset, TwoDimensional.Bias.Forward).getMajor();
    }

    private void complete() {
        if (completing != null) {
            completing.cancel();
        }
        String sql = area.getText();
        int caret = area.getCaretPosition();
        completing =
                tasks.run(() -> complete.apply(sql, caret))
                        .onSuccess(
                                candidates -> {
                                    if (sql.equals(area.getText())
                                            && caret == area.getCaretPosition()) {
                                        popup.show(candidates);
                                    }
                                })
                        .onFailure(problem -> popup.hide())
                        .start();
    }

    private void insert(Completion completion) {
        int caret = area.getCaretPosition();
        boolean call =
                completion.kind() == Completion.Kind.FUNCTION
                        && !area.getText().startsWith("(", caret);
        String words = completion.text() + (call ? "()" : "");
        asOneChange(() -> area.replaceText(completion.start(), caret, words));
        if (call) {
            area.moveTo(area.getCaretPosition() - 1);
        }
    }

    private void showProblems() {
        List<Problem> all = new ArrayList<>(refused);
        found.stream().filter(problem -> !all.contains(problem)).forEach(all::add);
        problems.setAll(all);
        showVerdict();
        restyle();
    }

    private void showVerdict() {
        long errors = count(Problem.Severity.ERROR);
        long warnings = count(Problem.Severity.WARNING);
        FontIcon icon;
        if (errors > 0) {
            verdict.setText(MESSAGES.text("editor.errors", errors, warnings));
            icon = ProblemList.icon(Problem.Severity.ERROR);
        } else if (warnings > 0) {
            verdict.setText(MESSAGES.text("editor.warnings", warnings));
            icon = ProblemList.icon(Problem.Severity.WARNING);
        } else if (area.getText().isBlank()) {
            verdict.setText("");
            verdict.setGraphic(null);
            return;
        } else {
            verdict.setText(MESSAGES.text("editor.fine"));
            icon = new FontIcon("fth-check");
            icon.getStyleClass().add("fine");
        }
        verdict.setGraphic(icon);
    }

    private long count(Problem.Severity severity) {
        return problems.stream().filter(problem -> problem.severity() == severity).count();
    }

    private void goTo(Problem problem) {
        IndexRange range = range(problem);
        area.moveTo(range.getStart());
        area.requestFollowCaret();
        area.requestFocus();
    }

    private void goToNextProblem() {
        int caret = area.getCaretPosition();
        problems.stream()
                .filter(problem -> range(problem).getStart() > caret)
                .findFirst()
                .or(() -> problems.stream().findFirst())
                .ifPresent(this::goTo);
    }

    private void explainOnHover() {
        hover.setWrapText(true);
        hover.setMaxWidth(480);
        hover.getStyleClass().add("problem-hover");
        area.setMouseOverTextDelay(java.time.Duration.ofMillis(250));
        area.addEventHandler(
                MouseOverTextEvent.MOUSE_OVER_TEXT_BEGIN,
                event -> {
                    int offset = event.getCharacterIndex();
                    Point2D place = event.getScreenPosition();
                    problems.stream()
                            .filter(problem -> covers(range(problem), offset))
                            .findFirst()
                            .ifPresent(
                                    problem -> {
                                        hover.setText(problem.message());
                                        hover.show(area, place.getX() + 8, place.getY() + 16);
                                    });
                });
        area.addEventHandler(MouseOverTextEvent.MOUSE_OVER_TEXT_END, event -> hover.hide());
    }

    private static boolean covers(IndexRange range, int offset) {
        return range.getStart() <= offset && offset < range.getEnd();
    }

    /** Where a problem is in the text; at least one character, so that it can be seen. */
    private IndexRange range(Problem problem) {
        int start = offset(problem.line(), problem.column());
        int end = Math.max(start + 1, offset(problem.endLine(), problem.endColumn()));
        int length = area.getLength();
        return end <= length
                ? new IndexRange(start, end)
                : new IndexRange(Math.max(0, Math.min(start, length - 1)), length);
    }

    private int offset(int line, int column) {
        int paragraph = Math.clamp(line - 1L, 0, area.getParagraphs().size() - 1);
        int inLine = Math.clamp(column - 1L, 0, area.getParagraphLength(paragraph));
        return area.getAbsolutePosition(paragraph, inLine);
    }

    private void restyle() {
        int length = area.getLength();
        if (length == 0) {
            return;
        }
        StyleSpansBuilder<Collection<String>> builder = new StyleSpansBuilder<>();
        for (SqlTokens.Token token : tokens) {
            builder.add(styleOf(token.kind()), token.end() - token.start());
        }
        StyleSpans<Collection<String>> spans = builder.create();
        for (IndexRange hit : findBar.hits()) {
            spans = overlay(spans, hit, "find-hit");
        }
        Optional<SqlTokens.Pair> pair =
                SqlTokens.pairAt(area.getText(), tokens, area.getCaretPosition());
        if (pair.isPresent()) {
            int open = pair.get().open();
            int close = pair.get().close();
            spans = overlay(spans, new IndexRange(open, open + 1), "bracket");
            spans = overlay(spans, new IndexRange(close, close + 1), "bracket");
        }
        for (Problem problem : problems.reversed()) {
            String style =
                    problem.severity() == Problem.Severity.ERROR
                            ? "problem-error"
                            : "problem-warning";
            spans = overlay(spans, range(problem), style);
        }
        area.setStyleSpans(0, spans);
    }

    private static StyleSpans<Collection<String>> overlay(
            StyleSpans<Collection<String>> spans, IndexRange range, String style) {
        if (range.getLength() == 0) {
            return spans;
        }
        StyleSpansBuilder<Collection<String>> builder = new StyleSpansBuilder<>();
        builder.add(List.of(), range.getStart());
        builder.add(List.of(style), range.getLength());
        builder.add(List.of(), spans.length() - range.getEnd());
        return spans.overlay(
                builder.create(),
                (below, above) -> {
                    if (above.isEmpty()) {
                        return below;
                    }
                    List<String> both = new ArrayList<>(below);
                    both.addAll(above);
                    return both;
                });
    }

    static Collection<String> styleOf(SqlTokens.Kind kind) {
        return switch (kind) {
            case SPACE, NAME -> List.of();
            case KEYWORD, FUNCTION, STRING, QUOTED_NAME, NUMBER, COMMENT, SYMBOL ->
                    List.of("sql-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        };
    }

    private static final class Keys {
        static final KeyCombination COMPLETE =
                new KeyCodeCombination(KeyCode.SPACE, KeyCombination.CONTROL_DOWN);
        static final KeyCombination FIND =
                new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN);
        static final KeyCombination COMMENT =
                new KeyCodeCombination(KeyCode.SLASH, KeyCombination.SHORTCUT_DOWN);
        static final KeyCombination FORMAT =
                new KeyCodeCombination(
                        KeyCode.F, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
    }
}
