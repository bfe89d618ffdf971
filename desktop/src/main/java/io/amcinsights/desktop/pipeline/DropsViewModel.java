package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.LakeRequest.PutRawDataset;
import io.amcinsights.contract.LakeRequest.RemoveRawDataset;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.aws.S3Objects;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.FileOpener;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Registers datasets for files that people drop, and drops files into them. */
public final class DropsViewModel {

    private static final Messages MESSAGES = Messages.of(DropsViewModel.class);

    private final Backend backend;
    private final S3Objects objects;
    private final Tasks tasks;
    private final Dialogs dialogs;
    private final FileOpener opener;
    private final Toasts toasts;

    private final StringProperty name = new SimpleStringProperty("");
    private final StringProperty description = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable String> tenantId = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();

    public DropsViewModel(
            Backend backend,
            S3Objects objects,
            Tasks tasks,
            Dialogs dialogs,
            FileOpener opener,
            Toasts toasts) {
        this.backend = backend;
        this.objects = objects;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.opener = opener;
        this.toasts = toasts;
    }

    /** Begins with nothing entered, and nothing refused. */
    void clear() {
        name.set("");
        description.set("");
        refused.set(null);
    }

    void register(Consumer<RawDataset> registered) {
        String wanted = name.get().strip();
        String words = description.get().strip();
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new PutRawDataset(wanted, words)))
                .onSuccess(
                        dataset -> {
                            toasts.done(MESSAGES.text("drops.registered", dataset.name()));
                            registered.accept(dataset);
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    void remove(RawDataset dataset, Runnable removed) {
        if (!dialogs.confirm(
                MESSAGES.text("drops.remove.title", dataset.name()),
                MESSAGES.text("drops.remove.message"),
                MESSAGES.text("drops.remove"))) {
            return;
        }
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(new RemoveRawDataset(dataset.name())))
                .onSuccess(left -> removed.run())
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    /** Where files are dropped for the tenant that is chosen; for any while none is. */
    String address(RawDataset dataset) {
        String tenant = tenantId.get();
        return dataset.folder(tenant == null ? MESSAGES.text("drops.anyTenant") : tenant);
    }

    void copyAddress(RawDataset dataset) {
        ClipboardText.copy(address(dataset));
        toasts.done(MESSAGES.text("copied"));
    }

    /** Asks for a file, and drops it for the tenant that is chosen. */
    void drop(RawDataset dataset) {
        String tenant = tenantId.get();
        if (tenant == null) {
            return;
        }
        List<String> extensions = new ArrayList<>(RawDataset.EXTENSIONS);
        extensions.add("gz");
        opener.choose(MESSAGES.text("drops.kind"), extensions)
                .ifPresent(file -> drop(file, dataset.folder(tenant)));
    }

    private void drop(Path file, String folder) {
        String fileName = String.valueOf(file.getFileName());
        String encoded = URLEncoder.encode(fileName, StandardCharsets.UTF_8).replace("+", "%20");
        busy.set(true);
        refused.set(null);
        tasks.run(
                        () -> {
                            objects.put(URI.create(folder + encoded), file);
                            return fileName;
                        })
                .onSuccess(dropped -> toasts.done(MESSAGES.text("drops.dropped", dropped)))
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    StringProperty nameProperty() {
        return name;
    }

    StringProperty descriptionProperty() {
        return description;
    }

    /** Whose rows are dropped; null while nobody is chosen. */
    ObjectProperty<@Nullable String> tenantIdProperty() {
        return tenantId;
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Why the newest command was refused. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }
}
