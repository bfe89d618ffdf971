package io.amcinsights.desktop.editor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.testfx.util.WaitForAsyncUtils.waitFor;

import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;

import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

@ExtendWith(ApplicationExtension.class)
class SqlEditorTest {

    private SqlEditor editor;
    private CodeArea area;

    @Start
    void start(Stage stage) {
        editor =
                new SqlEditor(
                        Tasks.onVirtualThreads(), SqlEditorTest::check, SqlEditorTest::complete);
        stage.setScene(new Scene(editor, 800, 500));
        stage.setX(0);
        stage.setY(0);
        stage.show();
    }

    @BeforeEach
    void find(FxRobot robot) {
        area = robot.lookup("#sql").queryAs(CodeArea.class);
        Clicks.clickOn(robot, area);
    }

    @Test
    void underlinesAndListsProblemsUntilTheyAreGone(FxRobot robot) throws Exception {
        robot.write("SELECT oops FROM t");
        until(() -> editor.problems().size() == 1);

        assertThat(stylesAt(8)).contains("problem-error");
        assertThat(stylesAt(13)).doesNotContain("problem-error");
        assertThat(robot.lookup(".verdict").queryAs(Label.class).getText()).isEqualTo("1 error");

        robot.eraseText(9);
        until(() -> verdict(robot).equals("No problems found"));
        assertThat(editor.problems()).isEmpty();
    }

    @Test
    void showsWhatTheServiceRefusedUntilTheTextChanges(FxRobot robot) throws Exception {
        robot.write("SELECT a");
        until(() -> verdict(robot).equals("No problems found"));

        robot.interact(
                () ->
                        editor.showRefused(
                                List.of(
                                        new Problem(
                                                1,
                                                8,
                                                1,
                                                9,
                                                Problem.Severity.ERROR,
                                                "No column a."))));
        assertThat(editor.problems()).extracting(Problem::message).containsExactly("No column a.");

        robot.write("b");
        until(() -> verdict(robot).equals("No problems found"));
        assertThat(editor.problems()).isEmpty();
    }

    @Test
    void completesFromTheKeyboard(FxRobot robot) throws Exception {
        robot.write("SELECT im");
        robot.press(KeyCode.CONTROL, KeyCode.SPACE).release(KeyCode.SPACE, KeyCode.CONTROL);
        until(() -> robot.lookup("#completions").tryQuery().isPresent());
        robot.type(KeyCode.DOWN, KeyCode.ENTER);

        assertThat(editor.textProperty().get()).isEqualTo("SELECT impressions_by_day");

        robot.write(", co");
        robot.press(KeyCode.CONTROL, KeyCode.SPACE).release(KeyCode.SPACE, KeyCode.CONTROL);
        until(() -> robot.lookup("#completions").tryQuery().isPresent());
        robot.type(KeyCode.TAB);
        robot.write("a");

        assertThat(editor.textProperty().get()).isEqualTo("SELECT impressions_by_day, COUNT(a)");
    }

    @Test
    void indentsCommentsAndUndoes(FxRobot robot) {
        robot.write("a")
                .type(KeyCode.ENTER)
                .type(KeyCode.TAB)
                .write("b")
                .type(KeyCode.ENTER)
                .write("c");
        assertThat(editor.textProperty().get()).isEqualTo("a\n  b\n  c");

        robot.press(KeyCode.SHORTCUT).type(KeyCode.A).type(KeyCode.SLASH).release(KeyCode.SHORTCUT);
        assertThat(editor.textProperty().get()).isEqualTo("-- a\n  -- b\n  -- c");

        robot.press(KeyCode.SHORTCUT).type(KeyCode.SLASH).release(KeyCode.SHORTCUT);
        assertThat(editor.textProperty().get()).isEqualTo("a\n  b\n  c");

        robot.press(KeyCode.SHORTCUT).type(KeyCode.Z).type(KeyCode.Z).release(KeyCode.SHORTCUT);
        assertThat(editor.textProperty().get()).isEqualTo("a\n  b\n  c");
    }

    @Test
    void findsWhateverTheCase(FxRobot robot) {
        robot.write("Reach, reach, REACH");
        robot.press(KeyCode.SHORTCUT).type(KeyCode.F).release(KeyCode.SHORTCUT);
        robot.write("reach").type(KeyCode.ENTER).type(KeyCode.ENTER);

        assertThat(robot.lookup("#findCount").queryAs(Label.class).getText()).isEqualTo("2 of 3");
        assertThat(area.getSelectedText()).isEqualTo("reach");
        assertThat(stylesAt(1)).contains("find-hit");

        robot.type(KeyCode.ESCAPE);
        assertThat(stylesAt(1)).doesNotContain("find-hit");
    }

    @Test
    void opensAnotherTextWithoutAWayBackIntoTheFirst(FxRobot robot) {
        robot.write("SELECT 1");
        robot.interact(() -> editor.textProperty().set("SELECT 2"));
        robot.press(KeyCode.SHORTCUT).type(KeyCode.Z).release(KeyCode.SHORTCUT);

        assertThat(area.getText()).isEqualTo("SELECT 2");
    }

    private static List<Problem> check(String sql) {
        assertThat(Platform.isFxApplicationThread()).isFalse();
        int at = sql.indexOf("oops");
        return at < 0
                ? List.of()
                : List.of(
                        new Problem(
                                1, at + 1, 1, at + 5, Problem.Severity.ERROR, "No column oops."));
    }

    private static List<Completion> complete(String sql, int offset) {
        assertThat(Platform.isFxApplicationThread()).isFalse();
        int start = offset;
        while (start > 0 && Character.isLetter(sql.charAt(start - 1))) {
            start--;
        }
        int from = start;
        String prefix = sql.substring(start, offset).toLowerCase(Locale.ROOT);
        return Stream.of("impressions", "impressions_by_day", "COUNT")
                .filter(word -> word.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(
                        word ->
                                new Completion(
                                        word,
                                        from,
                                        word.equals("COUNT")
                                                ? Completion.Kind.FUNCTION
                                                : Completion.Kind.COLUMN,
                                        ""))
                .toList();
    }

    private static String verdict(FxRobot robot) {
        return robot.lookup(".verdict").queryAs(Label.class).getText();
    }

    private Iterable<String> stylesAt(int offset) {
        return area.getStyleOfChar(offset);
    }

    private static void until(Callable<Boolean> condition) throws TimeoutException {
        waitFor(10, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }
}
