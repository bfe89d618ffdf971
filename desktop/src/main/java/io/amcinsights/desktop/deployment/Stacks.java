package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.AwsConnection;
import io.amcinsights.desktop.aws.AwsProblem;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.DescribeStackEventsResponse;
import software.amazon.awssdk.services.cloudformation.model.OperationEvent;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackDriftDetectionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The stacks of an account and region. Every call blocks. */
public final class Stacks implements AutoCloseable {

    private static final Messages MESSAGES = Messages.of(Stacks.class);

    private final CloudFormationClient client;
    private final Duration pause;

    /**
     * @param pause between two looks at something that CloudFormation is busy with
     */
    public Stacks(AwsConnection connection, Duration pause) {
        client = connection.to(CloudFormationClient.builder());
        this.pause = pause;
    }

    /** A resource that there is. */
    public record Existing(String resource, String type, String physicalId, String status) {}

    /** What somebody has changed by hand. */
    public record Drifted(
            String resource,
            String type,
            String physicalId,
            boolean deleted,
            List<String> properties) {}

    /** A stack by its name or ARN; by its ARN also for some time after it is removed. */
    public Optional<DeployedStack> find(String name) {
        try {
            return client.describeStacks(describe -> describe.stackName(name)).stacks().stream()
                    .findFirst()
                    .map(DeployedStack::of);
        } catch (CloudFormationException e) {
            if (missing(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** All stacks that are installations, or have been made to become one. */
    public List<DeployedStack> installations() {
        return client.describeStacksPaginator().stacks().stream()
                .map(DeployedStack::of)
                .filter(DeployedStack::isInstallation)
                .toList();
    }

    /** The template that a stack was made from. */
    public Template template(String stack) {
        return Template.read(
                client.getTemplate(
                                get -> get.stackName(stack).templateStage(TemplateStage.ORIGINAL))
                        .templateBody());
    }

    /** What a stack consists of now. */
    public List<Existing> resources(String stack) {
        return client
                .listStackResourcesPaginator(list -> list.stackName(stack))
                .stackResourceSummaries()
                .stream()
                .map(
                        each ->
                                new Existing(
                                        each.logicalResourceId(),
                                        each.resourceType(),
                                        each.physicalResourceId() == null
                                                ? ""
                                                : each.physicalResourceId(),
                                        each.resourceStatusAsString()))
                .filter(each -> !each.status().equals("DELETE_COMPLETE"))
                .toList();
    }

    /**
     * Lets CloudFormation work out what would change, and waits for it. Where nothing would,
     * nothing is left behind.
     *
     * @param before the stack that is to be changed; null to make one
     * @throws ProblemException CloudFormation refuses, in words
     */
    public ChangePlan plan(
            String name,
            @Nullable DeployedStack before,
            String templateUrl,
            Map<String, String> parameters)
            throws InterruptedException {
        Map<String, String> tags = new HashMap<>();
        if (before == null) {
            tags.put(DeployedStack.TAG, DeployedStack.TAG_VALUE);
        } else {
            // A change of the tags would show as a change of every resource.
            tags.putAll(before.tags());
        }
        var made =
                client.createChangeSet(
                        create ->
                                create.stackName(before == null ? name : before.id())
                                        .changeSetName("amc-insights-" + UUID.randomUUID())
                                        .changeSetType(
                                                before == null
                                                        ? ChangeSetType.CREATE
                                                        : ChangeSetType.UPDATE)
                                        .templateURL(templateUrl)
                                        .capabilities(Capability.CAPABILITY_NAMED_IAM)
                                        .parameters(
                                                parameters.entrySet().stream()
                                                        .map(
                                                                each ->
                                                                        Parameter.builder()
                                                                                .parameterKey(
                                                                                        each
                                                                                                .getKey())
                                                                                .parameterValue(
                                                                                        each
                                                                                                .getValue())
                                                                                .build())
                                                        .toList())
                                        .tags(
                                                tags.entrySet().stream()
                                                        .map(
                                                                each ->
                                                                        Tag.builder()
                                                                                .key(each.getKey())
                                                                                .value(
                                                                                        each
                                                                                                .getValue())
                                                                                .build())
                                                        .toList()));
        ChangePlan empty =
                new ChangePlan(name, made.stackId(), made.id(), before == null, List.of());
        try {
            return settled(empty);
        } catch (InterruptedException | RuntimeException e) {
            // Whoever gives up waiting must not keep us from clearing up.
            boolean interrupted = Thread.interrupted();
            discard(empty);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    private ChangePlan settled(ChangePlan plan) throws InterruptedException {
        while (true) {
            DescribeChangeSetResponse page = describe(plan.changeSetId(), null);
            if (page.status() == ChangeSetStatus.CREATE_COMPLETE) {
                return new ChangePlan(
                        plan.stackName(),
                        plan.stackId(),
                        plan.changeSetId(),
                        plan.creates(),
                        changes(plan.changeSetId(), page));
            }
            if (page.status() == ChangeSetStatus.FAILED) {
                String reason = page.statusReason() == null ? "" : page.statusReason();
                if (unchanged(reason)) {
                    discard(plan);
                    return plan;
                }
                throw new ProblemException(refused(plan, reason));
            }
            Thread.sleep(pause);
        }
    }

    private DescribeChangeSetResponse describe(String changeSetId, @Nullable String page) {
        return client.describeChangeSet(
                describe -> describe.changeSetName(changeSetId).nextToken(page));
    }

    private List<PlannedChange> changes(String changeSetId, DescribeChangeSetResponse first) {
        List<PlannedChange> changes = new ArrayList<>();
        DescribeChangeSetResponse page = first;
        while (true) {
            page.changes().stream()
                    .filter(change -> change.resourceChange() != null)
                    .map(change -> PlannedChange.of(change.resourceChange()))
                    .forEach(changes::add);
            if (page.nextToken() == null) {
                return changes;
            }
            page = describe(changeSetId, page.nextToken());
        }
    }

    private static boolean unchanged(String reason) {
        return reason.contains("didn't contain changes")
                || reason.contains("No updates are to be performed");
    }

    private Problem refused(ChangePlan plan, String reason) {
        List<String> found = reason.contains("alidation") ? validation(plan) : List.of();
        return Problem.of(
                MESSAGES.text("plan.refused.title"),
                found.isEmpty() ? reason : String.join("\n", found),
                found.isEmpty() ? Repair.of(reason, "") : MESSAGES.text("plan.refused.next"));
    }

    /** CloudFormation looks at names that are taken before anything is made; it says so here. */
    private List<String> validation(ChangePlan plan) {
        try {
            return client
                    .describeEventsPaginator(
                            events ->
                                    events.stackName(plan.stackId())
                                            .changeSetName(plan.changeSetId()))
                    .operationEvents()
                    .stream()
                    .filter(event -> event.validationStatusReason() != null)
                    .filter(event -> "FAILED".equals(event.validationStatusAsString()))
                    .map(Stacks::sentence)
                    .distinct()
                    .toList();
        } catch (CloudFormationException e) {
            // Asking is a right of its own; what the change set says has to do.
            return List.of();
        }
    }

    private static String sentence(OperationEvent event) {
        return event.logicalResourceId() == null
                ? event.validationStatusReason()
                : "%s: %s".formatted(event.logicalResourceId(), event.validationStatusReason());
    }

    /**
     * Carries a plan out; returns at once.
     *
     * @param token names the operation in its events
     */
    public void execute(ChangePlan plan, String token) {
        client.executeChangeSet(
                execute -> execute.changeSetName(plan.changeSetId()).clientRequestToken(token));
    }

    /** Leaves everything as it was before a plan; a stack that was only under review goes, too. */
    public void discard(ChangePlan plan) {
        client.deleteChangeSet(delete -> delete.changeSetName(plan.changeSetId()));
        if (plan.creates()
                && find(plan.stackId())
                        .filter(stack -> stack.state() == StackState.UNDER_REVIEW)
                        .isPresent()) {
            client.deleteStack(delete -> delete.stackName(plan.stackId()));
        }
    }

    /** How many resources the change set that was last carried out touches; 0 where unknown. */
    int changesOf(DeployedStack stack) {
        if (stack.changeSetId().isEmpty()) {
            return 0;
        }
        try {
            return changes(stack.changeSetId(), describe(stack.changeSetId(), null)).size();
        } catch (CloudFormationException e) {
            // CloudFormation does not keep them for ever.
            return 0;
        }
    }

    /**
     * Events of an operation that are not known yet, newest first.
     *
     * @param token of the operation; null for the one that is the newest
     * @param newest the newest event that is known; null for none
     */
    List<StackEvent> events(String stackId, @Nullable String token, @Nullable String newest) {
        List<StackEvent> found = new ArrayList<>();
        String wanted = token;
        String page = null;
        do {
            String from = page;
            DescribeStackEventsResponse answer =
                    client.describeStackEvents(
                            describe -> describe.stackName(stackId).nextToken(from));
            for (var each : answer.stackEvents()) {
                StackEvent event = StackEvent.of(each);
                if (event.id().equals(newest)) {
                    return found;
                }
                if (wanted == null && found.isEmpty()) {
                    wanted = event.token();
                }
                if (wanted != null && !wanted.equals(event.token())) {
                    return found;
                }
                found.add(event);
                if (wanted == null && event.begins()) {
                    return found;
                }
            }
            page = answer.nextToken();
        } while (page != null);
        return found;
    }

    /** What CloudFormation has passed over in a stack's whole life: it is in the account still. */
    public List<Existing> left(String stackId) {
        return client
                .describeStackEventsPaginator(describe -> describe.stackName(stackId))
                .stackEvents()
                .stream()
                .map(StackEvent::of)
                .filter(event -> event.status().equals("DELETE_SKIPPED"))
                .map(
                        event ->
                                new Existing(
                                        event.resource(),
                                        event.type(),
                                        event.physicalId(),
                                        event.status()))
                .distinct()
                .toList()
                .reversed();
    }

    /**
     * Removes a stack; returns at once.
     *
     * @param retained what is left in the account; only for a stack whose removal has failed
     */
    public void remove(String stackId, List<String> retained, String token) {
        client.deleteStack(
                delete ->
                        delete.stackName(stackId)
                                .retainResources(retained.isEmpty() ? null : retained)
                                .clientRequestToken(token));
    }

    /** Allows the removal of a stack that is protected from it. */
    public void unprotect(String stackId) {
        client.updateTerminationProtection(
                update -> update.stackName(stackId).enableTerminationProtection(false));
    }

    /** Protects a stack from being removed by mistake. */
    public void protect(String stackId) {
        client.updateTerminationProtection(
                update -> update.stackName(stackId).enableTerminationProtection(true));
    }

    /**
     * Goes on with the way back from a failed update; returns at once.
     *
     * @param skipped resources that are left as they are
     */
    public void continueRollback(String stackId, List<String> skipped, String token) {
        client.continueUpdateRollback(
                go ->
                        go.stackName(stackId)
                                .resourcesToSkip(skipped.isEmpty() ? null : skipped)
                                .clientRequestToken(token));
    }

    /** Takes back an update that failed and was left half done; returns at once. */
    public void rollBack(String stackId, String token) {
        client.rollbackStack(back -> back.stackName(stackId).clientRequestToken(token));
    }

    /** Stops an update that is under way; CloudFormation goes back. */
    public void cancelUpdate(String stackId) {
        client.cancelUpdateStack(cancel -> cancel.stackName(stackId));
    }

    /** Compares every resource with what the template says, and waits for it. */
    public List<Drifted> drift(String stackId) throws InterruptedException {
        String detection =
                client.detectStackDrift(detect -> detect.stackName(stackId))
                        .stackDriftDetectionId();
        while (true) {
            var status =
                    client.describeStackDriftDetectionStatus(
                            describe -> describe.stackDriftDetectionId(detection));
            if (status.detectionStatus() == StackDriftDetectionStatus.DETECTION_FAILED) {
                throw new ProblemException(
                        Problem.of(
                                MESSAGES.text("drift.failed.title"),
                                String.valueOf(status.detectionStatusReason()),
                                MESSAGES.text("drift.failed.next")));
            }
            if (status.detectionStatus() == StackDriftDetectionStatus.DETECTION_COMPLETE) {
                return drifted(stackId);
            }
            Thread.sleep(pause);
        }
    }

    private List<Drifted> drifted(String stackId) {
        List<Drifted> found = new ArrayList<>();
        String page = null;
        do {
            String from = page;
            var answer =
                    client.describeStackResourceDrifts(
                            describe ->
                                    describe.stackName(stackId)
                                            .stackResourceDriftStatusFilters(
                                                    StackResourceDriftStatus.MODIFIED,
                                                    StackResourceDriftStatus.DELETED)
                                            .nextToken(from));
            answer.stackResourceDrifts().stream()
                    .map(
                            each ->
                                    new Drifted(
                                            each.logicalResourceId(),
                                            each.resourceType(),
                                            each.physicalResourceId() == null
                                                    ? ""
                                                    : each.physicalResourceId(),
                                            each.stackResourceDriftStatus()
                                                    == StackResourceDriftStatus.DELETED,
                                            each.propertyDifferences().stream()
                                                    .map(difference -> difference.propertyPath())
                                                    .collect(Collectors.toList())))
                    .forEach(found::add);
            page = answer.nextToken();
        } while (page != null);
        return found;
    }

    /** CloudFormation has no code of its own for a stack that there is none of. */
    private static boolean missing(CloudFormationException e) {
        return AwsProblem.code(e).equals("ValidationError")
                && AwsProblem.message(e).contains("does not exist");
    }

    @Override
    public void close() {
        client.close();
    }
}
