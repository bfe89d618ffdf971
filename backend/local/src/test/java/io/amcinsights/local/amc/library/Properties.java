package io.amcinsights.local.amc.library;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The properties of all templates, which are kept in one class a category. */
public final class Properties {

    private static final Map<String, Property> ALL = all();

    private Properties() {}

    /** Null where a template has none, which is an omission. */
    public static @Nullable Property of(String templateId) {
        return ALL.get(templateId);
    }

    private static Map<String, Property> all() {
        Map<String, Property> all = new HashMap<>();
        List.of(
                        AsinProperties.ALL,
                        AttributionProperties.ALL,
                        AudienceProperties.ALL,
                        BrandStoreProperties.ALL,
                        CostProperties.ALL,
                        CustomerValueProperties.ALL,
                        ExplorationProperties.ALL,
                        GroceryProperties.ALL,
                        NewToBrandProperties.ALL,
                        OverlapProperties.ALL,
                        PathProperties.ALL,
                        PerformanceProperties.ALL,
                        ReachProperties.ALL,
                        SearchProperties.ALL)
                .forEach(
                        some ->
                                some.forEach(
                                        (id, property) -> {
                                            if (all.put(id, property) != null) {
                                                throw new IllegalStateException(
                                                        "Two properties of " + id);
                                            }
                                        }));
        return all;
    }
}
