package io.amcinsights.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

class DatabaseTest {

    @TempDir Path folder;

    @Test
    void only_the_owner_can_read_what_it_writes() throws IOException {
        FileStore files = Files.getFileStore(folder);
        assumeTrue(files.supportsFileAttributeView("posix"), "skipped: no POSIX permissions here");
        try (Database database = Database.open(folder.resolve("test.db"))) {
            database.define("CREATE TABLE t (x INTEGER)");
            try (Stream<Path> written = Files.list(folder)) {
                assertThat(written)
                        .hasSizeGreaterThan(1)
                        .allSatisfy(
                                file ->
                                        assertThat(
                                                        PosixFilePermissions.toString(
                                                                Files.getPosixFilePermissions(
                                                                        file)))
                                                .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void work_that_fails_leaves_nothing() throws IOException {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            database.define("CREATE TABLE t (x INTEGER)");
            assertThatThrownBy(
                            () ->
                                    database.write(
                                            c -> {
                                                Sql.update(c, "INSERT INTO t VALUES (1)");
                                                throw new IllegalArgumentException("no");
                                            }))
                    .hasMessage("no");
            Integer rows =
                    database.read(c -> Sql.first(c, "SELECT count(*) FROM t", r -> r.getInt(1)));
            assertThat(rows).isZero();
        }
    }
}
