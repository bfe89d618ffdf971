package io.amcinsights.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.Documents.Document;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Records of one kind, kept as documents. A record's component {@code version} is the document's.
 *
 * @param <T> a record with a component {@code long version}
 */
public final class Records<T extends Record> {

    private static final int PAGE = 500;
    private static final int ATTEMPTS = 20;

    private final Documents documents;
    private final Class<T> type;

    public Records(Documents documents, Class<T> type) {
        this.documents = documents;
        this.type = type;
    }

    public Optional<T> find(String partition, String key) {
        return documents.get(partition, key).map(this::read);
    }

    /**
     * Writes a record.
     *
     * @param seen the version that the caller saw; 0 for a record that must not exist yet
     * @return the record with its new version
     */
    public T put(String partition, String key, T record, long seen) throws ConflictException {
        return put(partition, key, record, seen, null);
    }

    /** As {@link #put(String, String, Record, long)}, for a record that may be forgotten. */
    public T put(String partition, String key, T record, long seen, @Nullable Instant expires)
            throws ConflictException {
        ObjectNode json = Json.mapper().valueToTree(record);
        json.remove("version");
        String text = json.toString();
        json.put("version", documents.put(partition, key, text, seen, expires));
        return read(partition, key, json);
    }

    /**
     * Changes a record, again on what others made of it meanwhile.
     *
     * @param change returns an equal record to leave it as it is
     * @return what is kept now; empty where there is no such record
     */
    public Optional<T> change(String partition, String key, UnaryOperator<T> change) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Document seen = documents.get(partition, key).orElse(null);
            if (seen == null) {
                return Optional.empty();
            }
            T record = read(seen);
            T changed = change.apply(record);
            if (changed.equals(record)) {
                return Optional.of(record);
            }
            try {
                return Optional.of(put(partition, key, changed, seen.version(), seen.expires()));
            } catch (ConflictException e) {
                // somebody was faster: once more, on the newer record
            }
        }
        throw Failure.of(ErrorCode.CONFLICT, "Too many others change this at the same moment.")
                .next("Try again.")
                .exception();
    }

    /**
     * As {@link #change(String, String, UnaryOperator)}, for a record that comes to be where there
     * is none.
     *
     * @param first what is changed then
     */
    public T change(String partition, String key, T first, UnaryOperator<T> change) {
        if (find(partition, key).isEmpty()) {
            try {
                put(partition, key, first, 0);
            } catch (ConflictException e) {
                // somebody else did
            }
        }
        return change(partition, key, change).orElseThrow();
    }

    /** All records of a partition whose keys begin so, in the order of their keys. */
    public List<T> all(String partition, String keyPrefix) {
        List<T> records = new ArrayList<>();
        String from = null;
        do {
            Documents.Page page = documents.list(partition, keyPrefix, false, from, PAGE);
            page.documents().forEach(d -> records.add(read(d)));
            from = page.nextKey();
        } while (from != null);
        return records;
    }

    /** The first records from a key on, in descending order of their keys. */
    List<T> descending(String partition, @Nullable String fromKey, int limit) {
        return documents.list(partition, "", true, fromKey, limit).documents().stream()
                .map(this::read)
                .toList();
    }

    private T read(Document document) {
        try {
            ObjectNode json = (ObjectNode) Json.mapper().readTree(document.json());
            json.put("version", document.version());
            return read(document.partition(), document.key(), json);
        } catch (JsonProcessingException e) {
            throw unreadable(document.partition(), document.key(), e);
        }
    }

    private T read(String partition, String key, ObjectNode json) {
        try {
            return Json.mapper().treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw unreadable(partition, key, e);
        }
    }

    private static IllegalStateException unreadable(
            String partition, String key, JsonProcessingException e) {
        return new IllegalStateException("Cannot read %s/%s".formatted(partition, key), e);
    }
}
