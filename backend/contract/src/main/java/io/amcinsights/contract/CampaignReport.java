package io.amcinsights.contract;

import io.amcinsights.contract.ReportMapping.Field;

import java.util.List;
import java.util.Map;

/**
 * The campaign report: the newest rows of many datasets on one schema, as a view.
 *
 * @param published the view is there to be queried
 * @param sources all datasets that may feed it, by name
 */
public record CampaignReport(
        String database, String view, boolean published, List<Source> sources) {

    /**
     * @param mapping what was decided, or is proposed
     * @param proposed nobody has decided yet, and the columns are certain by their names
     * @param choices which columns may feed a field, for all fields
     * @param channelColumns which columns may tell the channel
     * @param texts columns that feed a number and hold text by now; what is no number counts as
     *     NULL
     * @param overlaps what this dataset counts and others in the report count too
     */
    public record Source(
            ReportMapping mapping,
            boolean proposed,
            Map<Field, List<String>> choices,
            List<String> channelColumns,
            List<String> texts,
            List<Overlap> overlaps) {}

    /**
     * Where the campaigns and the windows are the same too, it is counted twice.
     *
     * @param with a dataset that is in the report
     * @param fields that both feed
     * @param tenants that have rows in both
     */
    public record Overlap(String with, List<Field> fields, List<String> tenants) {}

    /** SQL for what each channel has cost and brought, for each tenant and currency. */
    public String byChannel() {
        return """
        SELECT
          tenant,
          channel,
          currency,
          sum(impressions) AS impressions,
          sum(clicks) AS clicks,
          sum(spend) AS spend,
          sum(purchases) AS purchases,
          sum(sales) AS sales
        FROM "%s"
        GROUP BY tenant, channel, currency
        ORDER BY tenant, spend DESC\
        """
                .formatted(view);
    }

    /**
     * SQL for what is counted twice: a tenant's campaign and channel in two datasets, or in two
     * windows of one dataset, that have days in common and feed the same field.
     */
    public String countedTwice() {
        return """
        WITH parts AS (
          SELECT
            tenant, campaign, channel, dataset, window_start, window_end,
            sum(impressions) AS impressions, sum(clicks) AS clicks, sum(spend) AS spend,
            sum(purchases) AS purchases, sum(sales) AS sales
          FROM "%s"
          WHERE campaign IS NOT NULL AND window_start IS NOT NULL
          GROUP BY tenant, campaign, channel, dataset, window_start, window_end
        )
        SELECT
          a.tenant, a.campaign, a.channel,
          a.dataset, a.window_start, a.window_end, a.impressions, a.spend, a.purchases,
          b.dataset AS also_in, b.window_start AS also_from, b.window_end AS also_to,
          b.impressions AS also_impressions, b.spend AS also_spend, b.purchases AS also_purchases
        FROM parts a
        JOIN parts b
          ON a.tenant = b.tenant
          AND a.campaign = b.campaign
          AND a.channel IS NOT DISTINCT FROM b.channel
          AND a.window_start < b.window_end
          AND b.window_start < a.window_end
        WHERE (a.dataset, a.window_start, a.window_end)
            < (b.dataset, b.window_start, b.window_end)
          AND (a.impressions + b.impressions IS NOT NULL
            OR a.clicks + b.clicks IS NOT NULL
            OR a.spend + b.spend IS NOT NULL
            OR a.purchases + b.purchases IS NOT NULL
            OR a.sales + b.sales IS NOT NULL)
        ORDER BY a.tenant, a.campaign, a.window_start
        LIMIT 1000\
        """
                .formatted(view);
    }
}
