package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Credentials;
import io.amcinsights.contract.CredentialsDraft;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.ConsentPage;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Browser;
import io.amcinsights.desktop.common.BrowserAnswer;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.FormFields;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** The Amazon Ads credentials, and the sign-in that makes and repairs them. */
public final class CredentialsViewModel {

    /** What is entered, by the name of the draft's field. */
    enum Field {
        LABEL("label"),
        CLIENT_ID("clientId"),
        CLIENT_SECRET("clientSecret");

        private final String word;

        Field(String word) {
            this.word = word;
        }
    }

    /**
     * Where Amazon's page leads back to. An application registers its ways back with Amazon
     * beforehand, so the port is always this.
     */
    public static final int PORT = 8719;

    private static final String PATH = "/callback";

    private static final Messages MESSAGES = Messages.of(CredentialsViewModel.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final Dialogs dialogs;
    private final Browser browser;
    private final int port;
    private final ObservableList<Credentials> all = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyBooleanWrapper entering = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper waiting = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<AmcRegion> region = new SimpleObjectProperty<>(AmcRegion.NA);
    private final FormFields<Field> fields = new FormFields<>(Field.class, field -> field.word);
    private Runnable onChanged = () -> {};
    private @Nullable String credentialsId;
    private Tasks.@Nullable Handle signingIn;

    /**
     * @param port that the sign-in page leads back to; 0 for any
     */
    public CredentialsViewModel(
            Backend backend,
            Tasks tasks,
            Toasts toasts,
            Dialogs dialogs,
            Browser browser,
            int port) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.dialogs = dialogs;
        this.browser = browser;
        this.port = port;
    }

    /** The way back that people enter at Login with Amazon. */
    static String wayBack() {
        return wayBack(PORT);
    }

    private static String wayBack(int port) {
        return "http://localhost:%d%s".formatted(port, PATH);
    }

    void setOnChanged(Runnable listener) {
        onChanged = listener;
    }

    /** Shows the list. */
    void show() {
        entering.set(false);
        problem.set(null);
        tasks.run(() -> backend.call(new TenantRequest.ListCredentials()).credentials())
                .onSuccess(
                        found -> {
                            all.setAll(found);
                            state.set(ViewState.CONTENT);
                        })
                .onFailure(failure -> state.set(ViewState.retried(failure, state, this::show)))
                .start();
    }

    void add() {
        enter(null, "", AmcRegion.NA, "");
    }

    void signInAgain(Credentials credentials) {
        enter(
                credentials.credentialsId(),
                credentials.label(),
                credentials.region(),
                credentials.clientId());
    }

    private void enter(@Nullable String id, String label, AmcRegion where, String clientId) {
        credentialsId = id;
        value(Field.LABEL).set(label);
        value(Field.CLIENT_ID).set(clientId);
        value(Field.CLIENT_SECRET).set("");
        region.set(where);
        fields.clear();
        problem.set(null);
        entering.set(true);
    }

    /** Opens Amazon's page in the browser and waits for its answer. */
    void signIn() {
        String label = fields.entered(Field.LABEL);
        String id = credentialsId == null ? idOf(label) : credentialsId;
        CredentialsDraft draft = draft(id, label, PORT);
        Map<String, String> problems = draft.problems();
        fields.show(problems);
        problem.set(null);
        if (credentialsId == null && all.stream().anyMatch(c -> c.credentialsId().equals(id))) {
            message(Field.LABEL).set(MESSAGES.text("credentials.taken"));
            return;
        }
        if (!problems.isEmpty()) {
            return;
        }
        waiting.set(true);
        signingIn =
                tasks.run(() -> signIn(id, label))
                        .onSuccess(
                                done -> {
                                    toasts.done(MESSAGES.text("credentials.done", done.label()));
                                    show();
                                    onChanged.run();
                                })
                        .onFailure(this::refused)
                        .andFinally(() -> waiting.set(false))
                        .start();
    }

    private Credentials signIn(String id, String label) throws InterruptedException {
        try (BrowserAnswer answer = new BrowserAnswer(port, PATH, MESSAGES)) {
            ConsentPage page =
                    backend.call(
                            new TenantRequest.BeginAuthorization(draft(id, label, answer.port())));
            answer.expect(page.state());
            tasks.inForeground(() -> browser.open(URI.create(page.address())));
            String code = answer.code(PATIENCE);
            return backend.call(new TenantRequest.CompleteAuthorization(id, page.state(), code));
        }
    }

    private CredentialsDraft draft(String id, String label, int back) {
        return new CredentialsDraft(
                id,
                label,
                region.get(),
                fields.entered(Field.CLIENT_ID),
                fields.entered(Field.CLIENT_SECRET),
                wayBack(back));
    }

    private static String idOf(String label) {
        String plain =
                Normalizer.normalize(label, Normalizer.Form.NFD)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\p{M}", "")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-+|-+$", "");
        return plain.substring(0, Math.min(40, plain.length()));
    }

    private void refused(Problem refusal) {
        if (!fields.refused(refusal)) {
            problem.set(refusal);
        }
    }

    /** Stops waiting for the page. */
    void stopWaiting() {
        if (signingIn != null) {
            signingIn.cancel();
            signingIn = null;
        }
        waiting.set(false);
    }

    void delete(Credentials credentials) {
        if (dialogs.confirm(
                MESSAGES.text("credentials.delete.title", credentials.label()),
                MESSAGES.text("credentials.delete.text"),
                MESSAGES.text("credentials.delete"))) {
            problem.set(null);
            tasks.run(
                            () ->
                                    backend.call(
                                            new TenantRequest.DeleteCredentials(
                                                    credentials.credentialsId())))
                    .onSuccess(deleted -> show())
                    .onFailure(problem::set)
                    .start();
        }
    }

    ObservableList<Credentials> all() {
        return all;
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Whether the form is shown in place of the list. */
    ReadOnlyBooleanProperty enteringProperty() {
        return entering.getReadOnlyProperty();
    }

    /** Whether the page is open and has not answered. */
    ReadOnlyBooleanProperty waitingProperty() {
        return waiting.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    ObjectProperty<AmcRegion> regionProperty() {
        return region;
    }

    StringProperty value(Field field) {
        return fields.value(field);
    }

    StringProperty message(Field field) {
        return fields.message(field);
    }
}
