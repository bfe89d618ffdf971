package io.amcinsights.desktop.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;
import io.amcinsights.desktop.deployment.EmulatedAws;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

class AwsProblemTest {

    @TempDir Path folder;

    private static Problem problem(AwsAccount account) {
        try (AwsConnection connection = new AwsConnection(account)) {
            ProblemException e =
                    catchThrowableOfType(
                            ProblemException.class,
                            () -> AwsProblem.explained(account, () -> AwsIdentity.of(connection)));
            assertThat(e).isNotNull();
            return e.problem();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403 ExpiredToken The token has expired, The sign-in to AWS has expired, Run “aws sso"
                + " login",
        "403 InvalidClientTokenId No such key, AWS does not know these credentials, Run “aws sso",
        "403 AccessDenied You may not, You are not allowed to do this, Ask an administrator",
        "400 Throttling Rate exceeded, AWS asks to slow down, Wait a minute",
        "400 SomethingElse It broke, AWS could not do this, Try again"
    })
    void everyRefusalSaysWhatToDo(String refusal, String title, String next) throws IOException {
        try (EmulatedAws aws = new EmulatedAws()) {
            aws.refuse("GetCallerIdentity", refusal);
            Problem problem = problem(aws.account());
            assertThat(problem.title()).isEqualTo(title);
            assertThat(problem.next()).startsWith(next);
        }
    }

    @Test
    void aNetworkThatIsNotThereIsToldApart() throws IOException {
        URI gone;
        AwsAccount account;
        try (EmulatedAws aws = new EmulatedAws()) {
            gone = aws.endpoint();
            account = aws.account();
        }
        assertThat(gone.getPort()).isPositive();
        Problem problem = problem(account);
        assertThat(problem.title()).isEqualTo("AWS does not answer");
        assertThat(problem.next()).contains("network");
    }

    @Test
    void aProfileWithoutCredentialsIsToldApart() throws IOException {
        try (EmulatedAws aws = new EmulatedAws()) {
            Path config =
                    Files.writeString(
                            folder.resolve("config"), "[profile empty]\nregion = eu-west-1\n");
            AwsProfiles profiles =
                    new AwsProfiles(config, folder.resolve("credentials"), aws.endpoint());
            assertThat(profiles.all())
                    .containsExactly(new AwsProfiles.AwsProfile("empty", "eu-west-1", ""));
            Problem problem = problem(profiles.account("empty", "eu-west-1"));
            assertThat(problem.title()).isEqualTo("There are no credentials");
            assertThat(problem.next()).contains("aws configure sso");
        }
    }

    @Test
    void aSignInThatWasRenewedIsNoticed() throws IOException {
        try (EmulatedAws aws = new EmulatedAws()) {
            Path config = Files.writeString(folder.resolve("config"), "[profile team]\n");
            AwsAccount account =
                    new AwsProfiles(config, folder.resolve("credentials"), aws.endpoint())
                            .account("team", "eu-west-1");
            assertThat(problem(account).title()).isEqualTo("There are no credentials");
            Files.writeString(
                    config,
                    "[profile team]\naws_access_key_id = id\naws_secret_access_key = key\n");
            try (AwsConnection connection = new AwsConnection(account)) {
                assertThat(AwsIdentity.of(connection).accountId()).isEqualTo(EmulatedAws.ACCOUNT);
            }
        }
    }

    @Test
    void aProfileKnowsHowToSignIn() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("config"),
                        """
                        [default]
                        region = us-east-1
                        [profile team]
                        sso_session = acme
                        sso_account_id = 112233445566
                        sso_role_name = Analyst
                        [sso-session acme]
                        sso_region = eu-west-1
                        sso_start_url = https://acme.invalid/start
                        """);
        AwsProfiles profiles = new AwsProfiles(config, folder.resolve("credentials"), null);
        assertThat(profiles.all())
                .containsExactly(
                        new AwsProfiles.AwsProfile("default", "us-east-1", ""),
                        new AwsProfiles.AwsProfile("team", "", "aws sso login --profile team"));
        assertThat(AwsProfiles.regions()).contains("eu-west-1", "us-east-1", "ap-southeast-2");
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sts::112233445566:assumed-role/AWSReservedSSO_Analyst_0123456789abcdef/jane,"
                + "jane (Analyst)",
        "arn:aws:sts::112233445566:assumed-role/Deployer/ci, ci (Deployer)",
        "arn:aws:iam::112233445566:user/jane, user/jane"
    })
    void anIdentityReadsAsAPersonWould(String arn, String who) {
        assertThat(new AwsIdentity("112233445566", arn).who()).isEqualTo(who);
    }
}
