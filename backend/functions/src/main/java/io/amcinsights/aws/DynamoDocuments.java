package io.amcinsights.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.amcinsights.ports.Documents;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Documents as items of one DynamoDB table with the keys {@code pk} and {@code sk}. */
final class DynamoDocuments implements Documents {

    /** No key sorts behind a prefix and this. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    DynamoDocuments(DynamoDbClient dynamo, String table, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.clock = clock;
    }

    @Override
    public Optional<Document> get(String partition, String key) {
        return Optional.of(
                        dynamo.getItem(
                                        r ->
                                                r.tableName(table)
                                                        .key(id(partition, key))
                                                        .consistentRead(true))
                                .item())
                .filter(item -> !item.isEmpty())
                .map(DynamoDocuments::document)
                .filter(d -> d.expires() == null || d.expires().isAfter(clock.instant()));
    }

    @Override
    public long put(
            String partition,
            String key,
            String json,
            long expectedVersion,
            @Nullable Instant expires)
            throws ConflictException {
        Map<String, AttributeValue> item = new HashMap<>(id(partition, key));
        item.put("json", fromS(json));
        item.put("version", number(expectedVersion + 1));
        if (expires != null) {
            item.put("expires", number(expires.getEpochSecond()));
        }
        boolean isNew = expectedVersion == 0;
        try {
            dynamo.putItem(
                    r ->
                            r.tableName(table)
                                    .item(item)
                                    .conditionExpression(
                                            isNew
                                                    ? "attribute_not_exists(pk) OR expires <= :now"
                                                    : "version = :seen")
                                    .expressionAttributeValues(
                                            isNew
                                                    ? Map.of(":now", now())
                                                    : Map.of(":seen", number(expectedVersion))));
        } catch (ConditionalCheckFailedException e) {
            throw new ConflictException(partition, key);
        }
        return expectedVersion + 1;
    }

    @Override
    public void delete(String partition, String key, long expectedVersion)
            throws ConflictException {
        try {
            dynamo.deleteItem(
                    r ->
                            r.tableName(table)
                                    .key(id(partition, key))
                                    .conditionExpression(
                                            "attribute_not_exists(pk) OR version = :seen")
                                    .expressionAttributeValues(
                                            Map.of(":seen", number(expectedVersion))));
        } catch (ConditionalCheckFailedException e) {
            throw new ConflictException(partition, key);
        }
    }

    @Override
    public Page list(
            String partition,
            String keyPrefix,
            boolean descending,
            @Nullable String fromKey,
            int limit) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":pk", fromS(partition));
        values.put(":now", now());
        QueryRequest query =
                QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .scanIndexForward(!descending)
                        .limit(limit + 1)
                        .keyConditionExpression(
                                "pk = :pk" + keys(keyPrefix, descending, fromKey, values))
                        .filterExpression("attribute_not_exists(expires) OR expires > :now")
                        .expressionAttributeValues(values)
                        .build();
        List<Document> found = new ArrayList<>();
        for (Map<String, AttributeValue> item : dynamo.queryPaginator(query).items()) {
            if (found.size() == limit) {
                return new Page(found, attribute(item, "sk").s());
            }
            found.add(document(item));
        }
        return new Page(found, null);
    }

    private static String keys(
            String prefix,
            boolean descending,
            @Nullable String fromKey,
            Map<String, AttributeValue> values) {
        if (prefix.isEmpty() && fromKey == null) {
            return "";
        }
        if (prefix.isEmpty()) {
            values.put(":from", fromS(fromKey));
            return descending ? " AND sk <= :from" : " AND sk >= :from";
        }
        if (fromKey == null) {
            values.put(":prefix", fromS(prefix));
            return " AND begins_with(sk, :prefix)";
        }
        values.put(":low", fromS(descending ? prefix : fromKey));
        values.put(":high", fromS(descending ? fromKey : prefix + LAST));
        return " AND sk BETWEEN :low AND :high";
    }

    private static Map<String, AttributeValue> id(String partition, String key) {
        return Map.of("pk", fromS(partition), "sk", fromS(key));
    }

    private static Document document(Map<String, AttributeValue> item) {
        AttributeValue expires = item.get("expires");
        return new Document(
                attribute(item, "pk").s(),
                attribute(item, "sk").s(),
                attribute(item, "json").s(),
                Long.parseLong(attribute(item, "version").n()),
                expires == null ? null : Instant.ofEpochSecond(Long.parseLong(expires.n())));
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name), name);
    }

    private AttributeValue now() {
        return number(clock.instant().getEpochSecond());
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
