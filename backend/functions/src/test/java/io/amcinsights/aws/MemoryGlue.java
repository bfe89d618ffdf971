package io.amcinsights.aws;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetDatabaseRequest;
import software.amazon.awssdk.services.glue.model.GetDatabaseResponse;

import java.util.HashSet;
import java.util.Set;

/** The Glue Data Catalog in memory, as far as the functions call it. */
public final class MemoryGlue implements GlueClient {

    public final Set<String> databases = new HashSet<>(Set.of("amc_insights"));

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public GetDatabaseResponse getDatabase(GetDatabaseRequest request) {
        if (!databases.contains(request.name())) {
            throw EntityNotFoundException.builder().message("no database").build();
        }
        return GetDatabaseResponse.builder()
                .database(Database.builder().name(request.name()).build())
                .build();
    }
}
