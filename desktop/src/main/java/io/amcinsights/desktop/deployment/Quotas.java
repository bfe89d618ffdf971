package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.AwsConnection;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.deployment.Preflight.Check;
import io.amcinsights.desktop.deployment.Preflight.Outcome;

import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.AccountLimit;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetAccountSettingsResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The quotas that accounts do run out of, each of which the service itself tells with what is taken
 * of it: no rights at Service Quotas are needed. The others are far beyond what a template makes.
 */
final class Quotas {

    private static final Messages MESSAGES = Messages.of(Quotas.class);

    /** With fewer concurrent executions the functions get in each other's way. */
    private static final int ENOUGH_CONCURRENCY = 100;

    private static final long MEGABYTE = 1_000_000;

    private Quotas() {}

    /**
     * Looks at what the account may have.
     *
     * @param creates whether all of the template is new: then there must be room for it
     */
    static List<Check> look(AwsConnection connection, Release release, boolean creates) {
        List<Check> checks = new ArrayList<>();
        checks.addAll(Preflight.attempted("quota", () -> functions(connection, release, creates)));
        if (creates) {
            checks.addAll(Preflight.attempted("quota", () -> identities(connection, release)));
            checks.addAll(Preflight.attempted("quota", () -> stacks(connection)));
        }
        return checks;
    }

    private static List<Check> functions(
            AwsConnection connection, Release release, boolean creates) {
        try (LambdaClient lambda = connection.to(LambdaClient.builder())) {
            GetAccountSettingsResponse settings = lambda.getAccountSettings(get -> {});
            Integer limit = settings.accountLimit().concurrentExecutions();
            List<Check> checks = new ArrayList<>();
            checks.add(
                    limit >= ENOUGH_CONCURRENCY
                            ? Preflight.fine("quota", limit)
                            : Preflight.check(Outcome.NOTE, "quota", "low", new Object[] {limit}));
            if (creates) {
                checks.add(
                        room(
                                "code",
                                settings.accountUsage().totalCodeSize() / MEGABYTE,
                                code(release) / MEGABYTE + 1,
                                settings.accountLimit().totalCodeSize() / MEGABYTE));
            }
            return checks;
        }
    }

    /**
     * How many bytes Lambda keeps: the code of each function, and once more that of its version.
     */
    private static long code(Release release) {
        return 2
                * release.template().resources().values().stream()
                        .filter(each -> each.type().equals("AWS::Lambda::Function"))
                        .map(each -> each.properties().at("/Code/S3Key").asText())
                        .mapToLong(
                                key ->
                                        release.files().stream()
                                                .filter(file -> key.endsWith("}" + file.path()))
                                                .mapToLong(Release.File::size)
                                                .sum())
                        .sum();
    }

    private static List<Check> identities(AwsConnection connection, Release release) {
        try (IamClient iam = connection.to(IamClient.builder())) {
            Map<SummaryKeyType, Integer> summary = iam.getAccountSummary(get -> {}).summaryMap();
            return List.of(
                    room(
                            "roles",
                            summary.getOrDefault(SummaryKeyType.ROLES, 0),
                            always(release, "AWS::IAM::Role"),
                            summary.getOrDefault(SummaryKeyType.ROLES_QUOTA, Integer.MAX_VALUE)),
                    room(
                            "policies",
                            summary.getOrDefault(SummaryKeyType.POLICIES, 0),
                            always(release, "AWS::IAM::ManagedPolicy"),
                            summary.getOrDefault(
                                    SummaryKeyType.POLICIES_QUOTA, Integer.MAX_VALUE)));
        }
    }

    private static List<Check> stacks(AwsConnection connection) {
        try (CloudFormationClient client = connection.to(CloudFormationClient.builder())) {
            long limit =
                    client.describeAccountLimitsPaginator(describe -> {}).accountLimits().stream()
                            .filter(each -> each.name().equals("StackLimit"))
                            .mapToLong(AccountLimit::value)
                            .findFirst()
                            .orElse(Long.MAX_VALUE);
            return List.of(
                    room(
                            "stacks",
                            client.describeStacksPaginator().stacks().stream().count(),
                            1,
                            limit));
        }
    }

    /** How many resources of a type there will be, whatever the parameters are. */
    private static long always(Release release, String type) {
        return release.template().resources().values().stream()
                .filter(each -> each.type().equals(type) && !each.conditional())
                .count();
    }

    private static Check room(String word, long taken, long needed, long limit) {
        boolean enough = taken + needed <= limit;
        Object[] facts = {
            MESSAGES.text("check.quota." + word),
            taken,
            needed,
            limit,
            MESSAGES.text("check.quota.%s.where".formatted(word))
        };
        return enough
                ? new Check(
                        Outcome.FINE,
                        MESSAGES.text("check.quota"),
                        MESSAGES.text("check.quota.room", facts),
                        "")
                : Preflight.check(Outcome.BLOCKED, "quota", "full", facts);
    }
}
