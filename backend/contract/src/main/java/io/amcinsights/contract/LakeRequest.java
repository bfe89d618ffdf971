package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the data lake answers. */
public sealed interface LakeRequest<R> extends Request<R> {

    @Override
    default BackendFunction function() {
        return BackendFunction.LAKE;
    }

    /**
     * Deliveries, newest first.
     *
     * @param tenantId only this tenant's; all where null
     * @param limit at most this many, 1 to 200
     * @param nextToken from the page before
     */
    record ListDeliveries(@Nullable String tenantId, int limit, @Nullable String nextToken)
            implements LakeRequest<Deliveries> {}

    record Deliveries(List<Delivery> deliveries, @Nullable String nextToken) {}

    record GetDelivery(String deliveryId) implements LakeRequest<Delivery> {}

    /** All datasets, by name. */
    record ListDatasets() implements LakeRequest<Datasets> {}

    record Datasets(List<Dataset> datasets) {}

    /** How a dataset is loaded. */
    record GetDatasetSettings(String dataset) implements LakeRequest<DatasetSettings> {}

    /** Changes how a dataset is loaded; {@code version} is the one that was seen. */
    record PutDatasetSettings(DatasetSettings settings)
            implements LakeRequest<DatasetSettings>, Writing {}

    /** The datasets that are registered for files which people drop, by name. */
    record ListRawDatasets() implements LakeRequest<RawDatasets> {}

    record RawDatasets(List<RawDataset> datasets) {}

    /** What the rows of a dataset are expected to be like. */
    record GetDatasetRules(String dataset) implements LakeRequest<RulesInForce> {}

    /**
     * @param newest what the age of each active tenant's data counts from, by tenant; see {@link
     *     Rule.Freshness}
     */
    record RulesInForce(DatasetRules rules, Map<String, Instant> newest) {}

    /**
     * Changes what the rows of a dataset are expected to be like; {@code version} is the one that
     * was seen.
     *
     * <p>Fails with {@link ErrorCode#INVALID_REQUEST} and the field {@code rules[n]} where a rule
     * names a column that the dataset has not, or one of a type that it cannot hold for.
     */
    record PutDatasetRules(DatasetRules rules) implements LakeRequest<DatasetRules>, Writing {}

    /** What is made of the rows of a dataset before they are loaded. */
    record GetTransformation(String dataset) implements LakeRequest<TransformationInUse> {}

    /**
     * @param input columns of the table {@code input}, as far as deliveries have told
     * @param samples deliveries that it can be tried on, newest first
     */
    record TransformationInUse(
            Transformation transformation, List<Dataset.Column> input, List<Delivery> samples) {}

    /**
     * Tries a transformation on a delivery, and loads nothing. It shows rows of whatever tenant the
     * delivery is of, and so is for those who may change the installation.
     *
     * <p>Fails with {@link ErrorCode#INVALID_REQUEST} and the field {@code sql} where the SQL
     * cannot be run, or makes what is no dataset.
     *
     * @param deliveryId one of the samples; null for the newest
     */
    record TryTransformation(String dataset, String sql, @Nullable String deliveryId)
            implements LakeRequest<Trial>, Writing {}

    /**
     * What a transformation made of a delivery.
     *
     * @param reads the other datasets that it reads
     * @param rowsIn of the delivery
     * @param rowsOut that were made
     * @param columns of the rows, in the types that the dataset has for them
     * @param rows the first, at most 50, as texts
     */
    record Trial(
            String deliveryId,
            List<String> reads,
            long rowsIn,
            long rowsOut,
            List<Dataset.Column> columns,
            List<List<@Nullable String>> rows) {}

    /**
     * Keeps a transformation as a version, which is not in force yet; it is tried on the newest
     * delivery first, and refused as {@link TryTransformation} would. {@code version} is that of
     * the {@link Transformation} that was seen.
     */
    record PutTransformation(String dataset, String sql, long version)
            implements LakeRequest<Transformation>, Writing {}

    /**
     * Puts a version in force, from the next delivery on; {@code version} is that of the {@link
     * Transformation} that was seen.
     *
     * @param number of the version; 0 to load rows as they are
     */
    record SwitchTransformation(String dataset, int number, long version)
            implements LakeRequest<Transformation>, Writing {}

    /** What feeds the campaign report, and could. */
    record GetCampaignReport() implements LakeRequest<CampaignReport> {}

    /**
     * Decides how a dataset feeds the campaign report, and publishes it so; {@code version} is the
     * one that was seen.
     *
     * <p>Fails with {@link ErrorCode#INVALID_REQUEST} and the field {@code columns.FIELD} or {@code
     * channel} where a column cannot feed it.
     */
    record PutReportMapping(ReportMapping mapping)
            implements LakeRequest<CampaignReport>, Writing {}

    /**
     * Registers a dataset for files which people drop, or describes it anew.
     *
     * @param name of its table: lower-case letters, digits and underscores
     */
    record PutRawDataset(String name, String description)
            implements LakeRequest<RawDataset>, Writing {}

    /** Forgets a registered dataset; fails with {@link ErrorCode#CONFLICT} where it has rows. */
    record RemoveRawDataset(String name) implements LakeRequest<RawDatasets>, Writing {}

    /**
     * Loads what AMC has delivered, or people have dropped, in the last three days and nobody has
     * told of, and gives what is granted on datasets that have come since. Asked by a timer of the
     * installation, every hour.
     */
    record ReconcileDeliveries() implements LakeRequest<FoundDeliveries>, Writing {}

    /**
     * @param objects that are loaded now, {@code s3://} addresses
     */
    record FoundDeliveries(List<String> objects) {}

    /** Loads deliveries again that failed, each by itself. */
    record RedriveDeliveries(List<String> deliveryIds) implements LakeRequest<Redriven>, Writing {}

    /**
     * @param deliveries that are being loaded
     * @param refused why others are not, by their ids
     */
    record Redriven(List<Delivery> deliveries, Map<String, Failure> refused) {}

    /**
     * The beginning of a delivered file, as it is: at most 64 KiB of it, and 50 lines.
     *
     * <p>Fails with {@link ErrorCode#BUCKET_ACCESS} or {@link ErrorCode#BAD_DELIVERY} where it
     * cannot be read any more.
     */
    record PreviewDelivery(String deliveryId) implements LakeRequest<Preview> {}

    /**
     * @param lines of the file, without their ends; bytes that are no UTF-8 as U+FFFD
     * @param more the file goes on
     */
    record Preview(List<String> lines, boolean more) {}

    /** Loads a delivery again that failed. */
    record RedriveDelivery(String deliveryId) implements LakeRequest<Delivery>, Writing {}

    /** Who may read what. */
    record ListGrants() implements LakeRequest<Access> {}

    /**
     * Lets a principal read the rows of some tenants, or of all, and of no others any more. Refused
     * with {@link ErrorCode#NOT_ALLOWED} where Lake Formation is off.
     *
     * @param tenants ids; empty where all
     * @param version of the grant that was seen; 0 for a new one
     */
    record PutGrant(String principal, boolean all, List<String> tenants, long version)
            implements LakeRequest<Access>, Writing {}

    /**
     * Takes a principal's grant back. What it may read then is up to the mode: everything that IAM
     * lets it read in {@link Access.Mode#HYBRID}, nothing in {@link Access.Mode#ON}.
     */
    record RemoveGrant(String principal) implements LakeRequest<Access>, Writing {}
}
