package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.AwsConnection;
import io.amcinsights.desktop.aws.AwsIdentity;
import io.amcinsights.desktop.aws.AwsProblem;
import io.amcinsights.desktop.common.Messages;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Looks for what would make a deployment fail, before anything is made. Blocks. */
public final class Preflight {

    private static final Messages MESSAGES = Messages.of(Preflight.class);

    private static final String LAKE_FORMATION = "LakeFormation";
    private static final String QUICK_SIGHT = "QuickSightPrincipal";

    private Preflight() {}

    /** How a check came out. */
    public enum Outcome {
        FINE,
        /** It goes on, but somebody should know. */
        NOTE,
        /** It could not be looked at. */
        UNKNOWN,
        BLOCKED
    }

    /**
     * A check.
     *
     * @param topic what was looked at
     * @param found what is so
     * @param next what to do; empty where nothing is
     */
    public record Check(Outcome outcome, String topic, String found, String next) {}

    /**
     * Looks at everything.
     *
     * @param before the stack that is to be changed; null to make one
     */
    public static List<Check> look(
            AwsConnection connection,
            AwsIdentity identity,
            Release release,
            String stackName,
            @Nullable DeployedStack before,
            Map<String, String> parameters) {
        String region = connection.account().region();
        List<Check> checks = new ArrayList<>();
        checks.add(fine("identity", identity.who(), identity.accountId()));
        checks.add(region(region));
        checks.addAll(Quotas.look(connection, release, before == null));
        checks.addAll(
                attempted(
                        "lake",
                        () ->
                                List.of(
                                        lake(
                                                connection,
                                                identity,
                                                parameters.getOrDefault(LAKE_FORMATION, "")))));
        if (before == null) {
            checks.addAll(names(connection, release, stackName));
        }
        checks.add(quickSight(parameters.getOrDefault(QUICK_SIGHT, "")));
        return checks;
    }

    /** A new stack cannot have the name of one that is there. */
    public static Check stackIsThere(String name) {
        return check(Outcome.BLOCKED, "names", "stack", new Object[] {name});
    }

    private static Check region(String name) {
        Region region = Region.of(name);
        boolean known =
                AthenaClient.serviceMetadata().regions().contains(region)
                        && LambdaClient.serviceMetadata().regions().contains(region)
                        && SfnClient.serviceMetadata().regions().contains(region);
        return known
                ? fine("region", name)
                : check(Outcome.NOTE, "region", "unknown", new Object[] {name});
    }

    private static Check lake(AwsConnection connection, AwsIdentity identity, String mode) {
        try (LakeFormationClient lake = connection.to(LakeFormationClient.builder())) {
            DataLakeSettings settings = lake.getDataLakeSettings(get -> {}).dataLakeSettings();
            List<String> whoAsks = List.of(identity.arn(), identity.principalArn());
            boolean administrator =
                    settings.dataLakeAdmins().stream()
                            .anyMatch(each -> whoAsks.contains(each.dataLakePrincipalIdentifier()));
            if (Set.of("on", "hybrid").contains(mode)) {
                return administrator
                        ? fine("lake", mode)
                        : check(
                                Outcome.BLOCKED,
                                "lake",
                                "stranger",
                                new Object[] {mode, identity.principalArn()});
            }
            return settings.createDatabaseDefaultPermissions().isEmpty()
                    ? check(Outcome.NOTE, "lake", "enforced", new Object[0])
                    : new Check(
                            Outcome.FINE,
                            MESSAGES.text("check.lake"),
                            MESSAGES.text("check.lake.iam"),
                            "");
        }
    }

    /** What a removal leaves behind keeps its name, and a second one cannot have it. */
    private static List<Check> names(AwsConnection connection, Release release, String stackName) {
        List<Check> checks = new ArrayList<>();
        try (SecretsManagerClient secrets = connection.to(SecretsManagerClient.builder())) {
            for (Template.Resource resource : release.template().resources().values()) {
                String name =
                        resource.properties()
                                .path("Name")
                                .asText()
                                .replace("${AWS::StackName}", stackName);
                if (resource.type().equals("AWS::SecretsManager::Secret") && !name.isEmpty()) {
                    checks.addAll(
                            attempted("names", () -> List.of(secret(secrets, name, stackName))));
                }
            }
        }
        return checks;
    }

    private static Check secret(SecretsManagerClient secrets, String name, String stackName) {
        try {
            boolean leaving =
                    secrets.describeSecret(describe -> describe.secretId(name)).deletedDate()
                            != null;
            return check(
                    Outcome.BLOCKED,
                    "names",
                    leaving ? "leaving" : "secret",
                    new Object[] {name, stackName});
        } catch (ResourceNotFoundException e) {
            return fine("names", stackName);
        }
    }

    private static Check quickSight(String principal) {
        return principal.isEmpty()
                ? fine("quickSight")
                : check(Outcome.UNKNOWN, "quickSight", "used", new Object[] {principal});
    }

    /** What a look has found; where AWS refuses it, that it could not look. */
    static List<Check> attempted(String topic, Supplier<List<Check>> look) {
        try {
            return look.get();
        } catch (SdkException e) {
            return List.of(
                    new Check(
                            Outcome.UNKNOWN,
                            MESSAGES.text("check." + topic),
                            MESSAGES.text("check.unknown", AwsProblem.message(e)),
                            MESSAGES.text("check.unknown.next")));
        }
    }

    static Check fine(String topic, Object... facts) {
        return new Check(
                Outcome.FINE,
                MESSAGES.text("check." + topic),
                MESSAGES.text("check." + topic + ".fine", facts),
                "");
    }

    static Check check(Outcome outcome, String topic, String word, Object[] facts) {
        String key = "check.%s.%s".formatted(topic, word);
        return new Check(
                outcome,
                MESSAGES.text("check." + topic),
                MESSAGES.text(key, facts),
                MESSAGES.text(key + ".next", facts));
    }
}
