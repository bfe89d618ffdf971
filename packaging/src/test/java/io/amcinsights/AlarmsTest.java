package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Json;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.Stack.Resource;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What fails in an installation on AWS is told to somebody. */
class AlarmsTest {

    private static final Account ACCOUNT = new Account("111122223333", "eu-west-1", "aws");

    private final Stack stack = stack(Map.of());

    private static Stack stack(Map<String, String> parameters) {
        try {
            String template = Files.readString(Path.of("../cloudformation/template.yaml"));
            return Stack.read(template, "amc-insights", ACCOUNT, parameters);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyFunctionStateMachineAndDeadLetterQueueIsWatched() {
        Set<String> wanted =
                new TreeSet<>(Set.of("ApproximateAgeOfOldestMessage amc-insights-runs.fifo"));
        for (Resource function : stack.resources("AWS::Lambda::Function")) {
            wanted.add("Errors " + function.physicalId());
            wanted.add("Throttles " + function.physicalId());
        }
        for (Resource machine : stack.resources("AWS::StepFunctions::StateMachine")) {
            wanted.add("ExecutionsFailed " + machine.physicalId());
            wanted.add("ExecutionsTimedOut " + machine.physicalId());
        }
        for (String arn : deadLetters()) {
            wanted.add("ApproximateNumberOfMessagesVisible " + arn.replaceFirst(".*:", ""));
        }
        Set<String> watched = new TreeSet<>();
        for (Resource alarm : alarms()) {
            watch(alarm.properties(), watched);
            alarm.properties()
                    .path("Metrics")
                    .forEach(m -> watch(m.at("/MetricStat/Metric"), watched));
        }
        assertThat(watched).containsAll(wanted);
    }

    @Test
    void everyAlarmGoesToATopicThatCloudWatchMayUse() {
        Resource topic = resource("Alarms");
        assertThat(alarms())
                .isNotEmpty()
                .allSatisfy(
                        alarm ->
                                assertThat(alarm.properties().path("AlarmActions"))
                                        .extracting(JsonNode::asText)
                                        .containsExactly(topic.physicalId()));
        assertThat(topic.properties().has("KmsMasterKeyId")).isFalse();
        assertThat(resource("AlarmsPolicy").properties().at("/PolicyDocument/Statement"))
                .anySatisfy(
                        statement -> {
                            assertThat(statement.at("/Principal/Service").asText())
                                    .isEqualTo("cloudwatch.amazonaws.com");
                            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
                        });
    }

    @Test
    void whoeverIsNamedGetsThemByEmail() {
        assertThat(stack.resources("AWS::SNS::Subscription")).isEmpty();
        assertThat(stack(Map.of("AlarmEmail", "a@b.org")).resources("AWS::SNS::Subscription"))
                .singleElement()
                .satisfies(
                        subscription -> {
                            assertThat(subscription.properties().path("Endpoint").asText())
                                    .isEqualTo("a@b.org");
                            assertThat(subscription.properties().path("TopicArn").asText())
                                    .isEqualTo(resource("Alarms").physicalId());
                        });
    }

    @Test
    void theDashboardShowsEveryAlarm() {
        JsonNode body =
                Json.read(
                        resource("Dashboard").properties().path("DashboardBody").asText(),
                        JsonNode.class);
        List<String> shown =
                body.findValues("alarms").stream()
                        .flatMap(JsonNode::valueStream)
                        .map(arn -> arn.asText().replaceFirst(".*:alarm:", ""))
                        .toList();
        assertThat(alarms())
                .extracting(Resource::physicalId)
                .containsExactlyInAnyOrderElementsOf(shown);
    }

    @Test
    void whatIsRememberedIsNotLostByMistake() {
        JsonNode table = resource("Documents").properties();
        assertThat(table.path("DeletionProtectionEnabled").asBoolean()).isTrue();
        assertThat(
                        table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                                .asBoolean())
                .isTrue();
    }

    /** Where messages end that nobody took. */
    private Set<String> deadLetters() {
        Set<String> arns = new TreeSet<>();
        for (Resource resource : stack.resources()) {
            JsonNode properties = resource.properties();
            arns.addAll(properties.findValuesAsText("deadLetterTargetArn"));
            properties
                    .findValues("DeadLetterConfig")
                    .forEach(d -> arns.add(d.path("Arn").asText()));
            properties
                    .findValues("OnFailure")
                    .forEach(d -> arns.add(d.path("Destination").asText()));
        }
        assertThat(arns).hasSize(2);
        return arns;
    }

    private static void watch(JsonNode metric, Set<String> watched) {
        metric.path("Dimensions")
                .forEach(
                        d ->
                                watched.add(
                                        metric.path("MetricName").asText()
                                                + " "
                                                + d.path("Value").asText()));
    }

    private List<Resource> alarms() {
        return stack.resources("AWS::CloudWatch::Alarm");
    }

    private Resource resource(String logicalId) {
        return stack.resources().stream()
                .filter(r -> r.logicalId().equals(logicalId))
                .findFirst()
                .orElseThrow();
    }
}
