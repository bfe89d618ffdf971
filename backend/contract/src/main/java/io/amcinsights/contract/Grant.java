package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Which tenants' rows a principal may read.
 *
 * @param principal ARN
 * @param all of all tenants, of those to come, too
 * @param tenants ids; empty where all
 * @param removed it is being taken back
 * @param inForce whether Lake Formation has it as it stands here
 * @param problem why it has not; null where nothing went wrong
 * @param version counts changes
 */
public record Grant(
        String principal,
        boolean all,
        List<String> tenants,
        boolean removed,
        boolean inForce,
        @Nullable Failure problem,
        Instant changedAt,
        long version) {}
