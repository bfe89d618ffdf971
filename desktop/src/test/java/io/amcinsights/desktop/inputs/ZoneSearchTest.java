package io.amcinsights.desktop.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class ZoneSearchTest {

    @Test
    void finds_zones_by_parts_of_their_names() {
        assertThat(ZoneSearch.matching("new york")).containsExactly("America/New_York");
        assertThat(ZoneSearch.matching("lo").getFirst()).isEqualTo("Africa/Lome");
        assertThat(ZoneSearch.matching("lond").getFirst()).isEqualTo("Europe/London");
        assertThat(ZoneSearch.matching("europe ber")).contains("Europe/Berlin");
        assertThat(ZoneSearch.matching("mars")).isEmpty();
        assertThat(ZoneSearch.matching("")).contains("UTC", "Asia/Tokyo").doesNotContain("EST");
    }

    @Test
    void offsets_are_those_of_the_time() {
        assertThat(ZoneSearch.offset("Europe/Berlin", Instant.parse("2026-07-01T00:00:00Z")))
                .isEqualTo("UTC+02:00");
        assertThat(ZoneSearch.offset("Europe/Berlin", Instant.parse("2026-12-01T00:00:00Z")))
                .isEqualTo("UTC+01:00");
        assertThat(ZoneSearch.offset("UTC", Instant.EPOCH)).isEqualTo("UTC");
    }
}
