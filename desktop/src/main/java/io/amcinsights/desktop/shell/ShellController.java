package io.amcinsights.desktop.shell;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.animation.PauseTransition;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.fxml.FXMLLoader;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Navigation at the left, the screen, the status bar, and notes over the corner. */
public final class ShellController {

    private static final Logger LOG = Logger.getLogger(ShellController.class.getName());
    private static final Messages MESSAGES = Messages.of(ShellController.class);
    private static final int TOASTS = 3;

    private final ShellViewModel model;
    private final NoticesViewModel noticesModel;
    private final Screens screens;
    private final Map<Screen, ToggleButton> buttons = new EnumMap<>(Screen.class);
    private Screens.@Nullable Loaded shown;

    @FXML private Parent root;
    @FXML private VBox navigation;
    @FXML private VBox navigationEnd;
    @FXML private Button appearance;
    @FXML private FontIcon appearanceIcon;
    @FXML private StackPane center;
    @FXML private StackPane content;
    @FXML private VBox toasts;
    @FXML private Label place;
    @FXML private Label identity;
    @FXML private MenuButton background;
    @FXML private Hyperlink signOut;

    public ShellController(ShellViewModel model, NoticesViewModel notices, Screens screens) {
        this.model = model;
        this.noticesModel = notices;
        this.screens = screens;
    }

    /** Loads the shell; its last screen is shown at once. */
    public Parent view() {
        FXMLLoader loader =
                new FXMLLoader(ShellController.class.getResource("Shell.fxml"), MESSAGES.bundle());
        loader.setController(this);
        try {
            return loader.load();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot load the shell", e);
        }
    }

    @FXML
    void initialize() {
        int number = 0;
        for (Screen screen : Screen.values()) {
            number++;
            if (!screen.exists()) {
                continue;
            }
            ToggleButton button = new ToggleButton(screen.title(), new FontIcon(screen.icon()));
            button.setId("go" + screen.word());
            button.setMaxWidth(Double.MAX_VALUE);
            button.getStyleClass().add("navigation-button");
            button.setTooltip(new Tooltip(MESSAGES.text("navigation.key", number)));
            button.setOnAction(
                    event -> {
                        model.show(screen);
                        // A press of the selected one has just taken the mark away.
                        mark(model.visitProperty().get().screen());
                    });
            buttons.put(screen, button);
            // What is there to look after the whole is below what is used every day.
            (screen.compareTo(Screen.INSTALLATION) < 0 ? navigation : navigationEnd)
                    .getChildren()
                    .add(button);
        }
        addNotices();
        root.addEventFilter(KeyEvent.KEY_PRESSED, this::key);

        model.appearance()
                .darkProperty()
                .subscribe(dark -> appearanceIcon.setIconLiteral(dark ? "fth-sun" : "fth-moon"));
        appearance.setOnAction(
                event -> model.appearance().setDark(!model.appearance().darkProperty().get()));
        place.setText(model.place());
        identity.setText(model.identity());
        signOut.setOnAction(event -> model.signOut());
        model.running().addListener((ListChangeListener<Tasks.Running>) change -> showBackground());
        showBackground();
        model.toastProperty()
                .subscribe(
                        toast -> {
                            if (toast != null) {
                                toast(toast);
                            }
                        });
        model.visitProperty().subscribe(this::visit);
    }

    private void addNotices() {
        NoticesView notices = new NoticesView(noticesModel);
        StackPane.setAlignment(notices, Pos.BOTTOM_LEFT);
        center.getChildren().add(notices);
        Label count = new Label();
        count.setId("unseenNotices");
        count.getStyleClass().add("notices-count");
        count.textProperty().bind(noticesModel.unseenProperty().asString());
        count.visibleProperty().bind(noticesModel.unseenProperty().greaterThan(0));
        count.managedProperty().bind(count.visibleProperty());
        count.setMouseTransparent(true);
        StackPane.setAlignment(count, Pos.CENTER_RIGHT);
        StackPane.setMargin(count, new Insets(0, 12, 0, 0));
        Button open = new Button(MESSAGES.text("notices.title"), new FontIcon("fth-bell"));
        open.setId("openNotices");
        open.setMaxWidth(Double.MAX_VALUE);
        open.getStyleClass().add("navigation-button");
        open.setOnAction(event -> notices.toggle());
        navigationEnd.getChildren().addFirst(new StackPane(open, count));
        noticesModel.start();
    }

    private void key(KeyEvent event) {
        int number = 0;
        for (Screen screen : Screen.values()) {
            number++;
            if (new KeyCodeCombination(
                                    KeyCode.getKeyCode(String.valueOf(number)),
                                    KeyCombination.SHORTCUT_DOWN)
                            .match(event)
                    && screen.exists()) {
                model.show(screen);
                event.consume();
            }
        }
    }

    private void visit(ShellViewModel.Visit visit) {
        if (shown != null) {
            shown.controller().hidden();
        }
        mark(visit.screen());
        try {
            shown = screens.get(visit.screen());
            content.getChildren().setAll(shown.view());
            shown.controller().shown(visit.argument());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Cannot show " + visit.screen(), e);
            shown = null;
            ProblemView problem = new ProblemView(Problem.of(e), () -> visit(visit));
            problem.setMaxSize(560, 200);
            content.getChildren().setAll(problem);
        }
    }

    private void mark(Screen current) {
        buttons.forEach((screen, button) -> button.setSelected(screen == current));
    }

    private void showBackground() {
        background.setVisible(!model.running().isEmpty());
        background.setText(
                model.running().size() == 1
                        ? model.running().getFirst().name()
                        : MESSAGES.text("background.many", model.running().size()));
        background.getItems().clear();
        for (Tasks.Running running : model.running()) {
            Button cancel = new Button(MESSAGES.text("background.cancel"));
            cancel.setOnAction(event -> running.handle().cancel());
            HBox row = new HBox(16, new Label(running.name()), cancel);
            row.setAlignment(Pos.CENTER_LEFT);
            background.getItems().add(new CustomMenuItem(row, false));
        }
    }

    private void toast(Toasts.Toast toast) {
        FontIcon icon = new FontIcon(toast.tone().icon());
        Label text = new Label(toast.text());
        text.setWrapText(true);
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox box = new HBox(8, icon, text);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().addAll("toast", toast.tone().styleClass());
        ViewState.Action action = toast.action();
        if (action != null) {
            Hyperlink link = new Hyperlink(action.label());
            link.setId("toastAction");
            link.setMinWidth(HBox.USE_PREF_SIZE);
            link.setOnAction(
                    event -> {
                        toasts.getChildren().remove(box);
                        action.command().run();
                    });
            box.getChildren().add(link);
        }
        add(box);
    }

    private void add(Node toast) {
        toasts.getChildren().add(toast);
        if (toasts.getChildren().size() > TOASTS) {
            toasts.getChildren().removeFirst();
        }
        PauseTransition life = new PauseTransition(Duration.seconds(8));
        life.setOnFinished(event -> toasts.getChildren().remove(toast));
        life.play();
    }
}
