package io.amcinsights.local.ports;

import io.amcinsights.local.store.Database;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.DocumentsContract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

class StoredDocumentsTest extends DocumentsContract {

    @TempDir Path folder;

    private @Nullable Database database;

    @AfterEach
    void closeDatabase() {
        if (database != null) {
            database.close();
        }
    }

    @Override
    protected Documents documents() {
        try {
            Database opened = Database.open(folder.resolve("test.db"));
            database = opened;
            return new StoredDocuments(opened, InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }
}
