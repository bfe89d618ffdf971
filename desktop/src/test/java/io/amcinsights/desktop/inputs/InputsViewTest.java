package io.amcinsights.desktop.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Clicks;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Snapshot;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

@ExtendWith(ApplicationExtension.class)
class InputsViewTest {

    private static final Path PICTURES = Path.of("target", "snapshots");

    @TempDir static Path folder;

    private TimeWindowViewModel window;
    private ParametersViewModel parameters;
    private Appearance appearance;
    private Stage stage;

    @Start
    void start(Stage shown) {
        stage = shown;
        appearance = new Appearance(new Preferences(folder));
        window =
                new TimeWindowViewModel(
                        Clock.fixed(Instant.parse("2026-11-04T10:30:00Z"), ZoneOffset.UTC));
        parameters = new ParametersViewModel(window.momentProperty());
        parameters.show(
                List.of(
                        new Parameter(
                                "brand",
                                Parameter.Type.STRING,
                                false,
                                "The advertiser, as AMC writes it.",
                                null),
                        new Parameter(
                                "lookback_days",
                                Parameter.Type.LONG,
                                false,
                                "Days before the purchase that count.",
                                IntNode.valueOf(14)),
                        new Parameter("campaigns", Parameter.Type.LONG, true, "", null),
                        new Parameter(
                                "only_new", Parameter.Type.BOOLEAN, false, "", BooleanNode.FALSE),
                        new Parameter("since", Parameter.Type.DATE, false, "", null)),
                Map.of());
        window.show(TimeWindow.explicit("FIRSTDAYOFOFFSETMONTH(-1)", "TODAY(0)", "Europe/Berlin"));
        VBox form = new VBox(16, new TimeWindowView(window), new ParametersView(parameters));
        form.getStyleClass().add("drawer-body");
        Scene scene = new Scene(form, 416, 940);
        appearance.style(scene);
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
    }

    @Test
    void a_zone_is_found_by_typing_a_part_of_it(FxRobot robot) {
        Clicks.clickOn(robot, "#windowZone").push(KeyCode.CONTROL, KeyCode.A).write("york");
        WaitForAsyncUtils.waitForFxEvents();
        ListView<?> zones = robot.lookup("#zones").queryListView();
        assertThat(zones.getItems()).hasToString("[America/New_York]");
        Snapshot.of(zones.getScene(), PICTURES.resolve("inputs-zones.png"));
        robot.type(KeyCode.ENTER);
        assertThat(window.window().zone()).isEqualTo("America/New_York");
        assertThat(robot.lookup("#windowPreview").queryLabeled().getText())
                .isEqualTo("2026-10-01 00:00 to 2026-11-04 00:00 America/New_York");
    }

    @Test
    void problems_stand_at_their_fields(FxRobot robot) {
        robot.interact(
                () -> {
                    parameters.fields().get(2).textProperty().set("11\nabc");
                    parameters.fields().get(1).textProperty().set("30");
                    parameters.fields().get(4).textProperty().set("TODAY(-7)");
                    window.value(TimeWindowViewModel.Field.START).set("last week");
                    window.check();
                    parameters.check();
                });
        snapshots("inputs-problems");
        assertThat(robot.lookup("Enter a value for “brand”.").tryQuery()).isPresent();
        assertThat(robot.lookup(".parameter-reset").match(Node::isVisible).queryAll()).hasSize(1);
        Clicks.clickOn(robot, "#parameter-brand").write("Kestrel");
        assertThat(robot.lookup("Enter a value for “brand”.").tryQuery()).isEmpty();
    }

    @Test
    void a_token_is_picked_from_the_menu(FxRobot robot) {
        snapshots("inputs");
        Clicks.clickOn(
                robot,
                robot.lookup(".moment-input .button").queryAllAs(Node.class).stream()
                        .findFirst()
                        .orElseThrow());
        WaitForAsyncUtils.waitForFxEvents();
        Node token = robot.lookup("32 days ago").query();
        Snapshot.of(token.getScene(), PICTURES.resolve("inputs-tokens.png"));
        Clicks.clickOn(robot, token);
        assertThat(window.window().start()).isEqualTo("TODAY(-32)");
    }

    private void snapshots(String name) {
        for (boolean dark : new boolean[] {true, false}) {
            Platform.runLater(() -> appearance.setDark(dark));
            WaitForAsyncUtils.waitForFxEvents();
            Snapshot.of(
                    stage.getScene(),
                    PICTURES.resolve(name + (dark ? "-dark" : "-light") + ".png"));
        }
    }
}
