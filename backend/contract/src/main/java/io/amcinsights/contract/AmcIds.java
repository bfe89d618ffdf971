package io.amcinsights.contract;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ids of AMC and how they look. Source: Amazon Ads, AMC Administration API reference and list
 * of marketplaces.
 */
public final class AmcIds {

    private static final Map<String, String> MARKETPLACES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("A2Q3Y263D00KWC", "Brazil"),
                            Map.entry("A2EUQ1WTGCTBG2", "Canada"),
                            Map.entry("A1AM78C64UM0Y8", "Mexico"),
                            Map.entry("ATVPDKIKX0DER", "United States"),
                            Map.entry("A1PA6795UKMFR9", "Germany"),
                            Map.entry("A1RKKUPIHCS9HS", "Spain"),
                            Map.entry("A13V1IB3VIYZZH", "France"),
                            Map.entry("APJ6JRA9NG5V4", "Italy"),
                            Map.entry("A1805IZSGTT6HS", "Netherlands"),
                            Map.entry("A2NODRKZP88ZB9", "Sweden"),
                            Map.entry("A33AVAJ2PDY3EV", "Türkiye"),
                            Map.entry("A1F83G8C2ARO7P", "United Kingdom"),
                            Map.entry("A17E79C6D8DWNP", "Saudi Arabia"),
                            Map.entry("A2VIGQ35RCS4UG", "United Arab Emirates"),
                            Map.entry("A39IBJ37TRP1C6", "Australia"),
                            Map.entry("A1VC38T7YXB528", "Japan"),
                            Map.entry("A21TJRUUN4KGV", "India")));

    private static final Set<String> FAR_EAST = Set.of("A39IBJ37TRP1C6", "A1VC38T7YXB528");
    private static final Set<String> NORTH_AMERICA =
            Set.of("A2Q3Y263D00KWC", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8", "ATVPDKIKX0DER");

    private AmcIds() {}

    /**
     * The region of the Amazon Ads API that serves a marketplace. Source: Amazon Ads API reference,
     * "API endpoints".
     */
    public static AmcRegion region(String marketplaceId) {
        if (NORTH_AMERICA.contains(marketplaceId)) {
            return AmcRegion.NA;
        }
        return FAR_EAST.contains(marketplaceId) ? AmcRegion.FE : AmcRegion.EU;
    }

    /** Why the text is no AMC instance id, in words; empty when it looks like one. */
    public static Optional<String> instanceProblem(String text) {
        return text.matches("amc[a-z0-9]{4,20}")
                ? Optional.empty()
                : Optional.of(
                        "An AMC instance id is amc and then letters and digits, such as"
                                + " amcr1aaaa1a.");
    }

    /** Why the text is no AMC account id, in words; empty when it looks like one. */
    public static Optional<String> accountProblem(String text) {
        return text.matches("ENTITY[A-Z0-9]{6,30}")
                ? Optional.empty()
                : Optional.of("An AMC account id is ENTITY and then capital letters and digits.");
    }

    /** Why the text is no Amazon marketplace id, in words; empty when it is one. */
    public static Optional<String> marketplaceProblem(String text) {
        return MARKETPLACES.containsKey(text)
                ? Optional.empty()
                : Optional.of("This is no Amazon marketplace where AMC is offered.");
    }

    /** The marketplace's country; the id itself where it is unknown. */
    public static String marketplaceTitle(String marketplaceId) {
        return MARKETPLACES.getOrDefault(marketplaceId, marketplaceId);
    }
}
