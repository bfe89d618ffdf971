package io.amcinsights.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The workspace is what the template says: what is wrong there keeps it from starting. */
class BrokenTemplateTest {

    private static final String PLACE = "io/amcinsights/local/cloudformation/template.yaml";

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a reference | DOCUMENTS_TABLE: !Ref Documents | DOCUMENTS_TABLE: !Ref Papers | Papers
                    a handler | lake.LakeHandler::handleRequest | lake.PondHandler::handleRequest | PondHandler
                    a type | Type: AWS::SQS::Queue | Type: AWS::SQS::Pipe | AWS::SQS::Pipe
                    an attribute | !GetAtt LakeLogs.Arn | !GetAtt LakeLogs.Name | LakeLogs has no attribute Name
                    a file | statemachines/lake-delivery.asl.yaml | statemachines/lake-parcel.asl.yaml | lake-parcel
                    """)
    void isRefusedWithThePlace(String what, String from, String to, String place) throws Exception {
        String template;
        try (var in =
                Objects.requireNonNull(getClass().getClassLoader().getResourceAsStream(PLACE))) {
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(template).as(what).contains(from);
        Path broken = folder.resolve("classes").resolve(PLACE);
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, template.replace(from, to));

        ProcessBuilder workspace = Workspaces.process(folder.resolve("data"));
        List<String> command = workspace.command();
        int classPath = command.indexOf("-cp") + 1;
        command.set(
                classPath, folder.resolve("classes") + File.pathSeparator + command.get(classPath));
        File output = folder.resolve("output").toFile();
        Process process = workspace.redirectErrorStream(true).redirectOutput(output).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output.toPath());
        assertThat(process.exitValue()).as(said).isNotZero();
        assertThat(said).contains("template.yaml", place).doesNotContain("ready ", "\tat ");
    }
}
