package io.amcinsights.ports;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Documents in memory. */
public final class MemoryDocuments implements Documents {

    private final NavigableMap<String, NavigableMap<String, Document>> partitions = new TreeMap<>();
    private final Clock clock;

    public MemoryDocuments(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Document> get(String partition, String key) {
        return Optional.ofNullable(of(partition).get(key)).filter(this::lives);
    }

    @Override
    public synchronized long put(
            String partition,
            String key,
            String json,
            long expectedVersion,
            @Nullable Instant expires)
            throws ConflictException {
        if (get(partition, key).map(Document::version).orElse(0L) != expectedVersion) {
            throw new ConflictException(partition, key);
        }
        of(partition).put(key, new Document(partition, key, json, expectedVersion + 1, expires));
        return expectedVersion + 1;
    }

    @Override
    public synchronized void delete(String partition, String key, long expectedVersion)
            throws ConflictException {
        Optional<Document> found = get(partition, key);
        if (found.isPresent() && found.get().version() != expectedVersion) {
            throw new ConflictException(partition, key);
        }
        of(partition).remove(key);
    }

    @Override
    public synchronized Page list(
            String partition,
            String keyPrefix,
            boolean descending,
            @Nullable String fromKey,
            int limit) {
        NavigableMap<String, Document> all =
                descending ? of(partition).descendingMap() : of(partition);
        List<Document> found = new ArrayList<>();
        for (Document document : (fromKey == null ? all : all.tailMap(fromKey, true)).values()) {
            if (document.key().startsWith(keyPrefix) && lives(document)) {
                if (found.size() == limit) {
                    return new Page(found, document.key());
                }
                found.add(document);
            }
        }
        return new Page(found, null);
    }

    private boolean lives(Document document) {
        Instant expires = document.expires();
        return expires == null || expires.isAfter(clock.instant());
    }

    private NavigableMap<String, Document> of(String partition) {
        return partitions.computeIfAbsent(partition, p -> new TreeMap<>());
    }
}
