package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;

import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** How tests start a workspace as a process of its own, and ask its functions. */
final class Workspaces {

    private Workspaces() {}

    /** Starts the program on any free port; it ends with the test's own process. */
    static ProcessBuilder process(Path data, String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LocalWorkspace.class.getName(),
                                "--port",
                                "0",
                                "--data",
                                data.toString(),
                                "--with-parent",
                                String.valueOf(ProcessHandle.current().pid())));
        command.addAll(List.of(more));
        return new ProcessBuilder(command);
    }

    /** The keys that a started workspace has left in its folder. */
    static ProfileCredentialsProvider credentials(Path data, String profile) {
        return ProfileCredentialsProvider.builder()
                .profileFile(
                        ProfileFile.builder()
                                .content(data.resolve("credentials"))
                                .type(ProfileFile.Type.CREDENTIALS)
                                .build())
                .profileName(profile)
                .build();
    }

    /** Sends a request as the desktop does. */
    static <R> R call(LambdaClient lambda, Request<R> request) {
        String reply =
                lambda.invoke(
                                invoke ->
                                        invoke.functionName(
                                                        "amc-insights-" + request.function().word())
                                                .qualifier(request.writes() ? "write" : "read")
                                                .payload(
                                                        SdkBytes.fromUtf8String(
                                                                Json.request(request))))
                        .payload()
                        .asUtf8String();
        return Json.reply(request, reply);
    }

    /** Asks until the answer is the wanted one. */
    static <T> T await(Duration patience, Supplier<T> asked, Predicate<T> wanted)
            throws InterruptedException {
        Instant end = Instant.now().plus(patience);
        T seen = asked.get();
        while (!wanted.test(seen)) {
            assertThat(Instant.now()).as("last seen: %s", seen).isBefore(end);
            Thread.sleep(50);
            seen = asked.get();
        }
        return seen;
    }
}
