package io.amcinsights.desktop.workflows;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Run;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.Workflow;
import io.amcinsights.desktop.Samples;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Workflows and templates as an installation would answer them. */
final class WorkflowSamples {

    static final Tenant KESTREL =
            Samples.tenant("amckestrel1", "Kestrel Outdoor", Tenant.Status.ACTIVE);
    static final Tenant HARBOR = Samples.tenant("amcharbor3", "Harbor Lane", Tenant.Status.ACTIVE);
    static final Tenant FAILED = Samples.tenant("amcbrook2", "Brook & Fern", Tenant.Status.FAILED);

    static final String REACH_SQL =
            """
            SELECT
              IF(impressions > CUSTOM_PARAMETER('highest_frequency'),
                CUSTOM_PARAMETER('highest_frequency'), impressions) AS frequency,
              COUNT(DISTINCT user_id) AS users
            FROM (
              SELECT user_id, SUM(impressions) AS impressions
              FROM dsp_impressions
              WHERE user_id IS NOT NULL
                AND (ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), 'ALL')
                  OR ARRAY_CONTAINS(CUSTOM_PARAMETER('campaigns'), campaign))
              GROUP BY user_id
            ) AS people
            GROUP BY 1
            """;

    static final Parameter CAMPAIGNS =
            new Parameter(
                    "campaigns",
                    Parameter.Type.STRING,
                    true,
                    "Names of the campaigns to look at; ALL for all of them.",
                    json("[\"ALL\"]"));
    static final Parameter HIGHEST =
            new Parameter(
                    "highest_frequency",
                    Parameter.Type.LONG,
                    false,
                    "People with more impressions than this are counted in the last row.",
                    json("10"));

    static final Template REACH =
            new Template(
                    "reach-and-frequency",
                    "Reach and frequency",
                    "Reach and frequency",
                    "How many people saw our ads, and how often did each of them see one?",
                    "Each row is a number of impressions per person. A long tail at the right means"
                        + " that a few people see the ads again and again while the budget could"
                        + " reach new ones.",
                    List.of("dsp_impressions"),
                    new Template.Window(30, 2),
                    REACH_SQL,
                    List.of(CAMPAIGNS, HIGHEST),
                    List.of(
                            new Template.ResultColumn(
                                    "frequency",
                                    "LONG",
                                    "Impressions that each of these people saw",
                                    "impressions"),
                            new Template.ResultColumn(
                                    "users", "LONG", "People who saw exactly so many", "people"),
                            new Template.ResultColumn(
                                    "currency", "STRING", "Currency of the cost", "")),
                    null);

    static final Template OPTIMAL =
            template(
                    "optimal-frequency",
                    "Optimal frequency",
                    "Reach and frequency",
                    "After how many impressions do people stop becoming customers?");
    static final Template OVERLAP =
            template(
                    "streaming-tv-display-overlap",
                    "Streaming TV and display overlap",
                    "Overlap",
                    "Do people who saw streaming TV and display buy more than those who saw one?");
    static final Template NEW_TO_BRAND =
            template(
                    "new-to-brand",
                    "New-to-brand customers",
                    "New-to-brand",
                    "Which campaigns win customers who had not bought from the brand for a year?");

    private WorkflowSamples() {}

    private static Template template(String id, String title, String category, String question) {
        return new Template(
                id,
                title,
                category,
                question,
                "A campaign with a high share of new customers grows the brand.",
                List.of("dsp_impressions", "conversions"),
                new Template.Window(30, 14),
                "SELECT campaign, COUNT(DISTINCT user_id) AS users\nFROM dsp_impressions\n"
                        + "GROUP BY campaign",
                List.of(),
                List.of(new Template.ResultColumn("campaign", "STRING", "Campaign", "")),
                null);
    }

    static Workflow workflow(Tenant tenant, String id, String title, long version) {
        return new Workflow(
                tenant.tenantId(),
                id,
                title,
                "How many people saw our ads, and how often?",
                REACH_SQL,
                List.of(CAMPAIGNS, HIGHEST),
                "reach-and-frequency",
                Instant.now().minusSeconds(7_200),
                version);
    }

    static Run run(Workflow of, Run.Status status, long secondsAgo) {
        return new Run(
                "run-" + of.tenantId() + "-" + of.workflowId(),
                of.tenantId(),
                of.workflowId(),
                of.version(),
                null,
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                null,
                null,
                false,
                status,
                null,
                null,
                null,
                null,
                null,
                Instant.now().minusSeconds(secondsAgo),
                null,
                null,
                1);
    }

    /** The workflow as a backend would keep it. */
    static Workflow saved(Workflow sent, long version) {
        return new Workflow(
                sent.tenantId(),
                sent.workflowId(),
                sent.title(),
                sent.description(),
                sent.sql(),
                sent.parameters(),
                sent.templateId(),
                Instant.now(),
                version);
    }

    static @Nullable JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }

    /** A run of a query that is not saved. */
    static Run adHoc(Run.AdHoc query, Run.Status status) {
        return new Run(
                "run-ad-hoc",
                KESTREL.tenantId(),
                "",
                0,
                null,
                TimeWindow.of(TimeWindow.Type.MOST_RECENT_WEEK, "UTC"),
                Map.of(),
                null,
                query,
                false,
                status,
                null,
                null,
                null,
                null,
                null,
                Instant.now(),
                null,
                null,
                1);
    }

    static Run failed(Run r) {
        return new Run(
                r.runId(),
                r.tenantId(),
                r.workflowId(),
                r.workflowVersion(),
                r.scheduleId(),
                r.window(),
                r.parameters(),
                r.batchId(),
                r.adHoc(),
                false,
                Run.Status.FAILED,
                "0b1c2d3e-amc",
                "REJECTED",
                null,
                null,
                Failure.of(
                                ErrorCode.AMC_REFUSED,
                                "AMC refused the SQL: column “campagin” does not exist.")
                        .next("Correct the SQL, then try it again."),
                r.requestedAt(),
                r.requestedAt(),
                r.requestedAt().plusSeconds(3),
                2);
    }
}
