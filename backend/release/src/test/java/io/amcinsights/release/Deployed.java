package io.amcinsights.release;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.TemplateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A function as the template of the release has it, in an account. */
record Deployed(String name, String handler, String artifact, Map<String, String> environment) {

    /** The folder that the build has made. */
    static final Path RELEASE = Path.of("target/release");

    /** The same for all. */
    static Stack stack() throws IOException, TemplateException {
        return Stack.read(
                Files.readString(RELEASE.resolve("template.yaml")),
                "amc-insights",
                new Account("111122223333", "eu-west-1", "aws"),
                Map.of("ArtifactBucket", "artifacts", "ArtifactPrefix", "p/"));
    }

    static List<Deployed> all() throws IOException, TemplateException {
        return stack().resources("AWS::Lambda::Function").stream()
                .map(Stack.Resource::properties)
                .map(
                        function ->
                                new Deployed(
                                        function.path("FunctionName")
                                                .asText()
                                                .replace("amc-insights-", ""),
                                        function.path("Handler").asText(),
                                        function.at("/Code/S3Key").asText().replace("p/", ""),
                                        environment(function)))
                .toList();
    }

    /** The one whose archive is its own. */
    static Deployed transform() throws IOException, TemplateException {
        return all().stream()
                .filter(function -> function.artifact().equals("transform.jar"))
                .findFirst()
                .orElseThrow();
    }

    /** The archive of {@code transform}, for the platform of this machine instead of Lambda's. */
    static Path transformOfThisMachine(Path folder) throws IOException {
        String platform =
                System.getProperty("os.arch").equals("aarch64") ? "linux_arm64" : "linux_amd64";
        Path archive = folder.resolve("transform.jar");
        new Release(Path.of(".."), Release.classPath(Path.of("target/libraries")))
                .transform(platform)
                .writeTo(archive);
        return Unpacked.of(archive, folder.resolve("transform"));
    }

    private static Map<String, String> environment(JsonNode function) {
        Map<String, String> environment = new HashMap<>();
        function.at("/Environment/Variables")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
        return environment;
    }

    @Override
    public String toString() {
        return name;
    }
}
