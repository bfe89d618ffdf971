package io.amcinsights.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Documents.Document;
import io.amcinsights.ports.Documents.Page;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What every implementation of {@link Documents} promises. */
public abstract class DocumentsContract {

    private final String partition = "partition-" + UUID.randomUUID();
    private Documents documents;

    /** Documents that may hold others than the test's. */
    protected abstract Documents documents();

    /** The implementation's clock. */
    protected abstract Instant now();

    @BeforeEach
    void open() {
        documents = documents();
    }

    @Test
    void whatWasWrittenIsRead() throws ConflictException {
        String json = "{\"name\":\"Größe \\\"x\\\" 😀\",\"n\":1}";
        assertThat(documents.put(partition, "a/b", json, 0, null)).isEqualTo(1);

        assertThat(documents.get(partition, "a/b"))
                .contains(new Document(partition, "a/b", json, 1, null));
        assertThat(documents.get(partition, "a")).isEmpty();
        assertThat(documents.get(partition + "2", "a/b")).isEmpty();
    }

    @Test
    void aWriterNamesTheVersionItSaw() throws ConflictException {
        documents.put(partition, "k", "1", 0, null);
        assertThatThrownBy(() -> documents.put(partition, "k", "2", 0, null))
                .isInstanceOf(ConflictException.class);
        assertThat(documents.put(partition, "k", "2", 1, null)).isEqualTo(2);
        assertThatThrownBy(() -> documents.put(partition, "k", "3", 1, null))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> documents.put(partition, "absent", "1", 1, null))
                .isInstanceOf(ConflictException.class);
        assertThat(documents.get(partition, "k").orElseThrow().json()).isEqualTo("2");
    }

    @Test
    void oneOfManyWritersAtOnceWins() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String json = Integer.toString(i);
                writers.add(executor.submit(() -> wins(json)));
            }
            int winners = 0;
            for (Future<Boolean> writer : writers) {
                winners += writer.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
        assertThat(documents.get(partition, "k").orElseThrow().version()).isEqualTo(1);
    }

    private boolean wins(String json) {
        try {
            documents.put(partition, "k", json, 0, null);
            return true;
        } catch (ConflictException e) {
            return false;
        }
    }

    @Test
    void whatWasRemovedIsGoneAndMayComeAgain() throws ConflictException {
        documents.put(partition, "k", "1", 0, null);
        assertThatThrownBy(() -> documents.delete(partition, "k", 2))
                .isInstanceOf(ConflictException.class);
        documents.delete(partition, "k", 1);
        documents.delete(partition, "k", 1);

        assertThat(documents.get(partition, "k")).isEmpty();
        assertThat(documents.put(partition, "k", "2", 0, null)).isEqualTo(1);
    }

    @Test
    void whatHasExpiredIsNotThere() throws ConflictException {
        documents.put(partition, "old", "1", 0, now().minusSeconds(10));
        documents.put(partition, "young", "1", 0, now().plusSeconds(3600));

        assertThat(documents.get(partition, "old")).isEmpty();
        assertThat(documents.get(partition, "young")).isPresent();
        assertThat(keys(documents.list(partition, "", false, null, 10))).containsExactly("young");
        assertThat(documents.put(partition, "old", "2", 0, null)).isEqualTo(1);
        assertThat(documents.get(partition, "old").orElseThrow().expires()).isNull();
    }

    @Test
    void documentsAreListedByKeyForwardsAndBackwardsPageByPage() throws ConflictException {
        for (String key : List.of("b/2", "a/1", "b/1", "c", "b/3", "b")) {
            documents.put(partition, key, "1", 0, null);
        }

        assertThat(keys(documents.list(partition, "", false, null, 10)))
                .containsExactly("a/1", "b", "b/1", "b/2", "b/3", "c");
        assertThat(keys(documents.list(partition, "", true, null, 10)))
                .containsExactly("c", "b/3", "b/2", "b/1", "b", "a/1");
        assertThat(keys(documents.list(partition, "b/", false, null, 10)))
                .containsExactly("b/1", "b/2", "b/3");

        Page first = documents.list(partition, "b/", true, null, 2);
        assertThat(keys(first)).containsExactly("b/3", "b/2");
        assertThat(first.nextKey()).isEqualTo("b/1");
        Page second = documents.list(partition, "b/", true, first.nextKey(), 2);
        assertThat(keys(second)).containsExactly("b/1");
        assertThat(second.nextKey()).isNull();

        assertThat(keys(documents.list(partition, "b/", false, "b/2", 10)))
                .containsExactly("b/2", "b/3");
        assertThat(keys(documents.list(partition, "", false, "b/2", 10)))
                .containsExactly("b/2", "b/3", "c");
        assertThat(keys(documents.list(partition, "", true, "b/1", 10)))
                .containsExactly("b/1", "b", "a/1");
        assertThat(documents.list(partition, "x", false, null, 10))
                .isEqualTo(new Page(List.of(), null));
        assertThat(documents.list(partition, "", false, null, 6).nextKey()).isNull();
    }

    private static List<String> keys(Page page) {
        return page.documents().stream().map(Document::key).toList();
    }
}
