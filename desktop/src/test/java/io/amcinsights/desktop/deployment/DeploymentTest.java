package io.amcinsights.desktop.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class DeploymentTest {

    private static final String STACK = "amc-insights";
    private static final Map<String, String> PARAMETERS = Map.of("AlarmEmail", "ops@example.org");

    @TempDir Path folder;

    private EmulatedAws aws;
    private Deployment deployment;

    @BeforeEach
    void signIn() throws Exception {
        aws = new EmulatedAws();
        deployment = Deployment.open(aws.account(), Duration.ofMillis(1));
    }

    @AfterEach
    void signOut() {
        deployment.close();
        aws.close();
    }

    private Release release(String version) {
        return release(version, template -> template);
    }

    private Release release(String version, UnaryOperator<String> change) {
        return Release.read(ReleaseFolder.made(folder.resolve(version), version, change));
    }

    private ChangePlan plan(Release release) throws InterruptedException {
        return plan(release, PARAMETERS);
    }

    private ChangePlan plan(Release release, Map<String, String> parameters)
            throws InterruptedException {
        deployment.upload(release, bytes -> {});
        DeployedStack before = deployment.stacks().find(STACK).orElse(null);
        return deployment.plan(release, STACK, before, parameters);
    }

    private Operation.Standing carriedOut(ChangePlan plan) {
        String token = UUID.randomUUID().toString();
        deployment.stacks().execute(plan, token);
        return followed(
                Operation.begun(
                        deployment.stacks(),
                        plan.stackId(),
                        token,
                        plan.changes().size(),
                        Clock.systemUTC()));
    }

    private static Operation.Standing followed(Operation operation) {
        Operation.Standing standing = operation.look();
        while (!standing.over()) {
            standing = operation.look();
        }
        return standing;
    }

    private Operation.Standing deployed(Release release) throws InterruptedException {
        return carriedOut(plan(release));
    }

    private DeployedStack stack() {
        return deployment.stacks().find(STACK).orElseThrow();
    }

    private static PlannedChange change(ChangePlan plan, String resource) {
        return plan.changes().stream()
                .filter(change -> change.resource().equals(resource))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void makesAnInstallationThatTheApplicationCanOpen() throws Exception {
        Release release = release("1");
        ChangePlan plan = plan(release);

        assertThat(plan.creates()).isTrue();
        assertThat(plan.changes())
                .hasSizeGreaterThan(80)
                .allSatisfy(c -> assertThat(c.kind()).isEqualTo(PlannedChange.Kind.ADDED));
        Operation.Standing standing = carriedOut(plan);

        assertThat(standing.stack().state()).isEqualTo(StackState.READY);
        assertThat(standing.stack().opens()).isTrue();
        assertThat(standing.progress().share()).isEqualTo(1);
        assertThat(standing.progress().cause()).isNull();
        assertThat(standing.stack().parameters())
                .containsEntry("ArtifactBucket", EmulatedAws.BUCKET)
                .containsEntry("ArtifactPrefix", "amc-insights/%s/".formatted(release.hash()))
                .containsEntry("AlarmEmail", "ops@example.org");
        assertThat(deployment.stacks().installations())
                .extracting(DeployedStack::name)
                .containsExactly(STACK);
    }

    @Test
    void theBucketIsClosedAndWhatIsThereIsNotSentAgain() {
        Release first = release("1");
        List<Long> progress = new ArrayList<>();
        deployment.upload(first, progress::add);

        assertThat(aws.settings(EmulatedAws.BUCKET))
                .containsEntry("ownership", "BucketOwnerEnforced")
                .containsKeys("publicAccessBlock", "encryption", "versioning")
                .hasEntrySatisfying(
                        "policy", policy -> assertThat(policy).contains("aws:SecureTransport"));
        assertThat(aws.keys(EmulatedAws.BUCKET))
                .contains(
                        first.prefix() + "template.yaml",
                        first.prefix() + "statemachines/workflow-run.asl.yaml");
        assertThat(progress).isSorted().endsWith(first.size());

        int before = aws.sent().size();
        deployment.upload(first, bytes -> {});
        assertThat(aws.sent()).hasSize(before);
        deployment.upload(release("2"), bytes -> {});
        assertThat(aws.sent()).hasSize(2 * before);
    }

    @Test
    void nothingIsSentToABucketOfAnotherAccount() {
        aws.bucket(EmulatedAws.BUCKET, "999988887777");
        Problem problem = problem(() -> deployment.upload(release("1"), bytes -> {}));
        assertThat(problem.title()).isEqualTo("The artifact bucket is not yours");
        assertThat(aws.sent()).isEmpty();
    }

    @Test
    void whatHasNotChangedIsToldAndLeavesNothingBehind() throws Exception {
        Release release = release("1");
        deployed(release);
        int changeSets = aws.stacks().changeSets(STACK);
        assertThat(plan(release).nothing()).isTrue();
        assertThat(aws.stacks().changeSets(STACK)).isEqualTo(changeSets);
    }

    @Test
    void aPlanThatNobodyWantsLeavesNoEmptyStack() throws Exception {
        ChangePlan plan = plan(release("1"));
        assertThat(aws.stacks().names()).containsExactly("amc-insights REVIEW_IN_PROGRESS");
        deployment.stacks().discard(plan);
        assertThat(aws.stacks().names()).isEmpty();
    }

    @Test
    void aNewReleaseReachesWhoeverCallsTheFunctions() throws Exception {
        deployed(release("1"));
        ChangePlan plan = plan(release("2"));

        assertThat(change(plan, "WorkflowsFunction").kind()).isEqualTo(PlannedChange.Kind.CHANGED);
        // An alias leads to a version, and a version never changes: there must be a new one.
        assertThat(change(plan, "WorkflowsVersionv2").kind()).isEqualTo(PlannedChange.Kind.ADDED);
        assertThat(change(plan, "WorkflowsVersionv1").kind()).isEqualTo(PlannedChange.Kind.REMOVED);
        assertThat(plan.changes()).noneMatch(PlannedChange::loses);
        assertThat(change(plan, "WorkflowsWrite").properties()).containsExactly("FunctionVersion");
        assertThat(carriedOut(plan).stack().state()).isEqualTo(StackState.READY);
    }

    @Test
    void aParameterReachesWhoeverCallsTheFunctions() throws Exception {
        Release release = release("1");
        deployed(release);
        ChangePlan plan =
                plan(release, Map.of("AlarmEmail", "ops@example.org", "SparkFromMb", "500"));
        assertThat(plan.changes())
                .extracting(PlannedChange::resource)
                .contains("LakeFunction", "LakeVersionv1", "LakeRead", "LakeWrite")
                .doesNotContain("TenantsVersionv1");
    }

    @Test
    void aReplacementSaysWhatIsLost() throws Exception {
        deployed(release("1"));
        ChangePlan plan =
                plan(
                        release(
                                "1b",
                                template ->
                                        template.replace(
                                                "'${AWS::StackName}-runs.fifo'",
                                                "'${AWS::StackName}-queue.fifo'")));
        PlannedChange queue = change(plan, "RunQueue");
        assertThat(queue.kind()).isEqualTo(PlannedChange.Kind.REPLACED);
        assertThat(queue.properties()).containsExactly("QueueName");
        assertThat(queue.loses()).isTrue();
        assertThat(Losses.of(queue.type())).isEqualTo("messages that wait in it");
        Operation.Standing standing = carriedOut(plan);
        assertThat(standing.events())
                .anyMatch(
                        e ->
                                e.resource().equals("RunQueue")
                                        && e.status().equals("DELETE_COMPLETE"));
    }

    @Test
    void theFirstFailureIsTheRootCause() throws Exception {
        aws.stacks()
                .fail(
                        "CREATE RunQueue",
                        "User is not authorized to perform: sqs:createqueue on resource");
        Operation.Standing standing = deployed(release("1"));

        assertThat(standing.stack().state()).isEqualTo(StackState.FAILED_CREATION);
        StackEvent cause = cause(standing);
        assertThat(cause.resource()).isEqualTo("RunQueue");
        assertThat(standing.events()).anyMatch(StackEvent::collateral);
        assertThat(Repair.of(cause.reason(), cause.type())).contains("lack a right");
        assertThat(standing.progress().goingBack()).isTrue();
        // A table that is protected cannot be taken back; what can, is.
        assertThat(standing.events().stream().filter(e -> e.status().equals("DELETE_SKIPPED")))
                .extracting(StackEvent::resource)
                .containsExactly("Documents");
    }

    @Test
    void anUpdateThatFailsGoesBack() throws Exception {
        deployed(release("1"));
        aws.stacks().fail("UPDATE LakeFunction", "Rate exceeded");
        Operation.Standing standing = deployed(release("2"));
        assertThat(standing.stack().state()).isEqualTo(StackState.READY_AFTER_FAILURE);
        assertThat(cause(standing).resource()).isEqualTo("LakeFunction");
        assertThat(standing.progress().share()).isLessThanOrEqualTo(1);
    }

    @Test
    void aWayBackThatFailsGoesOnWithoutWhatIsInTheWay() throws Exception {
        deployed(release("1"));
        aws.stacks().fail("UPDATE LakeFunction", "Rate exceeded");
        aws.stacks().fail("ROLLBACK TenantsFunction", "The code is gone");
        Operation.Standing standing = deployed(release("2"));
        assertThat(standing.stack().state()).isEqualTo(StackState.STUCK);

        String token = UUID.randomUUID().toString();
        deployment
                .stacks()
                .continueRollback(standing.stack().id(), List.of("TenantsFunction"), token);
        Operation.Standing after =
                followed(
                        Operation.begun(
                                deployment.stacks(),
                                standing.stack().id(),
                                token,
                                0,
                                Clock.systemUTC()));
        assertThat(after.stack().state()).isEqualTo(StackState.READY_AFTER_FAILURE);
    }

    @Test
    void aRemovalSaysWhatStays() throws Exception {
        deployed(release("1"));
        Removal removal = Removal.of(deployment.stacks(), stack());
        assertThat(removal.stays())
                .extracting(Stacks.Existing::resource)
                .containsExactly("Documents", "DefaultCredentials", "Lake", "AccessLogs");
        assertThat(removal.goes()).hasSizeGreaterThan(80);

        DeployedStack stack = stack();
        String token = UUID.randomUUID().toString();
        deployment.stacks().remove(stack.id(), List.of(), token);
        Operation.Standing standing =
                followed(
                        Operation.begun(
                                deployment.stacks(),
                                stack.id(),
                                token,
                                removal.goes().size(),
                                Clock.systemUTC()));
        assertThat(standing.stack().state()).isEqualTo(StackState.REMOVED);
        assertThat(deployment.stacks().find(STACK)).isEmpty();
        assertThat(Removal.howToDelete(removal.stays().getFirst()))
                .contains(removal.stays().getFirst().physicalId());
    }

    @Test
    void aRemovalThatFailsLeavesWhatIsInTheWay() throws Exception {
        deployed(release("1"));
        aws.stacks().fail("DELETE Results", "The bucket you tried to delete is not empty");
        DeployedStack stack = stack();
        Operation.Standing failed = removed(stack, List.of());
        assertThat(failed.stack().state()).isEqualTo(StackState.HALF_REMOVED);
        assertThat(Repair.of(cause(failed).reason(), "")).startsWith("Empty the bucket");
        assertThat(removed(stack, List.of("Results")).stack().state())
                .isEqualTo(StackState.REMOVED);
    }

    private Operation.Standing removed(DeployedStack stack, List<String> retained) {
        String token = UUID.randomUUID().toString();
        deployment.stacks().remove(stack.id(), retained, token);
        return followed(
                Operation.begun(deployment.stacks(), stack.id(), token, 0, Clock.systemUTC()));
    }

    @Test
    void anOperationOfOthersIsFoundAndFollowed() throws Exception {
        deployed(release("1"));
        aws.stacks().updateByOthers(STACK);
        Operation.Standing standing =
                followed(Operation.found(deployment.stacks(), stack(), Clock.systemUTC()));
        assertThat(standing.stack().state()).isEqualTo(StackState.READY);
        assertThat(standing.events()).allMatch(StackEvent::ofStack).hasSize(2);
    }

    @Test
    void aNameThatIsTakenIsFoundBeforeAnythingIsMade() {
        aws.stacks().taken("AnalystWorkGroup");
        Problem problem = problem(() -> plan(release("1")));
        assertThat(problem.message()).startsWith("AnalystWorkGroup: ").contains("already exists");
        assertThat(aws.stacks().names()).isEmpty();
    }

    @Test
    void whatIsChangedByHandIsFound() throws Exception {
        deployed(release("1"));
        assertThat(deployment.stacks().drift(STACK)).isEmpty();
        aws.stacks().drift(STACK, "RunQueue", "/VisibilityTimeout");
        assertThat(deployment.stacks().drift(STACK))
                .singleElement()
                .satisfies(
                        drifted -> {
                            assertThat(drifted.resource()).isEqualTo("RunQueue");
                            assertThat(drifted.properties()).containsExactly("/VisibilityTimeout");
                        });
    }

    @Test
    void preflightFindsWhatWouldFail() {
        Release release = release("1");
        assertThat(checks(release, null, Map.of()))
                .allMatch(check -> check.outcome() == Preflight.Outcome.FINE);

        aws.concurrency(10);
        aws.secret("amc-insights/credentials/default");
        assertThat(checks(release, null, Map.of("LakeFormation", "on")))
                .filteredOn(check -> check.outcome() != Preflight.Outcome.FINE)
                .extracting(Preflight.Check::topic, Preflight.Check::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Quotas", Preflight.Outcome.NOTE),
                        org.assertj.core.groups.Tuple.tuple(
                                "Lake Formation", Preflight.Outcome.BLOCKED),
                        org.assertj.core.groups.Tuple.tuple("Names", Preflight.Outcome.BLOCKED));

        aws.administrator(true);
        for (String action :
                List.of("GetAccountSettings", "GetAccountSummary", "DescribeStacks *")) {
            aws.refuse(action, "403 AccessDenied You may not");
        }
        assertThat(checks(release, null, Map.of("LakeFormation", "on")))
                .filteredOn(check -> check.topic().equals("Quotas"))
                .hasSize(3)
                .allSatisfy(
                        check -> {
                            assertThat(check.outcome()).isEqualTo(Preflight.Outcome.UNKNOWN);
                            assertThat(check.found()).contains("You may not");
                        });
    }

    @Test
    void whatAnAccountHasNoRoomForIsFoundBeforeAnythingIsMade() {
        Release release = release("1");
        assertThat(quotas(release, null))
                .contains(
                        "Roles of the account: 120 of 1,000 are there, at least 10 come on top",
                        "Managed policies of the account: 30 of 1,500 are there, at least 2 come on"
                                + " top",
                        "Stacks in this region: 0 of 2,000 are there, at least 1 come on top");

        aws.identities(991, 1499);
        aws.codeSize(80_530_000_000L);
        aws.stackLimit(0);
        assertThat(checks(release, null, Map.of()))
                .filteredOn(check -> check.outcome() == Preflight.Outcome.BLOCKED)
                .extracting(Preflight.Check::next)
                .containsExactly(
                        "Delete what nobody needs any more, or ask for more under Service Quotas ›"
                                + " AWS Lambda › Function and layer storage.",
                        "Delete what nobody needs any more, or ask for more under Service Quotas ›"
                                + " AWS Identity and Access Management › Roles per account.",
                        "Delete what nobody needs any more, or ask for more under Service Quotas ›"
                                + " AWS Identity and Access Management › Customer managed policies"
                                + " per account.",
                        "Delete what nobody needs any more, or ask for more under Service Quotas ›"
                                + " AWS CloudFormation › Stack count.");
    }

    /** An update makes next to nothing new, so a full account is not in its way. */
    @Test
    void anUpdateNeedsNoRoomForAnotherInstallation() throws Exception {
        Release release = release("1");
        deployed(release);
        aws.identities(1000, 1500);
        aws.stackLimit(1);
        assertThat(quotas(release, stack()))
                .containsExactly("Lambda may run 1,000 functions at once");
    }

    private List<String> quotas(Release release, @Nullable DeployedStack before) {
        return checks(release, before, Map.of()).stream()
                .filter(check -> check.topic().equals("Quotas"))
                .map(Preflight.Check::found)
                .toList();
    }

    @Test
    void whoAsksForADashboardIsToldWhatQuickSightNeeds() throws Exception {
        String group = "arn:aws:quicksight:eu-west-1:123456789012:group/default/analysts";
        assertThat(checks(release("1"), null, Map.of("QuickSightPrincipal", group)))
                .last()
                .satisfies(
                        check -> {
                            assertThat(check.outcome()).isEqualTo(Preflight.Outcome.UNKNOWN);
                            assertThat(check.toString()).contains(group, "subscribed");
                        });
    }

    private List<Preflight.Check> checks(
            Release release, @Nullable DeployedStack before, Map<String, String> parameters) {
        return deployment.preflight(release, STACK, before, parameters);
    }

    @Test
    void theIdleCostIsThatOfTheManual() throws Exception {
        Release release = release("1");
        assertThat(IdleCost.of(plan(release).changes(), release.template(), Map.of()))
                .isBetween(6.0, 8.0);
    }

    @Test
    void aNotebookCostsWhatItsMachineCostsAndItsKey() throws Exception {
        Template template = release("1").template();
        List<PlannedChange> added =
                List.of(
                        added("Notebook", "AWS::SageMaker::NotebookInstance"),
                        added("NotebookKey", "AWS::KMS::Key"),
                        added("NotebookRole", "AWS::IAM::Role"));
        assertThat(template.resources()).containsKeys("Notebook", "NotebookKey", "NotebookRole");
        assertThat(IdleCost.of(added, template, Map.of("NotebookInstance", "ml.t3.medium")))
                .isCloseTo(38.2, within(0.01));
    }

    /** Each kind that the form offers has a price. */
    @ParameterizedTest
    @MethodSource("notebookInstances")
    void everyMachineOfNotebooksHasAPrice(String type) throws Exception {
        Template template = release("1").template();
        PlannedChange added = added("Notebook", "AWS::SageMaker::NotebookInstance");
        assertThat(IdleCost.of(List.of(added), template, Map.of("NotebookInstance", type)))
                .isPositive();
    }

    private static PlannedChange added(String resource, String type) {
        return new PlannedChange(
                resource, type, "", PlannedChange.Kind.ADDED, List.of(), false, false);
    }

    static Stream<String> notebookInstances() throws Exception {
        return Template.read(Files.readString(Path.of("../cloudformation/template.yaml")))
                .parameters()
                .stream()
                .filter(each -> each.name().equals("NotebookInstance"))
                .flatMap(each -> each.allowed().stream())
                .filter(each -> !each.isEmpty());
    }

    private static StackEvent cause(Operation.Standing standing) {
        StackEvent cause = standing.progress().cause();
        assertThat(cause).isNotNull();
        return java.util.Objects.requireNonNull(cause);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Problem problem(Work work) {
        ProblemException e = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(e).isNotNull();
        return e.problem();
    }
}
