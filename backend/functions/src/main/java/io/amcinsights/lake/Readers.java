package io.amcinsights.lake;

import io.amcinsights.Invocation;
import io.amcinsights.contract.Access;
import io.amcinsights.contract.Access.Mode;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.LakeRequest.PutGrant;
import io.amcinsights.contract.Principals;
import io.amcinsights.contract.Tenant;
import io.amcinsights.lake.TablePermissions.Held;
import io.amcinsights.lake.TablePermissions.Table;
import io.amcinsights.lake.plan.Layout;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.tenants.TenantStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who may read what in the lake. The grants that are kept here are the authority; Lake Formation is
 * made equal to them when one changes, when a dataset comes to be and once an hour.
 */
public final class Readers {

    private static final Logger log = LoggerFactory.getLogger(Readers.class);

    /** Another principal's tables take a few seconds. */
    private static final Duration RESERVE = Duration.ofSeconds(10);

    private final GrantStore store;
    private final TenantStore tenants;
    private final Catalogue catalogue;
    private final TablePermissions permissions;
    private final Mode mode;
    private final Set<String> ownRoles;
    private final Clock clock;

    /**
     * Where the lake is.
     *
     * @param account that the catalogue belongs to
     * @param ownRoles ARNs of the installation's own roles, which the template lets in
     */
    public record Home(String account, String database, Mode mode, Set<String> ownRoles) {}

    public static Readers of(
            GrantStore store,
            TenantStore tenants,
            Catalogue catalogue,
            LakeFormationClient client,
            Home home,
            Clock clock) {
        return new Readers(
                store,
                tenants,
                catalogue,
                new TablePermissions(client, home.account(), home.database(), home.mode()),
                home.mode(),
                home.ownRoles(),
                clock);
    }

    private Readers(
            GrantStore store,
            TenantStore tenants,
            Catalogue catalogue,
            TablePermissions permissions,
            Mode mode,
            Set<String> ownRoles,
            Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.catalogue = catalogue;
        this.permissions = permissions;
        this.mode = mode;
        this.ownRoles = Set.copyOf(ownRoles);
        this.clock = clock;
    }

    Access list() {
        if (mode == Mode.OFF) {
            return new Access(mode, List.of(), List.of());
        }
        return access(permissions.held());
    }

    private Access access(Set<Held> held) {
        List<GrantState> all = store.all();
        Set<Held> ours = new HashSet<>();
        for (GrantState grant : all) {
            grant.given().forEach(key -> ours.add(held(grant.principal(), key)));
        }
        return new Access(
                mode,
                all.stream().map(GrantState::grant).toList(),
                permissions.foreign(
                        held, h -> ours.contains(h) || ownRoles.contains(h.principal())));
    }

    private static Held held(String principal, String key) {
        int space = key.indexOf(' ');
        return new Held(principal, key.substring(space + 1), key.substring(0, space));
    }

    Access put(PutGrant asked) {
        refuseOff();
        String principal = asked.principal().strip();
        Principals.problem(principal)
                .ifPresent(
                        problem -> {
                            throw Failure.invalid("principal", problem).exception();
                        });
        List<String> ids = asked.all() ? List.of() : List.copyOf(new TreeSet<>(asked.tenants()));
        checkTenants(asked.all(), ids);
        GrantState before = store.find(principal).orElse(fresh(principal));
        boolean isNew = before.version() == 0 || before.removed();
        if (asked.version() != (isNew ? 0 : before.version())) {
            throw changedMeanwhile(principal);
        }
        GrantState kept;
        try {
            kept = store.put(before.of(asked.all(), ids, clock.instant()), before.version());
        } catch (ConflictException e) {
            throw changedMeanwhile(principal);
        }
        Failure problem = enforce(kept, catalogue.tables(), permissions.held());
        if (isNew && problem != null && problem.code() == ErrorCode.INVALID_REQUEST) {
            takeBack(principal);
            throw problem.exception();
        }
        return access(permissions.held());
    }

    private GrantState fresh(String principal) {
        return new GrantState(
                principal, false, List.of(), false, false, null, Set.of(), clock.instant(), 0);
    }

    private void checkTenants(boolean all, List<String> ids) {
        if (!all && ids.isEmpty()) {
            throw Failure.invalid("tenants", "Choose at least one tenant, or all.").exception();
        }
        Set<String> known =
                tenants.all().stream().map(Tenant::tenantId).collect(Collectors.toSet());
        for (String id : ids) {
            if (!known.contains(id)) {
                throw Failure.invalid("tenants", "There is no tenant “%s”.".formatted(id))
                        .exception();
            }
        }
        if (TablePermissions.expression(ids).length() > TablePermissions.LONGEST_EXPRESSION) {
            throw Failure.invalid(
                            "tenants",
                            "These are more tenants than one row filter of Lake Formation can"
                                    + " name.")
                    .next("Grant all tenants, or give the others to a second role.")
                    .exception();
        }
    }

    private static FailureException changedMeanwhile(String principal) {
        return Failure.of(
                        ErrorCode.CONFLICT,
                        "Somebody else has changed what “%s” may read meanwhile."
                                .formatted(Principals.name(principal)))
                .next("Look at the list again, then change it.")
                .exception();
    }

    private void refuseOff() {
        if (mode == Mode.OFF) {
            throw Failure.of(
                            ErrorCode.NOT_ALLOWED,
                            "Lake Formation is off in this installation: IAM alone decides who"
                                    + " reads the lake.")
                    .next("Deploy the template with LakeFormation=hybrid or on.")
                    .exception();
        }
    }

    Access remove(String principal) {
        refuseOff();
        if (store.find(principal).isEmpty()) {
            throw Failure.of(
                            ErrorCode.NOT_FOUND,
                            "There is no grant of “%s”.".formatted(Principals.name(principal)))
                    .exception();
        }
        takeBack(principal);
        return access(permissions.held());
    }

    private void takeBack(String principal) {
        store.change(principal, g -> g.takenBack(clock.instant()))
                .ifPresent(g -> enforce(g, catalogue.tables(), permissions.held()));
    }

    /**
     * Makes Lake Formation equal to all grants, in another order each time, as far as the time of
     * the call goes.
     */
    void enforce() {
        if (mode == Mode.OFF) {
            return;
        }
        try {
            List<Table> tables = catalogue.tables();
            Set<Held> held = permissions.held();
            permissions.letIamDecide(tables, held);
            List<GrantState> grants = store.all();
            Collections.shuffle(grants);
            for (GrantState grant : grants) {
                if (Invocation.timeLeft().compareTo(RESERVE) < 0) {
                    log.info("No time is left for the other grants");
                    break;
                }
                enforce(grant, tables, held);
            }
        } catch (SdkException | FailureException e) {
            log.warn("Lake Formation cannot be made equal to the grants", e);
        }
    }

    /** Gives what is granted on a dataset that has come to be; a failure is left to the hour. */
    void published(String dataset) {
        if (mode == Mode.OFF
                || store.all().stream().allMatch(g -> g.removed() || g.all() || has(g, dataset))) {
            return;
        }
        enforce();
    }

    private static boolean has(GrantState grant, String dataset) {
        return grant.inForce() && grant.given().contains("DESCRIBE table " + dataset);
    }

    /**
     * @return what went wrong; null where nothing did
     */
    private @Nullable Failure enforce(GrantState grant, List<Table> tables, Set<Held> all) {
        String principal = grant.principal();
        Set<String> held =
                all.stream()
                        .filter(h -> h.principal().equals(principal))
                        .map(Held::key)
                        .collect(Collectors.toSet());
        Set<String> wanted = permissions.wanted(grant, tables);
        Set<String> given = new TreeSet<>();
        grant.given().stream()
                .filter(g -> held.contains(g) || wanted.contains(g))
                .forEach(given::add);
        wanted.stream().filter(w -> !held.contains(w)).forEach(given::add);
        Failure problem;
        try {
            GrantState noted =
                    given.equals(grant.given())
                            ? grant
                            : store.put(grant.giving(given), grant.version());
            permissions.enforce(noted, given, held, tables);
            given.retainAll(wanted);
            GrantState done = noted.given(given);
            if (noted.removed()) {
                store.forget(noted);
            } else if (!done.equals(noted)) {
                store.put(done, noted.version());
            }
            return null;
        } catch (ConflictException e) {
            log.info("What {} may read has changed meanwhile; it is given with that", principal);
            return null;
        } catch (SdkException e) {
            problem = TablePermissions.refused(String.valueOf(e.getMessage())).failure();
        } catch (FailureException e) {
            problem = e.failure();
        }
        log.warn("What {} may read is not in force: {}", principal, problem);
        Failure why = problem;
        store.change(principal, g -> g.stopped(why));
        return why;
    }

    /** A table as the catalogue has it, seen by who filters its rows. */
    static Table table(software.amazon.awssdk.services.glue.model.Table table) {
        return new Table(
                table.name(),
                "VIRTUAL_VIEW".equals(table.tableType()),
                table.partitionKeys().stream()
                        .anyMatch(k -> k.name().equals(Layout.PARTITIONS.getFirst())));
    }
}
