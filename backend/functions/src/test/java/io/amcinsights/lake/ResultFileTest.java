package io.amcinsights.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.LocalDate;

class ResultFileTest {

    private static ResultFile file(String key) {
        return ResultFile.of(key).orElseThrow();
    }

    @Test
    void readsTheWorkflowFromTheFolderAndTheTimeFromTheName() {
        ResultFile adHoc =
                file(
                        "workflow=reach.by-day_2/schedule=adhoc/2026-11-23T10:00:00.123Z-reach.by-day_2.csv");
        assertThat(adHoc.workflowId()).isEqualTo("reach.by-day_2");
        assertThat(adHoc.createdAt()).isEqualTo(Instant.parse("2026-11-23T10:00:00.123Z"));
        assertThat(adHoc.ignored()).isEmpty();
        ResultFile dated = file("workflow=sales/schedule=weekly/2026-11-22-sales-ver2.csv");
        assertThat(dated.createdAt()).isNull();
        assertThat(dated.date()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(dated.ignored()).isEmpty();
        assertThat(ResultFile.of("pre-stage/x/delivery.csv")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflow=w/schedule=adhoc/metadata/2026-11-23T10:00:00.123Z-w.json",
                "workflow=w/schedule=adhoc/metadata/2026-11-23T10:00:00.123Z-w.csv",
                "workflow=w/schedule=adhoc/2026-11-23T10:00:00.123Z-w-metadata.csv",
                "workflow=w/schedule=adhoc/2026-11-23T10:00:00.123Z-w.json",
                "workflow=analytics-11111111-2222-3333-4444-555555555555/schedule=adhoc/2026-11-23T10:00:00.123Z-analytics-11111111-2222-3333-4444-555555555555.csv"
            })
    void ignoresWhatIsNoResultOfAWorkflow(String key) {
        assertThat(file(key).ignored()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workflow=metadata-check/schedule=adhoc/2026-11-23T10:00:00.123Z-metadata-check.csv",
                "workflow=segment.metadata/schedule=daily/2026-11-23-segment.metadata-ver1.csv"
            })
    void takesResultsOfWorkflowsThatAreCalledMetadata(String key) {
        assertThat(file(key).ignored()).isEmpty();
    }
}
