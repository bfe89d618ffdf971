package io.amcinsights.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

import io.amcinsights.Invocation;
import io.amcinsights.contract.AmcIds;
import io.amcinsights.contract.BucketPlan;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantDraft;
import io.amcinsights.contract.TenantRequest.ExportTenants.Format;
import io.amcinsights.contract.TenantRequest.Exported;
import io.amcinsights.contract.TenantRequest.Imported;
import io.amcinsights.contract.TenantRequest.ImportedRow;
import io.amcinsights.contract.TenantRequest.ImportedRow.Outcome;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tenants as a text, and a text as tenants. */
public final class Registry {

    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    /**
     * A row as it was read.
     *
     * @param number counts from 1
     * @param makesBucket whether it wants its bucket to be made
     */
    private record Row(int number, TenantDraft draft, boolean makesBucket) {}

    private static final List<String> COLUMNS =
            List.of(
                    "name",
                    "instanceId",
                    "accountId",
                    "marketplaceId",
                    "bucketName",
                    "bucketRegion",
                    "awsAccountId",
                    "credentialsId");
    private static final CsvMapper CSV = new CsvMapper();

    private final Tenants tenants;
    private final Provisioning provisioning;
    private final String region;
    private final String awsAccountId;

    /**
     * @param region the installation's; what a payload of the retired solution means by none
     * @param awsAccountId the installation's, likewise; empty where it is not known
     */
    public Registry(
            Tenants tenants, Provisioning provisioning, String region, String awsAccountId) {
        this.tenants = tenants;
        this.provisioning = provisioning;
        this.region = region;
        this.awsAccountId = awsAccountId;
    }

    Exported export(Format format) {
        List<Map<String, String>> rows =
                tenants.list().stream().map(t -> fields(t.draft())).toList();
        try {
            return new Exported(
                    switch (format) {
                        case JSON ->
                                Json.mapper()
                                        .writerWithDefaultPrettyPrinter()
                                        .writeValueAsString(rows);
                        case CSV -> CSV.writer(schema()).writeValueAsString(rows);
                    });
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CsvSchema schema() {
        CsvSchema.Builder schema = CsvSchema.builder();
        COLUMNS.forEach(schema::addColumn);
        return schema.build().withHeader();
    }

    private static Map<String, String> fields(TenantDraft draft) {
        Map<String, String> fields =
                Json.mapper()
                        .convertValue(draft, new TypeReference<LinkedHashMap<String, String>>() {});
        fields.keySet().retainAll(COLUMNS);
        return fields;
    }

    Imported load(String text, boolean dryRun) {
        Map<String, Tenant> known = new HashMap<>();
        Set<String> buckets = new HashSet<>();
        tenants.list()
                .forEach(
                        t -> {
                            known.put(t.tenantId(), t);
                            buckets.add(t.bucketName());
                        });
        Set<String> seen = new HashSet<>();
        List<ImportedRow> done = new ArrayList<>();
        for (Row row : read(text.strip())) {
            done.add(load(row, known, buckets, seen, dryRun));
        }
        return new Imported(done);
    }

    private ImportedRow load(
            Row row,
            Map<String, Tenant> known,
            Set<String> buckets,
            Set<String> seen,
            boolean dryRun) {
        TenantDraft draft = row.draft();
        try {
            Failure.refuse(draft.problems());
            if (!seen.add(draft.instanceId())) {
                throw Failure.invalid("instanceId", "An earlier row has the same AMC instance.")
                        .exception();
            }
            Tenant tenant = known.get(draft.instanceId());
            if (tenant != null && tenant.draft().equals(draft)) {
                return new ImportedRow(row.number(), draft.name(), Outcome.SAME, null);
            }
            if (tenant != null && tenant.status() != Tenant.Status.FAILED) {
                throw Failure.of(
                                ErrorCode.ALREADY_EXISTS,
                                "The tenant “%s” is there already, with other values."
                                        .formatted(tenant.name()))
                        .next("Change it by hand, under Tenants.")
                        .exception();
            }
            if (tenant == null && !buckets.add(draft.bucketName())) {
                throw Failure.invalid("bucketName", "The bucket belongs to another tenant.")
                        .exception();
            }
            if (row.makesBucket()) {
                BucketPlan plan = provisioning.planBucket(draft);
                if (!dryRun) {
                    provisioning.prepareBucket(draft, plan.planId());
                }
            }
            if (!dryRun) {
                tenants.onboard(draft);
            }
            return new ImportedRow(row.number(), draft.name(), Outcome.NEW, null);
        } catch (FailureException e) {
            return new ImportedRow(row.number(), draft.name(), Outcome.REFUSED, e.failure());
        } catch (SdkException e) {
            log.error("The row {} could not be imported", row.number(), e);
            return new ImportedRow(
                    row.number(), draft.name(), Outcome.REFUSED, Invocation.unexpected(e));
        }
    }

    private List<Row> read(String text) {
        try {
            return text.startsWith("{") || text.startsWith("[")
                    ? json(Json.mapper().readTree(text))
                    : csv(text);
        } catch (IOException e) {
            String why =
                    e instanceof JsonProcessingException wrong
                            ? wrong.getOriginalMessage()
                            : String.valueOf(e.getMessage());
            throw new FailureException(
                    Failure.invalid("text", "The text is neither CSV nor JSON: " + why)
                            .next("Export the tenants to see how it is written."),
                    e);
        }
    }

    private List<Row> json(JsonNode json) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode element : json.isArray() ? json : Json.mapper().createArrayNode().add(json)) {
            int number = rows.size() + 1;
            JsonNode legacy = element.path("customer_details");
            rows.add(
                    legacy.isObject()
                            ? legacy(number, legacy)
                            : new Row(number, draft(strings(element)), false));
        }
        return rows;
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new HashMap<>();
        object.properties().forEach(p -> strings.put(p.getKey(), p.getValue().asText("")));
        return strings;
    }

    private List<Row> csv(String text) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (MappingIterator<Map<String, String>> lines =
                CSV.readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(text)) {
            while (lines.hasNext()) {
                rows.add(new Row(rows.size() + 2, draft(lines.next()), false));
            }
        }
        return rows;
    }

    private TenantDraft draft(Map<String, String> fields) {
        return draft(
                value(fields, "name", ""),
                value(fields, "instanceId", ""),
                value(fields, "accountId", ""),
                value(fields, "marketplaceId", ""),
                value(fields, "bucketName", ""),
                value(fields, "bucketRegion", region),
                value(fields, "awsAccountId", awsAccountId),
                value(fields, "credentialsId", "default"));
    }

    /** Source: the retired solution's tenant provisioning, {@code customer_details}. */
    private Row legacy(int number, JsonNode details) {
        Map<String, String> fields = strings(details);
        Map<String, String> amc = strings(details.path("amc"));
        TenantDraft draft =
                draft(
                        value(fields, "customer_name", value(fields, "customer_id", "")),
                        value(amc, "instance_id", ""),
                        value(amc, "amazon_ads_advertiser_id", ""),
                        value(amc, "amazon_ads_marketplace_id", ""),
                        value(amc, "bucket_name", ""),
                        value(fields, "bucket_region", region),
                        value(fields, "bucket_account", awsAccountId),
                        value(fields, "auth_id", "default"));
        return new Row(
                number, draft, value(fields, "bucket_exists", "true").equalsIgnoreCase("false"));
    }

    private static TenantDraft draft(
            String name,
            String instanceId,
            String accountId,
            String marketplaceId,
            String bucketName,
            String bucketRegion,
            String awsAccountId,
            String credentialsId) {
        return new TenantDraft(
                name,
                instanceId,
                accountId,
                marketplaceId,
                AmcIds.region(marketplaceId),
                bucketName,
                bucketRegion,
                awsAccountId,
                credentialsId);
    }

    private static String value(Map<String, String> fields, String name, String otherwise) {
        String value = fields.get(name);
        return value == null || value.isBlank() || value.equals("null") ? otherwise : value.strip();
    }
}
