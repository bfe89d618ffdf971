package io.amcinsights.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.local.template.Stack;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What the build has left in the folder of the release. */
class ReleaseTest {

    private static final int MEGABYTE = 1_000_000;

    /** Lambda's, of what a function has unpacked. */
    private static final long LARGEST_UNPACKED = 250L << 20;

    /** Of a file of the release, where {@link Deployed#stack} has it. */
    private static final Pattern KEY = Pattern.compile("(?:artifacts/|\")p/([\\w./-]+)");

    private static final Pattern PARAMETER = Pattern.compile("!Ref (\\w+)");

    @TempDir Path folder;

    @Test
    void itHasWhatTheTemplateNamesAndNothingElse() throws Exception {
        Set<String> named = new TreeSet<>(Set.of("template.yaml"));
        for (Stack.Resource resource : Deployed.stack().resources()) {
            Matcher keys = KEY.matcher(resource.properties().toString());
            while (keys.find()) {
                named.add(keys.group(1));
            }
        }
        assertThat(files(Deployed.RELEASE)).containsExactlyElementsOf(named);
        assertThat(named).contains("functions.jar", "lake-plan.jar", "glue/transform.scala");
    }

    @Test
    void theZipHasTheSameFiles() throws Exception {
        Path zip;
        try (Stream<Path> target = Files.list(Path.of("target"))) {
            zip =
                    target.filter(file -> file.toString().endsWith(".zip"))
                            .reduce((a, b) -> b)
                            .orElseThrow();
        }
        Path unpacked = Unpacked.of(zip, folder.resolve("unpacked"));
        assertThat(files(unpacked)).isEqualTo(files(Deployed.RELEASE));
        for (String file : files(unpacked)) {
            assertThat(Files.mismatch(unpacked.resolve(file), Deployed.RELEASE.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    @Test
    void theFunctionsAreSmallAndHaveNoClientThatTheyDoNotCall() throws Exception {
        Path functions = Deployed.RELEASE.resolve("functions.jar");
        assertThat(Files.size(functions)).isLessThan(30 * MEGABYTE);
        assertThat(entries(functions).keySet())
                .contains("io/amcinsights/lake/LakeHandler.class")
                .anyMatch(name -> name.startsWith("lib/url-connection-client-"))
                .noneMatch(name -> name.matches("lib/(netty|apache-client|aws-crt|duckdb).*"));
    }

    @Test
    void transformHasTheLibraryOfItsPlatformOnly() throws Exception {
        Map<String, Long> entries = entries(Deployed.RELEASE.resolve("transform.jar"));
        assertThat(entries.keySet())
                .filteredOn(name -> name.contains("libduckdb"))
                .containsExactly("lib/libduckdb_java.so_linux_arm64");
        assertThat(Deployed.stack().resources("AWS::Lambda::Function"))
                .extracting(f -> f.properties().path("Architectures").toString())
                .containsOnly("[\"arm64\"]");
        assertThat(entries.values().stream().mapToLong(Long::longValue).sum())
                .isLessThan(LARGEST_UNPACKED);
    }

    @Test
    void theSameClassesMakeTheSameBytes() throws Exception {
        Release release =
                new Release(Path.of(".."), Release.classPath(Path.of("target/libraries")));
        Path again = folder.resolve("functions.jar");
        release.functions().writeTo(again);
        assertThat(Files.mismatch(again, Deployed.RELEASE.resolve("functions.jar"))).isEqualTo(-1);
    }

    /**
     * A version keeps the environment that its function has when it is published, so a deployment
     * that changes a parameter has to publish another: CloudFormation does when the version's
     * description changes.
     */
    @Test
    void aParameterOfAFunctionIsInTheDescriptionOfItsVersion() throws Exception {
        String template = Files.readString(Deployed.RELEASE.resolve("template.yaml"));
        Set<String> parameters = new TreeSet<>();
        Matcher names =
                Pattern.compile("(?m)^  (\\w+):\\n    Type: (String|Number)$").matcher(template);
        while (names.find()) {
            parameters.add(names.group(1));
        }
        assertThat(parameters).contains("SparkFromMb", "AmcApiUrl");
        Map<String, String> blocks = new TreeMap<>();
        for (String block : template.split("\\n\\n", -1)) {
            blocks.put(block.strip().split(":", 2)[0], block);
        }
        for (String function :
                List.of("Tenants", "Workflows", "RunSteps", "Lake", "Dispatcher", "Transform")) {
            Set<String> used = new TreeSet<>();
            Matcher refs = PARAMETER.matcher(blocks.getOrDefault(function + "Function", ""));
            while (refs.find()) {
                if (parameters.contains(refs.group(1)) && !refs.group(1).startsWith("Artifact")) {
                    used.add("${" + refs.group(1) + "}");
                }
            }
            String version =
                    blocks.entrySet().stream()
                            .filter(b -> b.getKey().matches(function + "Version[0-9a-f]{8}"))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElseThrow();
            assertThat(used).as(function).allSatisfy(each -> assertThat(version).contains(each));
        }
    }

    @Test
    void everyAliasNamesTheVersionOfThisRelease() throws Exception {
        for (Stack.Resource alias : Deployed.stack().resources("AWS::Lambda::Alias")) {
            JsonNode version = alias.properties().path("FunctionVersion");
            assertThat(version.asText()).as(alias.logicalId()).isNotEmpty();
        }
        assertThat(Deployed.stack().resources("AWS::Lambda::Version"))
                .hasSize(6)
                .allSatisfy(v -> assertThat(v.logicalId()).matches("\\w+Version[0-9a-f]{8}"));
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Long> entries(Path zip) throws IOException {
        Map<String, Long> entries = new TreeMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                entries.put(entry.getName(), entry.getSize());
            }
        }
        return entries;
    }
}
