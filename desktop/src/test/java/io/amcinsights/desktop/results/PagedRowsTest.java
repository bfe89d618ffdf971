package io.amcinsights.desktop.results;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.collections.ListChangeListener.Change;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

class PagedRowsTest {

    @TempDir Path folder;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private ResultFile file;
    private PagedRows rows;

    @BeforeEach
    void open() throws IOException {
        StringBuilder text = new StringBuilder("n\n");
        for (int i = 0; i < 60_500; i++) {
            text.append(i).append('\n');
        }
        file =
                ResultFile.open(
                        Files.writeString(folder.resolve("result"), text),
                        List.of(new Column("n", "bigint")));
        rows = new PagedRows(file, background::add, Runnable::run, failures::add);
    }

    @Test
    void aPageIsReadOnceAndToldOf() {
        List<String> changes = new ArrayList<>();
        rows.addListener(
                (Change<? extends Row> change) -> {
                    while (change.next()) {
                        changes.add(change.getFrom() + "-" + change.getTo());
                    }
                });

        assertThat(rows.get(2_500)).isSameAs(Row.LOADING);
        assertThat(rows.get(2_999)).isSameAs(Row.LOADING);
        assertThat(background).hasSize(1);
        background.remove().run();

        assertThat(rows.get(2_500)).isEqualTo(Row.of("2500"));
        assertThat(changes).containsExactly("2000-3000");
        assertThat(rows).hasSize(60_500);
        assertThat(rows.indexOf(rows.get(2_500))).isEqualTo(2_500);
    }

    @Test
    void beginsWithTheRowsThatAreHere() {
        rows.begin(file.rows(0, 999));
        assertThat(rows.get(998)).isEqualTo(Row.of("998"));
        assertThat(background).isEmpty();

        assertThat(rows.get(999)).isSameAs(Row.LOADING);
        background.remove().run();
        assertThat(rows.get(999)).isEqualTo(Row.of("999"));
    }

    @Test
    void pagesUnusedForLongAreReadAgain() {
        for (int page = 0; page < 60; page++) {
            rows.get(page * PagedRows.PAGE);
            background.remove().run();
        }
        assertThat(rows.get(60_499)).isSameAs(Row.LOADING);
        background.remove().run();
        assertThat(rows.get(60_499)).isEqualTo(Row.of("60499"));
        assertThat(rows.get(0)).isSameAs(Row.LOADING);
        assertThat(background).hasSize(1);
    }

    @Test
    void aFailureIsToldAndNotRepeatedForever() throws IOException {
        rows.get(0);
        file.close();
        background.remove().run();
        assertThat(failures).hasSize(1);
        assertThat(rows.get(0)).isSameAs(Row.LOADING);
        assertThat(background).isEmpty();
    }
}
