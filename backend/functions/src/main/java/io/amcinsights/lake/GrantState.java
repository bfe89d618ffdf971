package io.amcinsights.lake;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Grant;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is known of a grant.
 *
 * @param removed it is forgotten as soon as Lake Formation has taken it back
 * @param inForce whether Lake Formation has it as it stands here
 * @param given the permissions that are ours to take back, in {@link TablePermissions}' words; each
 *     is noted before it is given
 */
record GrantState(
        String principal,
        boolean all,
        List<String> tenants,
        boolean removed,
        boolean inForce,
        @Nullable Failure problem,
        Set<String> given,
        Instant changedAt,
        long version) {

    Grant grant() {
        return new Grant(principal, all, tenants, removed, inForce, problem, changedAt, version);
    }

    /** Whether it names a tenant, not only all of them. */
    boolean names(String tenantId) {
        return !removed && !all && tenants.contains(tenantId);
    }

    GrantState of(boolean ofAll, List<String> ofTenants, Instant now) {
        return new GrantState(principal, ofAll, ofTenants, false, false, null, given, now, version);
    }

    GrantState takenBack(Instant now) {
        return new GrantState(principal, false, List.of(), true, false, null, given, now, version);
    }

    /** Without a tenant; taken back where it was the only one. */
    GrantState without(String tenantId, Instant now) {
        if (!names(tenantId)) {
            return this;
        }
        List<String> others = tenants.stream().filter(t -> !t.equals(tenantId)).toList();
        return others.isEmpty() ? takenBack(now) : of(false, others, now);
    }

    GrantState giving(Set<String> ours) {
        return new GrantState(
                principal, all, tenants, removed, inForce, problem, ours, changedAt, version);
    }

    GrantState given(Set<String> ours) {
        return new GrantState(
                principal, all, tenants, removed, true, null, ours, changedAt, version);
    }

    GrantState stopped(Failure why) {
        return new GrantState(
                principal, all, tenants, removed, false, why, given, changedAt, version);
    }
}
