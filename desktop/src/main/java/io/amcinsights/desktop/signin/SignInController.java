package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemView;

import javafx.fxml.FXML;
import javafx.fxml.FXMLLoader;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The first thing to see. */
public final class SignInController {

    private static final Messages MESSAGES = Messages.of(SignInController.class);

    private final SignInViewModel model;
    private final AwsSignInViewModel aws;

    @FXML private Button openLocal;
    @FXML private Node progress;
    @FXML private Label progressText;
    @FXML private Button cancel;
    @FXML private Label localData;
    @FXML private StackPane problem;
    @FXML private StackPane awsPlace;

    public SignInController(SignInViewModel model, AwsSignInViewModel aws) {
        this.model = model;
        this.aws = aws;
    }

    public Parent view() {
        FXMLLoader loader =
                new FXMLLoader(
                        SignInController.class.getResource("SignIn.fxml"), MESSAGES.bundle());
        loader.setController(this);
        try {
            return loader.load();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot load the sign-in", e);
        }
    }

    @FXML
    void initialize() {
        awsPlace.getChildren().add(new AwsSignInView(aws));
        openLocal.setOnAction(event -> model.openLocalWorkspace());
        openLocal.visibleProperty().bind(model.startingProperty().not());
        openLocal.managedProperty().bind(openLocal.visibleProperty());
        progress.visibleProperty().bind(model.startingProperty());
        progress.managedProperty().bind(progress.visibleProperty());
        progressText.textProperty().bind(model.progressProperty());
        cancel.setOnAction(event -> model.cancel());
        localData.setText(MESSAGES.text("local.data", model.data()));
        problem.managedProperty().bind(problem.visibleProperty());
        model.problemProperty()
                .subscribe(
                        now -> {
                            problem.setVisible(now != null);
                            problem.getChildren().clear();
                            if (now != null) {
                                problem.getChildren()
                                        .add(new ProblemView(now, model::openLocalWorkspace));
                            }
                        });
    }
}
