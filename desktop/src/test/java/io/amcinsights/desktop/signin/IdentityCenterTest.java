package io.amcinsights.desktop.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.IdentityCenter;
import io.amcinsights.desktop.aws.PortalSession;
import io.amcinsights.desktop.aws.PortalSession.Assigned;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;
import io.amcinsights.desktop.deployment.EmulatedAws;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.auth.credentials.AwsCredentials;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;

/** Signing in, without a window: the protocol, and how a sign-in is prolonged and ends. */
class IdentityCenterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FollowingBrowser browser = new FollowingBrowser();
    private volatile Duration later = Duration.ZERO;
    private EmulatedAws aws;
    private EmulatedSignIn emulated;

    @BeforeEach
    void start() throws IOException {
        aws = new EmulatedAws();
        emulated = new EmulatedSignIn(aws);
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    private final Clock clock =
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.now().plus(later);
                }
            };

    private PortalSession signIn() throws InterruptedException {
        return center(emulated.startUrl()).signIn(browser::open, PATIENCE, clock);
    }

    private static IdentityCenter center(String startUrl) {
        return new IdentityCenter(startUrl, "eu-west-1");
    }

    private static Problem problem(ThrowingCallable call) {
        Problem[] seen = new Problem[1];
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> seen[0] = e.problem());
        return seen[0];
    }

    @Test
    void leads_to_the_roles_and_to_keys_that_are_asked_for_once() throws Exception {
        try (PortalSession session = signIn()) {
            assertThat(session.roles())
                    .containsExactly(
                            new Assigned("112233445566", "Kestrel marketing", "Administrator"),
                            new Assigned("112233445566", "Kestrel marketing", "AmcAnalyst"),
                            new Assigned("112233445567", "Kestrel team 01", "Administrator"),
                            new Assigned("112233445567", "Kestrel team 01", "AmcAnalyst"));
            AwsAccount account = session.account(session.roles().getFirst(), "eu-central-1");
            assertThat(account.region()).isEqualTo("eu-central-1");
            AwsCredentials keys = account.credentials().resolveCredentials();
            assertThat(keys.accessKeyId()).isEqualTo("ASIA1");
            assertThat(account.credentials().resolveCredentials()).isEqualTo(keys);
        }
        assertThat(browser.pages())
                .singleElement()
                .asString()
                .contains("You can close this window.");
    }

    @Test
    void keys_and_token_are_renewed_before_they_run_out() throws Exception {
        try (PortalSession session = signIn()) {
            AwsAccount account = session.account(session.roles().getFirst(), "eu-west-1");
            account.credentials().resolveCredentials();
            later = Duration.ofMinutes(56);
            emulated.endAccess();
            assertThat(account.credentials().resolveCredentials().accessKeyId()).isEqualTo("ASIA2");
            assertThat(emulated.calls().stream().filter("/token"::equals)).hasSize(2);
        }
    }

    @Test
    void an_ended_session_says_so_once_it_is_needed() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (PortalSession session = signIn()) {
            session.setOnEnded(told::incrementAndGet);
            AwsAccount account = session.account(session.roles().getFirst(), "eu-west-1");
            emulated.endSession();
            Problem problem = problem(() -> account.credentials().resolveCredentials());
            assertThat(problem.title()).isEqualTo("Your sign-in has ended");
            assertThat(problem.next()).startsWith("Sign in again");
            assertThat(told).hasValue(1);
            later = Duration.ofMinutes(58);
            assertThat(problem(session::roles).title()).isEqualTo("Your sign-in has ended");
        }
    }

    @Test
    void signing_out_ends_the_session_at_aws() throws Exception {
        PortalSession session = signIn();
        AwsAccount account = session.account(session.roles().getFirst(), "eu-west-1");
        session.close();
        assertThat(emulated.signedIn()).isFalse();
        assertThat(problem(() -> account.credentials().resolveCredentials()).title())
                .isEqualTo("Your sign-in has ended");
    }

    @Test
    void says_what_came_in_the_way() {
        emulated.answers("deny");
        assertThat(problem(this::signIn).message())
                .isEqualTo("On the sign-in page access was not allowed.");
        assertThat(browser.pages()).singleElement().asString().contains("Access was not allowed.");

        Problem wrong =
                problem(
                        () ->
                                center(aws.endpoint() + "/other")
                                        .signIn(browser::open, PATIENCE, clock));
        assertThat(wrong.title()).isEqualTo("IAM Identity Center refused the sign-in");
        assertThat(wrong.message()).isEqualTo("There is no such start URL");

        URI silent = aws.endpoint();
        aws.close();
        assertThat(
                        problem(
                                        () ->
                                                center(silent + "/start")
                                                        .signIn(browser::open, PATIENCE, clock))
                                .title())
                .isEqualTo("IAM Identity Center does not answer");
    }

    @Test
    void takes_no_answer_but_its_own() {
        emulated.answers("forge");
        Problem late =
                problem(
                        () ->
                                center(emulated.startUrl())
                                        .signIn(browser::open, Duration.ofSeconds(2), clock));
        assertThat(late.title()).isEqualTo("No answer from the sign-in page");
        assertThat(emulated.calls()).doesNotContain("/token");
        assertThat(browser.pages())
                .singleElement()
                .asString()
                .contains("This sign-in was not begun here.");
    }

    @Test
    void knows_a_start_url_when_it_sees_one() {
        assertThat(center("https://d-1234567890.awsapps.com/start").plausible()).isTrue();
        assertThat(center("http://127.0.0.1:4566/start").plausible()).isTrue();
        assertThat(center("http://acme.awsapps.com/start").plausible()).isFalse();
        assertThat(center("acme.awsapps.com").plausible()).isFalse();
        assertThat(center("https://a b").plausible()).isFalse();
    }
}
