package io.amcinsights.lake;

import io.amcinsights.contract.ReportMapping;
import io.amcinsights.contract.ReportMapping.ByColumn;
import io.amcinsights.contract.ReportMapping.Channel;
import io.amcinsights.contract.ReportMapping.Field;
import io.amcinsights.lake.plan.Column;
import io.amcinsights.lake.plan.ColumnType;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a dataset may feed the campaign report, where its columns say so by their names: those of the
 * query library and of AMC's published queries. It names nothing where a text column might be one
 * that counts a person or a purchase in several rows, such as an audience or a model of
 * attribution.
 */
final class ReportProposal {

    /** In the order of their certainty. */
    private static final Map<Field, List<String>> NAMES =
            Map.of(
                    Field.ADVERTISER, List.of("advertiser"),
                    Field.CAMPAIGN, List.of("campaign", "campaign_name"),
                    Field.IMPRESSIONS, List.of("impressions"),
                    Field.REACH, List.of("unique_reach", "user_reach", "reach", "users"),
                    Field.CLICKS, List.of("clicks"),
                    Field.SPEND, List.of("spend", "cost", "total_cost", "ad_spend"),
                    Field.PURCHASES, List.of("purchases"),
                    Field.SALES, List.of("product_sales"),
                    Field.CURRENCY, List.of("currency", "currency_iso_code"));

    private static final List<String> CHANNELS = List.of("channel", "ad_product_type");

    /** Each impression, click, cost or purchase has one of them. */
    private static final Set<String> EACH_ONCE =
            Set.of(
                    "campaign_id",
                    "campaign_id_string",
                    "line_item",
                    "line_item_id",
                    "line_item_type",
                    "creative",
                    "creative_id",
                    "creative_type",
                    "creative_size",
                    "ad_group",
                    "campaign_budget_type",
                    "price_type",
                    "placement_type",
                    "keyword",
                    "search_term",
                    "match_type",
                    "filtered");

    private static final List<Field> MEASURES =
            List.of(Field.IMPRESSIONS, Field.CLICKS, Field.SPEND, Field.PURCHASES, Field.SALES);

    private ReportProposal() {}

    /** Without columns where nothing is certain. */
    static ReportMapping of(DatasetState dataset) {
        Map<Field, String> columns = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            NAMES.getOrDefault(field, List.of()).stream()
                    .flatMap(name -> named(name, dataset).stream())
                    .map(
                            column ->
                                    field.kind() == ReportMapping.Kind.MONEY
                                            ? ReportMappings.twin(column, dataset).orElse(column)
                                            : column)
                    .filter(column -> isCertain(field, column, dataset))
                    .findFirst()
                    .ifPresent(column -> columns.put(field, column.name()));
        }
        if (!columns.containsKey(Field.IMPRESSIONS)) {
            columns.remove(Field.REACH); // of people who bought, perhaps
        }
        Channel channel =
                CHANNELS.stream()
                        .flatMap(name -> named(name, dataset).stream())
                        .filter(c -> c.type().equals(ColumnType.VARCHAR))
                        .findFirst()
                        .map(c -> new ByColumn(c.name(), ReportMapping.USUAL_CHANNELS, null))
                        .orElse(null);
        boolean certain =
                columns.containsKey(Field.CAMPAIGN)
                        && MEASURES.stream().anyMatch(columns::containsKey)
                        && dataset.columns().stream()
                                .filter(c -> c.type().equals(ColumnType.VARCHAR))
                                .allMatch(c -> countsOnce(c.name(), columns, channel));
        return certain
                ? new ReportMapping(dataset.name(), false, columns, channel, 0)
                : new ReportMapping(dataset.name(), false, Map.of(), null, 0);
    }

    private static Optional<Column> named(String name, DatasetState dataset) {
        return dataset.columns().stream()
                .filter(c -> c.name().equals(name) && c.money() == null)
                .findFirst();
    }

    /** Money that is not converted is in units of the currency where it is named beside it. */
    private static boolean isCertain(Field field, Column column, DatasetState dataset) {
        return ReportMappings.mayFeed(field, column, dataset)
                && (field.kind() != ReportMapping.Kind.MONEY
                        || column.money() != null
                        || (!(column.type().kind() == ColumnType.Kind.BIGINT)
                                && !column.name().equals("total_cost")
                                && NAMES.getOrDefault(Field.CURRENCY, List.of()).stream()
                                        .anyMatch(name -> named(name, dataset).isPresent())));
    }

    private static boolean countsOnce(
            String name, Map<Field, String> columns, @Nullable Channel channel) {
        return columns.containsValue(name)
                || EACH_ONCE.contains(name)
                || NAMES.getOrDefault(Field.CURRENCY, List.of()).contains(name)
                || (channel instanceof ByColumn by && by.column().equals(name))
                || CHANNELS.contains(name);
    }
}
