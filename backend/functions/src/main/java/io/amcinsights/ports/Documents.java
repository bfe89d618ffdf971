package io.amcinsights.ports;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Small JSON documents, each under a partition and a key within it. Changes are optimistic: a
 * writer names the version that it saw.
 */
public interface Documents {

    /**
     * @param version 1 for a new document, one more with each change
     * @param expires when it may be forgotten; null for never
     */
    record Document(
            String partition, String key, String json, long version, @Nullable Instant expires) {}

    /**
     * @param nextKey where the next page begins; null on the last
     */
    record Page(List<Document> documents, @Nullable String nextKey) {}

    /** The document; empty where there is none, or where it has expired. */
    Optional<Document> get(String partition, String key);

    /**
     * Writes a document.
     *
     * @param expectedVersion the version that the caller saw; 0 for one that must not exist yet
     * @return the new version
     * @throws ConflictException somebody else wrote it since
     */
    long put(
            String partition,
            String key,
            String json,
            long expectedVersion,
            @Nullable Instant expires)
            throws ConflictException;

    /**
     * Removes a document; nothing happens where there is none.
     *
     * @throws ConflictException somebody else wrote it since
     */
    void delete(String partition, String key, long expectedVersion) throws ConflictException;

    /**
     * A partition's documents in the order of their keys.
     *
     * @param keyPrefix only keys that begin so
     * @param descending from the last key to the first
     * @param fromKey where to begin, included; null for the beginning
     * @param limit at most this many
     */
    Page list(
            String partition,
            String keyPrefix,
            boolean descending,
            @Nullable String fromKey,
            int limit);

    /** A document is not what the writer saw. */
    final class ConflictException extends Exception {

        private static final long serialVersionUID = 1;

        public ConflictException(String partition, String key) {
            super("%s/%s was changed by somebody else".formatted(partition, key));
        }
    }
}
