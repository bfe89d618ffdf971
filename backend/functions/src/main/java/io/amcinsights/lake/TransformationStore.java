package io.amcinsights.lake;

import io.amcinsights.contract.Transformation;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

/** What customers make of the rows of their datasets. */
public final class TransformationStore {

    private static final String TRANSFORMATIONS = "dataset-transformation";

    private final Records<Transformation> transformations;

    public TransformationStore(Documents documents) {
        this.transformations = new Records<>(documents, Transformation.class);
    }

    Transformation of(String dataset) {
        return transformations
                .find(TRANSFORMATIONS, dataset)
                .orElseGet(() -> Transformation.none(dataset));
    }

    Transformation put(Transformation changed, long seen) throws ConflictException {
        return transformations.put(TRANSFORMATIONS, changed.dataset(), changed, seen);
    }
}
