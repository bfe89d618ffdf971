package io.amcinsights.desktop.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.List;
import java.util.Map;

/**
 * What resources cost a month while nothing runs, in US dollars, at the list prices that the manual
 * names. Only what is paid for being there counts.
 */
public final class IdleCost {

    private static final double METRIC = 0.10;
    private static final double DASHBOARD = 3;
    private static final double SECRET = 0.40;

    /** Looking into a queue for messages, all day. */
    private static final double QUEUE_POLLING = 0.32;

    /** Some calls of a function every few minutes. */
    private static final double TIMER = 0.12;

    private static final double KEY = 1;

    /** Of a notebook instance, by its type: 730 hours, and a volume of 5 GB. */
    private static final Map<String, Double> NOTEBOOKS =
            Map.of(
                    "ml.t3.medium", 0.05 * 730 + 0.70,
                    "ml.t3.large", 0.10 * 730 + 0.70,
                    "ml.t3.xlarge", 0.20 * 730 + 0.70,
                    "ml.m5.xlarge", 0.23 * 730 + 0.70,
                    "ml.m5.2xlarge", 0.461 * 730 + 0.70);

    private IdleCost() {}

    /**
     * By how much a plan changes it.
     *
     * @param values of the stack's parameters
     */
    public static double of(
            List<PlannedChange> changes, Template template, Map<String, String> values) {
        double sum = 0;
        for (PlannedChange change : changes) {
            Template.Resource resource = template.resources().get(change.resource());
            double cost =
                    of(
                            change.type(),
                            resource == null ? MissingNode.getInstance() : resource.properties(),
                            values);
            sum +=
                    switch (change.kind()) {
                        case ADDED, TAKEN_OVER -> cost;
                        case REMOVED -> change.kept() ? 0 : -cost;
                        case CHANGED, REPLACED -> 0;
                    };
        }
        return sum;
    }

    private static double of(String type, JsonNode properties, Map<String, String> values) {
        return switch (type) {
            case "AWS::CloudWatch::Alarm" -> METRIC * metrics(properties.path("Metrics"));
            case "AWS::CloudWatch::Dashboard" -> DASHBOARD;
            case "AWS::SecretsManager::Secret" -> SECRET;
            case "AWS::Lambda::EventSourceMapping" -> QUEUE_POLLING;
            case "AWS::Scheduler::Schedule" -> TIMER;
            case "AWS::KMS::Key" -> KEY;
            case "AWS::SageMaker::NotebookInstance" ->
                    NOTEBOOKS.getOrDefault(
                            values.getOrDefault(properties.path("InstanceType").asText(), ""), 0.0);
            default -> 0;
        };
    }

    private static int metrics(JsonNode metrics) {
        int count = 0;
        for (JsonNode metric : metrics) {
            count += metric.has("MetricStat") ? 1 : 0;
        }
        return Math.max(1, count);
    }
}
