package io.amcinsights.desktop.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Notice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.aws.FakeBackend;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenFixture;
import io.amcinsights.desktop.common.Tasks;

import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

@ExtendWith(ApplicationExtension.class)
class NoticesTest {

    @TempDir static Path folder;

    private ScreenFixture fixture;

    @Start
    void start(Stage stage) {
        Instant now = Instant.now();
        FakeBackend backend =
                new FakeBackend()
                        .on(
                                WorkflowRequest.ListNotices.class,
                                request ->
                                        new WorkflowRequest.Notices(
                                                List.of(
                                                        new Notice(
                                                                "20261126T120002000-TENANT-x",
                                                                now.minusSeconds(40),
                                                                Notice.Kind.CREDENTIALS,
                                                                false,
                                                                "Amazon does not accept the"
                                                                        + " credentials agency",
                                                                "The refresh token was revoked.\n"
                                                                    + "Sign in to Amazon again.",
                                                                null,
                                                                "agency"),
                                                        new Notice(
                                                                "20261126T120001000-RUN-x",
                                                                now.minusSeconds(4000),
                                                                Notice.Kind.RUN,
                                                                true,
                                                                "reach-and-frequency of Kestrel"
                                                                        + " Outdoor has succeeded",
                                                                "Its rows are loaded next.",
                                                                "amckestrel1",
                                                                "run-1")),
                                                null));
        fixture = new ScreenFixture(stage, folder, Tasks.onVirtualThreads(), Map.of(), backend);
        fixture.show(Screen.SETTINGS);
    }

    @Test
    void what_was_told_is_counted_until_it_was_seen(FxRobot robot) throws Exception {
        WaitForAsyncUtils.waitFor(
                10,
                TimeUnit.SECONDS,
                () -> robot.lookup("#unseenNotices").queryLabeled().getText().equals("2"));
        Clicks.clickOn(robot, "#openNotices");
        fixture.snapshots("notices");
        assertThat(robot.lookup("#unseenNotices").query().isVisible()).isFalse();
        assertThat(robot.lookup("#notices").query().isVisible()).isTrue();
        Clicks.clickOn(robot, "#closeNotices");
        assertThat(robot.lookup("#notices").query().isVisible()).isFalse();
    }
}
