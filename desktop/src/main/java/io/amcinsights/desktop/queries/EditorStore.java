package io.amcinsights.desktop.queries;

import io.amcinsights.contract.Json;
import io.amcinsights.desktop.common.DesktopFolders;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The open editors, in a file that only their owner can read. What is typed is on disk a moment
 * later, so that an end of any kind costs no text.
 */
public final class EditorStore {

    private final Path folder;
    private final Path file;
    private final Executor later;
    private final AtomicReference<@Nullable Saved> unsaved = new AtomicReference<>();

    /**
     * @param name of the file in the folder
     * @param later runs a task after a moment, off the JavaFX thread
     */
    public EditorStore(Path folder, String name, Executor later) {
        this.folder = folder;
        file = folder.resolve(name);
        this.later = later;
    }

    /** One editor. */
    record Editor(String title, String sql, Reuse reuse) {

        /**
         * @param reuse null in files that were written before there was one
         */
        Editor(String title, String sql, @Nullable Reuse reuse) {
            this.title = title;
            this.sql = sql;
            this.reuse = reuse == null ? Reuse.NEVER : reuse;
        }
    }

    /**
     * All editors in their order.
     *
     * @param selected index of the one that is shown
     */
    record Saved(List<Editor> editors, int selected) {

        static final Saved NOTHING = new Saved(List.of(), 0);

        Saved {
            editors = List.copyOf(editors);
        }
    }

    /**
     * Reads the editors. A file that cannot be understood is put aside, not overwritten.
     *
     * @throws IOException it is there and cannot be read; says where its text is now
     */
    Saved load() throws IOException {
        if (!Files.exists(file)) {
            return Saved.NOTHING;
        }
        String json = Files.readString(file);
        try {
            return Json.read(json, Saved.class);
        } catch (RuntimeException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            throw new IOException("The saved editors cannot be read; they are kept in " + aside, e);
        }
    }

    /**
     * Saves the editors in a moment; what comes until then is saved with it.
     *
     * @param outcome hears, on another thread, how it went; null for well
     */
    void keep(Saved editors, Consumer<@Nullable IOException> outcome) {
        if (unsaved.getAndSet(editors) == null) {
            later.execute(
                    () -> {
                        try {
                            flush();
                            outcome.accept(null);
                        } catch (IOException e) {
                            outcome.accept(e);
                        }
                    });
        }
    }

    /** Saves now what is not saved yet. */
    synchronized void flush() throws IOException {
        Saved editors = unsaved.getAndSet(null);
        if (editors == null) {
            return;
        }
        DesktopFolders.made(folder);
        // A temporary file is its owner's alone where the platform knows owners.
        Path next = Files.createTempFile(folder, "editors", ".new");
        try {
            Files.writeString(next, Json.write(editors));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
