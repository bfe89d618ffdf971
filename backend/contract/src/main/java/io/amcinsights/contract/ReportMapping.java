package io.amcinsights.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which columns of a dataset feed the campaign report. Tenant and window come from the deliveries
 * themselves; what no column feeds is NULL.
 *
 * @param included its rows are in the report
 * @param columns of the dataset, by the field that they feed
 * @param channel where the ads of a row were shown; null where that is not known
 * @param version counts changes; 0 for one that nobody has decided on yet
 */
public record ReportMapping(
        String dataset,
        boolean included,
        Map<Field, String> columns,
        @Nullable Channel channel,
        long version) {

    public ReportMapping {
        Map<Field, String> copy = new EnumMap<>(Field.class);
        columns.forEach(
                (field, column) -> copy.put(field, Objects.requireNonNull(column, "a column")));
        columns = Collections.unmodifiableMap(copy);
    }

    /** What a column feeds. */
    public enum Field {
        ADVERTISER(Kind.TEXT),
        CAMPAIGN(Kind.TEXT),
        IMPRESSIONS(Kind.COUNT),
        /** People who were reached; those of several rows cannot be added up. */
        REACH(Kind.COUNT),
        CLICKS(Kind.COUNT),
        SPEND(Kind.MONEY),
        PURCHASES(Kind.COUNT),
        SALES(Kind.MONEY),
        CURRENCY(Kind.TEXT);

        private final Kind kind;

        Field(Kind kind) {
            this.kind = kind;
        }

        public Kind kind() {
            return kind;
        }
    }

    /** What a field holds. */
    public enum Kind {
        TEXT,
        COUNT,
        /** In units of the currency, exactly. */
        MONEY
    }

    /** Where ads were shown. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "channel")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Fixed.class, name = "Fixed"),
        @JsonSubTypes.Type(value = ByColumn.class, name = "ByColumn")
    })
    public sealed interface Channel {}

    /** All rows are of one channel. */
    public record Fixed(String name) implements Channel {}

    /**
     * A column tells.
     *
     * @param names the channel of each of the column's values, whatever their case; a value that is
     *     not among them is its own name
     * @param absent the channel of rows without a value; null where that is not known
     */
    public record ByColumn(String column, Map<String, String> names, @Nullable String absent)
            implements Channel {

        public ByColumn {
            names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
        }
    }

    /**
     * What AMC's ad product types are called, and {@code dsp}, as the query library writes where
     * AMC has none. Source: Amazon Ads, AMC data sources, {@code ad_product_type}.
     */
    public static final Map<String, String> USUAL_CHANNELS = usualChannels();

    private static Map<String, String> usualChannels() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("dsp", "DSP");
        names.put("sponsored_products", "Sponsored Products");
        names.put("sponsored_brands", "Sponsored Brands");
        names.put("sponsored_display", "Sponsored Display");
        names.put("sponsored_television", "Sponsored TV");
        return Collections.unmodifiableMap(names);
    }
}
