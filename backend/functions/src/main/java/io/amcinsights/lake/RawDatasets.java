package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.RawDataset;
import io.amcinsights.lake.plan.Names;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The datasets that are registered for files which people drop. */
public final class RawDatasets {

    private static final String REGISTERED = "raw-dataset";
    private static final int LONGEST_NAME = 100;

    private final Records<RawDataset> registered;
    private final Documents documents;
    private final DatasetStore datasets;
    private final TenantStore tenants;
    private final String lakeBucket;
    private final Clock clock;

    public RawDatasets(
            Documents documents,
            DatasetStore datasets,
            TenantStore tenants,
            String lakeBucket,
            Clock clock) {
        this.registered = new Records<>(documents, RawDataset.class);
        this.documents = documents;
        this.datasets = datasets;
        this.tenants = tenants;
        this.lakeBucket = lakeBucket;
        this.clock = clock;
    }

    List<RawDataset> all() {
        return registered.all(REGISTERED, "");
    }

    /** Registers a dataset, or describes one that is registered. */
    RawDataset put(String name, String description) {
        if (name.isEmpty() || !Names.plain(name).equals(name) || name.length() > LONGEST_NAME) {
            throw Failure.invalid("name", "“%s” is no name of a table.".formatted(name))
                    .next(
                            "Use a letter first, then up to %d lower-case letters, digits and _."
                                    .formatted(LONGEST_NAME - 1))
                    .exception();
        }
        if (LatestView.isNamedSo(name)) {
            throw Failure.invalid("name", "Names that end with _latest are those of views.")
                    .next("Choose another name.")
                    .exception();
        }
        if (!datasets.register(name)) {
            throw new FailureException(
                    Failure.of(
                                    ErrorCode.ALREADY_EXISTS,
                                    "There is a dataset “%s” already, which a workflow feeds."
                                            .formatted(name))
                            .with("field", "name")
                            .next("Choose another name."));
        }
        String address = "s3://%s/%s%s/".formatted(lakeBucket, RawFile.PREFIX, name);
        RawDataset first = new RawDataset(name, description, address, clock.instant(), 0);
        return registered.change(
                REGISTERED,
                name,
                first,
                d -> new RawDataset(name, description, address, d.registeredAt(), d.version()));
    }

    /** Forgets a dataset that has no rows. */
    void remove(String name) {
        RawDataset dataset = registered.find(REGISTERED, name).orElseThrow(() -> absent(name));
        try {
            if (!datasets.unregister(name)) {
                throw Failure.of(
                                ErrorCode.CONFLICT,
                                "The dataset “%s” has rows, and stays.".formatted(name))
                        .exception();
            }
            documents.delete(REGISTERED, name, dataset.version());
        } catch (ConflictException e) {
            throw Failure.of(ErrorCode.CONFLICT, "Somebody else changes the dataset just now.")
                    .next("Look at it again, then try once more.")
                    .exception();
        }
    }

    private static FailureException absent(String name) {
        return Failure.of(
                        ErrorCode.NOT_FOUND,
                        "No dataset “%s” is registered for dropped files.".formatted(name))
                .exception();
    }

    /** What a dropped file is; empty for objects of other places. */
    Optional<RawFile> file(String bucket, String key) {
        return bucket.equals(lakeBucket) ? RawFile.of(key) : Optional.empty();
    }

    /** Whether an object is below the prefix for dropped files, laid out as agreed or not. */
    boolean isDropped(String bucket, String key) {
        return bucket.equals(lakeBucket) && key.startsWith(RawFile.PREFIX);
    }

    /**
     * Why a dropped file is nothing to load, in words; null where it is.
     *
     * @param file null where its key is not laid out as agreed
     */
    @Nullable String ignored(@Nullable RawFile file) {
        if (file == null) {
            return "Not where dropped files belong: raw/<dataset>/tenant=<tenant>/<file>.";
        }
        if (registered.find(REGISTERED, file.dataset()).isEmpty()) {
            return "No dataset “%s” is registered. Register it, then drop the file again."
                    .formatted(file.dataset());
        }
        if (tenants.find(file.tenantId()).isEmpty()) {
            return "There is no tenant “%s”.".formatted(file.tenantId());
        }
        return file.format() == null
                ? "Its name must end with %s; .gz may follow, except after .parquet."
                        .formatted("." + String.join(", .", RawDataset.EXTENSIONS))
                : null;
    }

    /** The format of a file that is to be loaded. */
    static SourceFormat format(Optional<RawFile> file) {
        SourceFormat format = file.map(RawFile::format).orElse(null);
        return format == null ? SourceFormat.AMC_CSV : format;
    }
}
