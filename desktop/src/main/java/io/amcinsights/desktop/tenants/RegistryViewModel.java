package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.TenantRequest.ExportTenants;
import io.amcinsights.contract.TenantRequest.ImportTenants;
import io.amcinsights.contract.TenantRequest.ImportedRow;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.FileOpener;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** Writes the tenants into a file, and onboards what a file lists. */
public final class RegistryViewModel {

    private static final Messages MESSAGES = Messages.of(RegistryViewModel.class);

    private final Backend backend;
    private final Tasks tasks;
    private final Toasts toasts;
    private final FileSaver saver;
    private final FileOpener opener;
    private final StringProperty text = new SimpleStringProperty("");
    private final ObservableList<ImportedRow> rows = FXCollections.observableArrayList();
    private final ReadOnlyBooleanWrapper checked = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private Runnable onImported = () -> {};

    public RegistryViewModel(
            Backend backend, Tasks tasks, Toasts toasts, FileSaver saver, FileOpener opener) {
        this.backend = backend;
        this.tasks = tasks;
        this.toasts = toasts;
        this.saver = saver;
        this.opener = opener;
        text.subscribe(this::forget);
    }

    void setOnImported(Runnable listener) {
        onImported = listener;
    }

    void export(ExportTenants.Format format) {
        saver.choose(
                        "tenants." + format.name().toLowerCase(Locale.ROOT),
                        MESSAGES.text("registry.kind"))
                .ifPresent(
                        file ->
                                tasks.run(
                                                () ->
                                                        Files.writeString(
                                                                file,
                                                                backend.call(
                                                                                new ExportTenants(
                                                                                        format))
                                                                        .text()))
                                        .onSuccess(
                                                written ->
                                                        toasts.done(
                                                                MESSAGES.text(
                                                                        "registry.exported",
                                                                        written.getFileName())))
                                        .onFailure(toasts::failed)
                                        .start());
    }

    /** Begins anew. */
    void begin() {
        text.set("");
        forget();
    }

    private void forget() {
        rows.clear();
        checked.set(false);
        problem.set(null);
    }

    void choose() {
        opener.choose(MESSAGES.text("registry.kind"), List.of("csv", "json"))
                .ifPresent(
                        file ->
                                tasks.run(() -> Files.readString(file))
                                        .onSuccess(
                                                read -> {
                                                    text.set(read);
                                                    check();
                                                })
                                        .onFailure(problem::set)
                                        .start());
    }

    /** Asks what would come of each row. */
    void check() {
        send(true);
    }

    /** Onboards the rows that are fine. */
    void load() {
        send(false);
    }

    private void send(boolean dryRun) {
        ImportTenants request = new ImportTenants(text.get(), dryRun);
        busy.set(true);
        problem.set(null);
        tasks.run(() -> backend.call(request).rows())
                .onSuccess(
                        all -> {
                            long fresh =
                                    all.stream()
                                            .filter(r -> r.outcome() == ImportedRow.Outcome.NEW)
                                            .count();
                            if (request.text().equals(text.get())) {
                                rows.setAll(all);
                                checked.set(dryRun && fresh > 0);
                            }
                            if (!dryRun) {
                                toasts.done(MESSAGES.text("registry.imported", fresh));
                                onImported.run();
                            }
                        })
                .onFailure(problem::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    StringProperty textProperty() {
        return text;
    }

    /** What comes of each row; none until it was asked. */
    ObservableList<ImportedRow> rows() {
        return rows;
    }

    /** Whether it was asked what would come of the text, and something would. */
    ReadOnlyBooleanProperty checkedProperty() {
        return checked.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Problem> problemProperty() {
        return problem.getReadOnlyProperty();
    }
}
