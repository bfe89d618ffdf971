package io.amcinsights.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.aws.Moto;
import io.amcinsights.contract.Access.Mode;
import io.amcinsights.lake.TablePermissions.Held;
import io.amcinsights.lake.TablePermissions.Table;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Permissions over the wire, as moto plays Lake Formation. It makes no data cells filters and knows
 * no opt-ins, so grants of single tenants and the hybrid mode are shown against the local workspace
 * only ({@code ReadersOfTheLakeTest}).
 */
class TablePermissionsTest {

    private static final String ANALYST = "arn:aws:iam::123456789012:role/Analyst";
    private static final String OTHER = "arn:aws:iam::123456789012:role/Other";

    @RegisterExtension static final Moto moto = new Moto();

    private final TablePermissions permissions =
            new TablePermissions(
                    moto.client(LakeFormationClient.builder()),
                    "123456789012",
                    "amc_insights",
                    Mode.ON);
    private final List<Table> tables = List.of(new Table("reach", false, true));

    @Test
    void allTenantsAreGrantedOnAllTablesAndTakenBackAndOthersStay() {
        GrantState all = grant(ANALYST, false);
        enforce(all, Set.of());
        GrantState other = grant(OTHER, false);
        enforce(other, Set.of());

        Set<String> wanted = permissions.wanted(all, tables);
        assertThat(of(ANALYST)).isEqualTo(wanted);
        assertThat(wanted)
                .containsExactlyInAnyOrder(
                        "DESCRIBE database", "SELECT table *", "DESCRIBE table *");
        assertThat(permissions.foreign(permissions.held(), h -> h.principal().equals(ANALYST)))
                .extracting(f -> f.principal() + " " + f.permissions() + " on " + f.on())
                .containsExactly(
                        OTHER + " [DESCRIBE, SELECT] on all tables",
                        OTHER + " [DESCRIBE] on the database");

        enforce(grant(ANALYST, true), wanted);
        assertThat(of(ANALYST)).isEmpty();
        assertThat(of(OTHER)).isEqualTo(wanted);
    }

    private static GrantState grant(String principal, boolean removed) {
        return new GrantState(
                principal, true, List.of(), removed, false, null, Set.of(), Instant.EPOCH, 1);
    }

    private void enforce(GrantState grant, Set<String> given) {
        permissions.enforce(grant, given, of(grant.principal()), tables);
    }

    private Set<String> of(String principal) {
        return permissions.held().stream()
                .filter(h -> h.principal().equals(principal))
                .map(Held::key)
                .collect(Collectors.toSet());
    }
}
