package io.amcinsights.lake;

import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The grants: what is to hold, whatever Lake Formation has of it yet. */
public final class GrantStore {

    private static final String GRANTS = "grant";

    private final Records<GrantState> grants;
    private final Documents documents;

    public GrantStore(Documents documents) {
        this.grants = new Records<>(documents, GrantState.class);
        this.documents = documents;
    }

    /** All, by principal. */
    List<GrantState> all() {
        return grants.all(GRANTS, "");
    }

    Optional<GrantState> find(String principal) {
        return grants.find(GRANTS, principal);
    }

    GrantState put(GrantState grant, long seen) throws ConflictException {
        return grants.put(GRANTS, grant.principal(), grant, seen);
    }

    Optional<GrantState> change(String principal, UnaryOperator<GrantState> change) {
        return grants.change(GRANTS, principal, change);
    }

    /** Forgets a grant unless somebody has given it anew. */
    void forget(GrantState grant) {
        try {
            documents.delete(GRANTS, grant.principal(), grant.version());
        } catch (ConflictException e) {
            // it holds again
        }
    }
}
