package io.amcinsights.desktop.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;

import io.amcinsights.contract.Json;
import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.common.Preferences;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The installations on AWS that this person has opened or deployed, the newest first. */
public final class KnownInstallations {

    private static final Logger LOG = Logger.getLogger(KnownInstallations.class.getName());
    private static final String PREFERENCE = "installations";
    private static final int KEPT = 6;

    private final Preferences preferences;

    public KnownInstallations(Preferences preferences) {
        this.preferences = preferences;
    }

    /**
     * One that is remembered.
     *
     * @param profile of the AWS CLI's files, that leads to it; null where a role does
     * @param role at an Identity Center, that leads to it; null where a profile does
     */
    public record Known(
            String stackName,
            String region,
            @Nullable String profile,
            AwsAccount.@Nullable Role role,
            Instant opened) {

        boolean leadsWhere(Known other) {
            return stackName.equals(other.stackName)
                    && region.equals(other.region)
                    && Objects.equals(profile, other.profile)
                    && Objects.equals(role, other.role);
        }
    }

    /** All, the last opened first. */
    public List<Known> all() {
        try {
            return Json.mapper()
                    .readValue(
                            preferences.get(PREFERENCE).orElse("[]"),
                            new TypeReference<List<Known>>() {});
        } catch (JsonProcessingException e) {
            LOG.log(Level.WARNING, "Cannot read the installations that were opened before", e);
            return List.of();
        }
    }

    /** Puts one in front, if a profile or a role leads to it. */
    public void remember(AwsAccount account, String stackName) {
        if (account.profile() != null || account.role() != null) {
            remember(
                    new Known(
                            stackName,
                            account.region(),
                            account.profile(),
                            account.role(),
                            Instant.now()));
        }
    }

    private void remember(Known known) {
        List<Known> all = new ArrayList<>(without(known));
        all.addFirst(known);
        write(all.subList(0, Math.min(KEPT, all.size())));
    }

    public void forget(Known known) {
        write(without(known));
    }

    private List<Known> without(Known known) {
        return all().stream().filter(each -> !each.leadsWhere(known)).toList();
    }

    private void write(List<Known> all) {
        preferences.put(PREFERENCE, Json.write(all));
    }
}
