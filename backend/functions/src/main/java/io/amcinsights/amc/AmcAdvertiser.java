package io.amcinsights.amc;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * An advertiser whose ads feed an instance.
 *
 * @param type AMC's word: {@code DISPLAY}, {@code SPONSORED_ADS} or {@code SAS}
 * @param marketplaceId null where the type knows none
 * @param configuredTypes what of the advertiser the instance is fed with
 */
public record AmcAdvertiser(
        String id,
        String name,
        String type,
        @Nullable String marketplaceId,
        List<String> configuredTypes) {}
