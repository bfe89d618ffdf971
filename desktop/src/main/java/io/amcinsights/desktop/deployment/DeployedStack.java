package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.aws.Installation;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.Tag;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A stack, as CloudFormation describes it now.
 *
 * @param id its ARN, which leads to it also after it is removed
 * @param status in CloudFormation's word
 * @param reason why it has the status; may be empty
 * @param changed when it was last updated, else when it was made
 * @param changeSetId of what was last carried out; may be empty
 * @param isProtected whether CloudFormation refuses to remove it
 */
public record DeployedStack(
        String name,
        String id,
        StackState state,
        String status,
        String reason,
        Map<String, String> parameters,
        Map<String, String> outputs,
        Map<String, String> tags,
        Instant changed,
        String changeSetId,
        boolean isProtected) {

    /** Marks the stacks that this application has made. */
    static final String TAG = "app";

    static final String TAG_VALUE = "amc-insights";

    static DeployedStack of(Stack stack) {
        return new DeployedStack(
                stack.stackName(),
                stack.stackId(),
                StackState.of(stack.stackStatus()),
                stack.stackStatusAsString(),
                text(stack.stackStatusReason()),
                stack.parameters().stream()
                        .collect(
                                Collectors.toMap(
                                        Parameter::parameterKey, p -> text(p.parameterValue()))),
                stack.outputs().stream()
                        .collect(Collectors.toMap(Output::outputKey, o -> text(o.outputValue()))),
                stack.tags().stream().collect(Collectors.toMap(Tag::key, t -> text(t.value()))),
                stack.lastUpdatedTime() == null ? stack.creationTime() : stack.lastUpdatedTime(),
                text(stack.changeSetId()),
                Boolean.TRUE.equals(stack.enableTerminationProtection()));
    }

    /** Whether this application can be signed in to it, as far as its outputs tell. */
    public boolean opens() {
        return Installation.opens(outputs.keySet());
    }

    /** Whether it is an installation, or has been made to become one. */
    public boolean isInstallation() {
        return opens() || TAG_VALUE.equals(tags.get(TAG));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
