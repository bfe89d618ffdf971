package io.amcinsights.store;

import io.amcinsights.contract.Failure;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Records of tenants in the order of time. Their ids begin with the moment, then name the tenant,
 * so that an id alone finds its record, and each tenant's records lie together, in order.
 *
 * @param <T> a record with a component {@code long version}
 */
public final class Timeline<T extends Record> {

    /**
     * @param nextToken where the next page begins; null on the last
     */
    public record Page<T>(List<T> records, @Nullable String nextToken) {}

    private static final Pattern ID = Pattern.compile("\\d{8}T\\d{9}-[^-]+-[0-9a-z]{5}");

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);

    /** Functions that begin from one snapshot would find the same numbers in another generator. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Records<T> records;
    private final String kind;
    private final Function<T, String> id;

    /**
     * @param kind the word that the partitions begin with
     * @param id reads a record's id
     */
    public Timeline(Documents documents, String kind, Class<T> type, Function<T, String> id) {
        this.records = new Records<>(documents, type);
        this.kind = kind;
        this.id = id;
    }

    /** A new id: letters, digits and hyphens, at most 64. */
    public static String newId(Instant now, String tenantId) {
        String random = Long.toString(RANDOM.nextLong(36L * 36 * 36 * 36 * 36), 36);
        return moment(now) + "-" + tenantId + "-" + "0".repeat(5 - random.length()) + random;
    }

    /** A moment as a text of 18 characters; later moments are greater texts. */
    public static String moment(Instant at) {
        return MOMENT.format(at);
    }

    /**
     * Refuses to give more at a time than an answer can hold, and a token that no page had.
     *
     * @param id what the ids of the records look like, one of which is the token
     */
    public static void checkPage(int limit, @Nullable String token, Pattern id) {
        if (limit < 1 || limit > 200) {
            throw Failure.invalid("limit", "Ask for 1 to 200 at a time.").exception();
        }
        if (token != null && !id.matcher(token).matches()) {
            throw Failure.invalid("nextToken", "“%s” is not the token of a page.".formatted(token))
                    .next("Begin with the first page, without a token.")
                    .exception();
        }
    }

    public Optional<T> find(String recordId) {
        return tenantOf(recordId).flatMap(tenant -> records.find(partition(tenant), recordId));
    }

    public T put(T record, long seen) throws ConflictException {
        String recordId = id.apply(record);
        return records.put(partition(tenantOf(recordId).orElseThrow()), recordId, record, seen);
    }

    public Optional<T> change(String recordId, UnaryOperator<T> change) {
        return tenantOf(recordId)
                .flatMap(tenant -> records.change(partition(tenant), recordId, change));
    }

    /**
     * The newest records of these tenants.
     *
     * @param limit at most this many
     * @param token from the page before; null for the first page
     */
    public Page<T> newest(Collection<String> tenantIds, int limit, @Nullable String token) {
        checkPage(limit, token, ID);
        List<T> found =
                tenantIds.parallelStream()
                        .flatMap(t -> records.descending(partition(t), token, limit + 1).stream())
                        .sorted(Comparator.comparing(id).reversed())
                        .limit(limit + 1L)
                        .toList();
        return found.size() > limit
                ? new Page<>(found.subList(0, limit), id.apply(found.get(limit)))
                : new Page<>(found, null);
    }

    private String partition(String tenantId) {
        return kind + "/" + tenantId;
    }

    private static Optional<String> tenantOf(String recordId) {
        String[] parts = recordId.split("-", -1);
        return parts.length == 3 ? Optional.of(parts[1]) : Optional.empty();
    }
}
