package io.amcinsights.local;

import io.amcinsights.local.LocalWorkspace.CannotStart;
import io.amcinsights.local.store.PrivateFiles;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder of everything that a workspace keeps, for one program at a time. */
final class DataFolder implements AutoCloseable {

    private final FileChannel channel;

    /** Takes the folder; makes it, readable by its owner only, if it is not there. */
    static DataFolder take(Path data) throws IOException, CannotStart {
        PrivateFiles.folder(data);
        Path file = data.resolve("workspace.lock");
        PrivateFiles.file(file);
        DataFolder folder = new DataFolder(FileChannel.open(file, StandardOpenOption.WRITE));
        if (!folder.isMine()) {
            folder.close();
            throw new CannotStart(
                    "Another local workspace uses "
                            + data
                            + ". Stop it, or choose another folder.");
        }
        return folder;
    }

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    private boolean isMine() throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
