package io.amcinsights.contract;

import java.time.Instant;
import java.util.List;

/**
 * A dataset that is fed by files which people drop, not by a workflow.
 *
 * @param name of its table
 * @param description in the words of whoever registered it
 * @param address where to drop files: {@code s3://<bucket>/raw/<name>/}. In it a folder for each
 *     tenant, see {@link #folder}; the files below it have any name that ends with one of {@link
 *     #EXTENSIONS}, and, if they are text and compressed, {@code .gz}
 * @param version counts changes
 */
public record RawDataset(
        String name, String description, String address, Instant registeredAt, long version) {

    /** What the names of files end with, by their format. */
    public static final List<String> EXTENSIONS =
            List.of("csv", "json", "jsonl", "ndjson", "parquet");

    /** Where files with rows of a tenant are dropped. */
    public String folder(String tenantId) {
        return "%stenant=%s/".formatted(address, tenantId);
    }
}
