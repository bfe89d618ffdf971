package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.util.List;

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
            implements LakeRequest<Deliveries> {
        @Override
        public Class<Deliveries> reply() {
            return Deliveries.class;
        }
    }

    record Deliveries(List<Delivery> deliveries, @Nullable String nextToken) {}

    record GetDelivery(String deliveryId) implements LakeRequest<Delivery> {
        @Override
        public Class<Delivery> reply() {
            return Delivery.class;
        }
    }

    /** All datasets, by name. */
    record ListDatasets() implements LakeRequest<Datasets> {
        @Override
        public Class<Datasets> reply() {
            return Datasets.class;
        }
    }

    record Datasets(List<Dataset> datasets) {}

    /** How a dataset is loaded. */
    record GetDatasetSettings(String dataset) implements LakeRequest<DatasetSettings> {
        @Override
        public Class<DatasetSettings> reply() {
            return DatasetSettings.class;
        }
    }

    /** Changes how a dataset is loaded; {@code version} is the one that was seen. */
    record PutDatasetSettings(DatasetSettings settings) implements LakeRequest<DatasetSettings> {
        @Override
        public Class<DatasetSettings> reply() {
            return DatasetSettings.class;
        }

        @Override
        public boolean writes() {
            return true;
        }
    }

    /** Loads a delivery again that failed. */
    record RedriveDelivery(String deliveryId) implements LakeRequest<Delivery> {
        @Override
        public Class<Delivery> reply() {
            return Delivery.class;
        }

        @Override
        public boolean writes() {
            return true;
        }
    }
}
