package io.amcinsights.notices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.contract.WorkflowRequest.GetNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.ListNotices;
import io.amcinsights.contract.WorkflowRequest.PutNoticeSettings;
import io.amcinsights.contract.WorkflowRequest.Reconcile;
import io.amcinsights.ports.Documents;
import io.amcinsights.workflows.WorkflowsHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class NoticeBoardTest {

    private static final String TENANT = "amcr1aaaa1a";

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
        assertThat(TestInstallation.refusal(handler, new ListNotices(3, "page-2")).field())
                .isEqualTo("nextToken");
    }

    @Test
    void whatWasBegunIsToldToItsEndAndKeptOnce() {
        Documents documents = installation.ports.documents();
        List<Notice> sent = new ArrayList<>();
        NoticeBoard dying =
                new NoticeBoard(
                        documents,
                        notice -> {
                            sent.add(notice);
                            if (sent.size() == 1) {
                                throw new IllegalStateException("The function is killed here");
                            }
                        },
                        installation.clock);
        assertThatThrownBy(() -> failed(dying, "run-1")).hasMessageContaining("killed");
        installation.clock.forward(Duration.ofMinutes(1));
        failed(dying, "run-1");
        failed(dying, "run-1");

        assertThat(sent).hasSize(2);
        assertThat(dying.newest(10, null).notices())
                .singleElement()
                .extracting(Notice::noticeId)
                .isEqualTo(sent.getFirst().noticeId());
    }

    @Test
    void whatIsToldIsChosenForATenantAndForSingleWorkflows() {
        installation.tenant(TENANT);
        choose(Choice.FAILURES, Map.of("noisy", Choice.NONE, "dear", Choice.ALL));

        for (String workflow : List.of("reach", "noisy", "dear")) {
            ended(workflow, 1, true);
            ended(workflow, 2, false);
        }
        board.bad(
                new NoticeBoard.About(Notice.Kind.SCHEDULE, "s-1", "s-1", TENANT, "noisy"),
                "The schedule did not fire",
                Failure.of(ErrorCode.INTERNAL, "It was due."));

        assertThat(installation.ports.sent)
                .extracting(Notice::subjectId)
                .containsExactly("reach-2", "dear-1", "dear-2", "s-1");
    }

    @Test
    void aDigestTellsOfADayOnceItIsOver() {
        installation.tenant(TENANT);
        choose(Choice.DIGEST, Map.of());
        ended("reach", 1, true);
        ended("reach", 1, true); // the same step again
        ended("reach", 2, true);
        ended("overlap", 1, false);
        TestInstallation.ask(handler, new Reconcile());
        assertThat(installation.ports.sent)
                .extracting(Notice::subjectId)
                .containsExactly("overlap-1");

        installation.clock.forward(Duration.ofDays(1));
        ended("reach", 3, true);
        TestInstallation.ask(handler, new Reconcile());
        TestInstallation.ask(handler, new Reconcile());

        assertThat(installation.ports.sent).hasSize(2);
        Notice digest = installation.ports.sent.getLast();
        assertThat(digest.subject()).endsWith(": 2 runs succeeded, 1 failed");
        assertThat(digest.text())
                .isEqualTo("overlap: 0 runs succeeded, 1 failed\nreach: 2 runs succeeded");
        assertThat(digest.good()).isFalse();
    }

    @Test
    void aChoiceNamesTheOneThatItSaw() {
        installation.tenant(TENANT);
        NoticeSettings first = choose(Choice.DIGEST, Map.of());
        assertThat(TestInstallation.ask(handler, new GetNoticeSettings(TENANT))).isEqualTo(first);
        assertThat(
                        TestInstallation.refusal(
                                        handler, new PutNoticeSettings(NoticeSettings.of(TENANT)))
                                .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(
                        TestInstallation.refusal(
                                        handler,
                                        new PutNoticeSettings(NoticeSettings.of("amcnobody1")))
                                .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    private NoticeSettings choose(Choice choice, Map<String, Choice> byWorkflow) {
        return TestInstallation.ask(
                handler, new PutNoticeSettings(new NoticeSettings(TENANT, choice, byWorkflow, 0)));
    }

    private void ended(String workflowId, int run, boolean good) {
        String runId = "%s-%d".formatted(workflowId, run);
        var about = new NoticeBoard.About(Notice.Kind.RUN, runId, runId, TENANT, workflowId);
        if (good) {
            board.good(about, "It has succeeded", "Its rows are loaded next.");
        } else {
            board.bad(about, "It has failed", Failure.of(ErrorCode.AMC_REFUSED, "No."));
        }
    }

    private void failed(String runId) {
        failed(board, runId);
    }

    private static void failed(NoticeBoard board, String runId) {
        board.bad(
                new NoticeBoard.About(Notice.Kind.RUN, runId, runId, TENANT),
                "reach has failed",
                Failure.of(ErrorCode.AMC_REFUSED, "AMC refused the SQL.").next("Correct it."));
    }
}
