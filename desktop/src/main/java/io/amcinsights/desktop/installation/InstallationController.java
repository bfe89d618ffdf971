package io.amcinsights.desktop.installation;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.ViewState;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.fxml.FXML;
import javafx.fxml.FXMLLoader;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The page that the deployment has come to. */
public final class InstallationController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(InstallationController.class);

    private final InstallationViewModel model;
    private final @Nullable String stackName;
    private final boolean alone;
    private @Nullable FollowView follow;
    private boolean started;

    @FXML private Hyperlink back;
    @FXML private Label place;
    @FXML private VBox problems;
    @FXML private StackPane content;

    /**
     * @param stackName the stack that it is about; null for a new one
     * @param alone whether it fills the window, before anybody is signed in
     */
    public InstallationController(
            InstallationViewModel model, @Nullable String stackName, boolean alone) {
        this.model = model;
        this.stackName = stackName;
        this.alone = alone;
    }

    /** The screen for itself, with the way back to the sign-in; it is shown at once. */
    public Parent view() {
        FXMLLoader loader = new FXMLLoader(Screen.INSTALLATION.fxml(), MESSAGES.bundle());
        loader.setControllerFactory(type -> this);
        try {
            Parent view = loader.load();
            shown(null);
            return view;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot load the screen of the installation", e);
        }
    }

    @FXML
    void initialize() {
        back.setVisible(alone);
        back.managedProperty().bind(back.visibleProperty());
        back.setOnAction(event -> model.signIn());
        problems.getChildren().add(new ProblemPlace(model.problemProperty()));
        problems.managedProperty().bind(problems.visibleProperty());
        problems.visibleProperty().bind(model.problemProperty().isNotNull());
        model.identityProperty().subscribe(this::show);
        model.pageProperty().subscribe(this::show);
    }

    @Override
    public void shown(@Nullable Object argument) {
        if (started) {
            model.resume();
        } else {
            started = true;
            model.start(stackName);
        }
    }

    @Override
    public void hidden() {
        model.pause();
    }

    private void show(@Nullable AwsIdentity identity) {
        AwsAccount account = model.account();
        place.setText(
                account == null || identity == null
                        ? MESSAGES.text("purpose")
                        : MESSAGES.text(
                                "place", identity.who(), identity.accountId(), account.region()));
    }

    private void show(Page page) {
        if (page instanceof Page.Following following) {
            if (follow == null) {
                follow = new FollowView(model);
                content.getChildren().setAll(follow);
            }
            follow.show(following.standing());
            return;
        }
        follow = null;
        content.getChildren().setAll(node(page));
    }

    private Node node(Page page) {
        return switch (page) {
            case Page.Local local ->
                    face(
                            new ViewState.Empty(
                                    "fth-monitor",
                                    MESSAGES.text("local.title"),
                                    MESSAGES.text("local.text"),
                                    new ViewState.Action(
                                            MESSAGES.text("local.action"), model::signIn)));
            case Page.NoRelease none ->
                    face(
                            new ViewState.Empty(
                                    "fth-package",
                                    MESSAGES.text("noRelease.title"),
                                    MESSAGES.text("noRelease.text"),
                                    null));
            case Page.Busy busy -> busy(busy);
            case Page.Failed failed -> failed(failed);
            case Page.Form form -> new FormView(model, form);
            case Page.Blocked blocked -> blocked(blocked);
            case Page.Uploading uploading -> uploading(uploading);
            case Page.Planned planned -> new PlanView(model, planned);
            case Page.Following following -> new Region();
            case Page.Resting resting -> new RestingView(model, resting);
            case Page.Drift drift -> RemovalView.drift(model, drift);
            case Page.Removing removing -> RemovalView.removing(model, removing);
            case Page.Removed removed -> RemovalView.removed(model, removed);
        };
    }

    private static Node face(ViewState state) {
        StateView view = new StateView();
        view.stateProperty().set(state);
        return view;
    }

    private Node busy(Page.Busy busy) {
        ProgressBar bar = new ProgressBar();
        bar.setPrefWidth(320);
        Button stop = new Button(MESSAGES.text("stop"));
        stop.setId("stop");
        stop.setOnAction(event -> model.stop());
        stop.setVisible(busy.stoppable());
        VBox box = new VBox(12, new Label(busy.doing()), bar, stop);
        box.setAlignment(Pos.CENTER);
        return box;
    }

    private Node failed(Page.Failed failed) {
        ViewState.Action form =
                new ViewState.Action(MESSAGES.text("backToForm"), model::backToForm);
        ProblemView problem =
                model.release() == null
                        ? new ProblemView(failed.problem(), failed.retry())
                        : new ProblemView(failed.problem(), failed.retry(), form);
        problem.setMaxWidth(720);
        problem.setMaxHeight(Region.USE_PREF_SIZE);
        return new StackPane(problem);
    }

    private Node blocked(Page.Blocked blocked) {
        Button back = new Button(MESSAGES.text("backToForm"));
        back.setId("backToForm");
        back.getStyleClass().add("accent");
        back.setOnAction(event -> model.backToForm());
        Button again = new Button(MESSAGES.text("checkAgain"));
        again.setId("checkAgain");
        again.setOnAction(event -> model.plan());
        VBox card =
                new VBox(
                        12,
                        Parts.heading("blocked.title"),
                        new WrappedLabel(MESSAGES.text("blocked.text")),
                        Parts.checks(blocked.checks()),
                        new HBox(8, back, again));
        card.getStyleClass().add("card");
        return Parts.page(card);
    }

    private Node uploading(Page.Uploading uploading) {
        ProgressBar bar = new ProgressBar();
        bar.setId("upload");
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.progressProperty().bind(model.sentProperty());
        Label how = new WrappedLabel("", "muted");
        model.sentProperty()
                .subscribe(
                        share ->
                                how.setText(
                                        share.doubleValue() < 1
                                                ? MESSAGES.text(
                                                        "upload.share",
                                                        Math.round(share.doubleValue() * 100))
                                                : MESSAGES.text("upload.plan")));
        Button stop = new Button(MESSAGES.text("stop"));
        stop.setOnAction(event -> model.stop());
        VBox card =
                new VBox(
                        12,
                        Parts.heading("upload.title"),
                        bar,
                        how,
                        stop,
                        Parts.heading("checks.title"),
                        Parts.checks(uploading.checks()));
        card.getStyleClass().add("card");
        return Parts.page(card);
    }
}
