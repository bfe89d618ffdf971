package io.amcinsights.notices;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.ListNotices;
import io.amcinsights.workflows.WorkflowsHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;

class NoticeBoardTest {

    private final TestInstallation installation = new TestInstallation();
    private final NoticeBoard board = installation.functions().notices();
    private final WorkflowsHandler handler = new WorkflowsHandler(installation.functions());

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void aNoticeIsSentOnceHoweverOftenItsStepIsDoneAgain() {
        for (int attempt = 0; attempt < 3; attempt++) {
            installation.clock.forward(Duration.ofMinutes(1));
            failed("run-1");
        }
        failed("run-2");
        assertThat(installation.ports.sent)
                .extracting(Notice::subjectId)
                .containsExactly("run-1", "run-2");
        assertThat(installation.ports.sent.getFirst().text())
                .isEqualTo("AMC refused the SQL.\nCorrect it.");
    }

    @Test
    void theNewestNoticesComeFirstPageByPage() {
        for (int run = 1; run <= 5; run++) {
            installation.clock.forward(Duration.ofSeconds(1));
            failed("run-" + run);
        }
        WorkflowRequest.Notices first = TestInstallation.ask(handler, new ListNotices(3, null));
        assertThat(first.notices())
                .extracting(Notice::subjectId)
                .containsExactly("run-5", "run-4", "run-3");
        WorkflowRequest.Notices second =
                TestInstallation.ask(
                        handler, new ListNotices(3, Objects.requireNonNull(first.nextToken())));
        assertThat(second.notices())
                .extracting(Notice::subjectId)
                .containsExactly("run-2", "run-1");
        assertThat(second.nextToken()).isNull();
        assertThat(TestInstallation.refusal(handler, new ListNotices(0, null)).field())
                .isEqualTo("limit");
    }

    private void failed(String runId) {
        board.bad(
                Notice.Kind.RUN,
                runId,
                runId,
                "amcr1aaaa1a",
                "reach has failed",
                Failure.of(ErrorCode.AMC_REFUSED, "AMC refused the SQL.").next("Correct it."));
    }
}
