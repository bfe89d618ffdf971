package io.amcinsights.aws;

import io.amcinsights.ports.Documents;
import io.amcinsights.ports.DocumentsContract;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

import java.time.Clock;
import java.time.Instant;

class DynamoDocumentsTest extends DocumentsContract {

    @RegisterExtension static final Moto MOTO = new Moto();

    private static Documents documents;

    @BeforeAll
    static void table() {
        DynamoDbClient dynamo = MOTO.client(DynamoDbClient.builder());
        dynamo.createTable(
                r ->
                        r.tableName("documents")
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .attributeDefinitions(attribute("pk"), attribute("sk"))
                                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
        documents = new DynamoDocuments(dynamo, "documents", Clock.systemUTC());
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    @Override
    protected Documents documents() {
        return documents;
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }
}
