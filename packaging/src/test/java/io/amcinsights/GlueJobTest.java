package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.Stack.Resource;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Glue is told of the job for large files is there, and its role may read it. */
class GlueJobTest {

    private static final Path CLOUDFORMATION = Path.of("../cloudformation");
    private static final Pattern CALL = Pattern.compile("= ([\\w.]+)\\.main\\(arguments\\)");

    private final Stack stack = stack();
    private final JsonNode job = stack.resources("AWS::Glue::Job").getFirst().properties();

    private static Stack stack() {
        try {
            return Stack.read(
                    Files.readString(CLOUDFORMATION.resolve("template.yaml")),
                    "amc-insights",
                    new Account("111122223333", "eu-west-1", "aws"),
                    Map.of());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theScriptStartsTheJob() throws Exception {
        String location = job.at("/Command/ScriptLocation").asText();
        String script =
                Files.readString(
                        CLOUDFORMATION.resolve(
                                location.substring(location.indexOf("release/") + 8)));
        assertThat(script)
                .contains("object " + job.path("DefaultArguments").path("--class").asText() + " {");
        Matcher call = CALL.matcher(script);
        assertThat(call.find()).isTrue();
        assertThat(
                        new ClassFileImporter()
                                .importPackages("io.amcinsights.glue")
                                .get(call.group(1))
                                .getMethod("main", String[].class)
                                .getModifiers())
                .contains(JavaModifier.PUBLIC, JavaModifier.STATIC);
    }

    @Test
    void itsRoleReadsWhatItIsMadeOfAndWritesInTheLakeOnly() {
        Set<String> named = new TreeSet<>();
        named.add(job.at("/Command/ScriptLocation").asText());
        named.addAll(
                List.of(job.path("DefaultArguments").path("--extra-jars").asText().split(",")));
        Resource role =
                stack.resources("AWS::IAM::Role").stream()
                        .filter(r -> job.path("Role").asText().endsWith("/" + r.physicalId()))
                        .findFirst()
                        .orElseThrow();
        Set<String> read = new TreeSet<>();
        Set<String> written = new TreeSet<>();
        for (JsonNode statement : role.properties().at("/Policies/0/PolicyDocument/Statement")) {
            if (statement.path("Action").asText().equals("s3:GetObject")) {
                statement
                        .path("Resource")
                        .forEach(r -> read.add(r.asText().replace("arn:aws:s3:::", "s3://")));
            }
            if (statement.path("Action").toString().contains("s3:PutObject")) {
                statement.path("Resource").forEach(r -> written.add(r.asText()));
            }
        }
        assertThat(read).isEqualTo(named);
        String lake =
                job.path("DefaultArguments")
                        .path("--lake")
                        .asText()
                        .replace("s3://", "arn:aws:s3:::");
        assertThat(written).containsExactly(lake + "post-stage/*", lake + "pre-stage/*");
    }

    @Test
    void itsLogsAreKeptAsLongAsTheOthers() {
        String prefix = job.path("DefaultArguments").path("--custom-logGroup-prefix").asText();
        assertThat(stack.resources("AWS::Logs::LogGroup"))
                .extracting(Resource::physicalId)
                .contains(prefix + "/output", prefix + "/error");
    }
}
