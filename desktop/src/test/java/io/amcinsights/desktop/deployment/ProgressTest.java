package io.amcinsights.desktop.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class ProgressTest {

    private static final Instant BEGIN = Instant.parse("2026-11-27T08:00:00Z");

    private final List<StackEvent> events = new ArrayList<>();

    private void stack(int second, String status) {
        add(second, "stack", status, "", true);
    }

    private void resource(int second, String name, String status, String reason) {
        add(second, name, status, reason, false);
    }

    private void add(int second, String name, String status, String reason, boolean ofStack) {
        events.addFirst(
                new StackEvent(
                        String.valueOf(events.size()),
                        BEGIN.plusSeconds(second),
                        name,
                        "AWS::SQS::Queue",
                        "",
                        status,
                        reason,
                        "token",
                        ofStack));
    }

    private Progress at(int second, int expected) {
        return Progress.of(events, expected, BEGIN.plusSeconds(second));
    }

    @Test
    void countsWhatIsFinishedAndTellsTheTimeLeftFromThePace() {
        stack(0, "CREATE_IN_PROGRESS");
        for (int i = 0; i < 4; i++) {
            resource(i, "queue" + i, "CREATE_IN_PROGRESS", "");
        }
        assertThat(at(5, 12).done()).isZero();
        assertThat(at(5, 12).left()).isNull();
        resource(10, "queue0", "CREATE_COMPLETE", "");
        resource(20, "queue1", "CREATE_COMPLETE", "");
        resource(30, "queue2", "CREATE_COMPLETE", "");
        Progress progress = at(30, 12);
        assertThat(progress.share()).isEqualTo(0.25);
        assertThat(progress.left()).isEqualTo(Duration.ofSeconds(90));
        assertThat(progress.cause()).isNull();
    }

    @Test
    void theWayBackBeginsAnew() {
        stack(0, "CREATE_IN_PROGRESS");
        resource(1, "queue0", "CREATE_COMPLETE", "");
        resource(2, "queue1", "CREATE_COMPLETE", "");
        resource(3, "queue2", "CREATE_FAILED", "Access denied");
        resource(4, "queue3", "CREATE_FAILED", "Resource creation cancelled");
        stack(5, "ROLLBACK_IN_PROGRESS");
        assertThat(at(6, 12).goingBack()).isTrue();
        assertThat(at(6, 12).done()).isZero();
        resource(7, "queue1", "DELETE_COMPLETE", "");
        Progress progress = at(8, 12);
        assertThat(progress.done()).isEqualTo(1);
        assertThat(progress.expected()).isEqualTo(4);
        assertThat(Objects.requireNonNull(progress.cause()).resource()).isEqualTo("queue2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Maximum number of roles exceeded, LimitExceeded|A quota of the account",
                "not authorized to perform: iam:CreateRole because no permissions boundary allows"
                        + "|The account requires a permissions boundary",
                "User is not authorized to perform: sqs:createqueue|You, or the role",
                "amc-insights-tenants already exists in stack arn:aws|Something of this name",
                "Insufficient Lake Formation permission(s): Required Create Tag|Whoever deploys",
                "bucket-name already exists (BucketAlreadyExists)|The name of the bucket",
                "The bucket you tried to delete is not empty|Empty the bucket first",
                "Error occurred while GetObject. S3 Error Code: NoSuchKey|A file of the release",
                "Rate exceeded|AWS was asked too often",
                "Something new|Look at the events below"
            })
    void aKnownFailureHasItsRepair(String reason, String repair) {
        assertThat(Repair.of(reason, "AWS::SQS::Queue")).startsWith(repair);
    }
}
