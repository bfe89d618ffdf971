package io.amcinsights.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class JavaHomesTest {

    /**
     * Where nothing is looked for outside the given folders, so that this machine's Java is not
     * found.
     */
    private static final String SYSTEM = "Windows 11";

    @TempDir Path folder;

    @Test
    void readsTheVersionFromTheReleaseFile() throws IOException {
        assertThat(JavaHomes.version(java("a", "25.0.3"))).isEqualTo(25);
        assertThat(JavaHomes.version(java("b", "26-ea"))).isEqualTo(26);
        assertThat(JavaHomes.version(java("c", "1.8.0_412"))).isEqualTo(8);
        assertThat(JavaHomes.version(folder)).isZero();
    }

    @Test
    void passesOverAnOlderJavaInFront() throws IOException {
        Path old = java("old", "17.0.15");
        Path recent = java("recent", "25");

        assertThat(
                        homes(Map.of("JAVA_HOME", old.toString(), "JDK_HOME", recent.toString()))
                                .java(25))
                .contains(recent.resolve("bin/java.exe"));
    }

    @Test
    void followsTheLinkThatTheSearchPathHas() throws IOException {
        Path recent = java("recent", "25.0.3");
        Path bin = Files.createDirectories(folder.resolve("usr/bin"));
        Files.createSymbolicLink(bin.resolve("java.exe"), recent.resolve("bin/java.exe"));

        assertThat(homes(Map.of("PATH", bin.toString())).java(25))
                .contains(recent.toRealPath().resolve("bin/java.exe"));
    }

    @Test
    void findsWhatToolsOfTheUserInstalled() throws IOException {
        java("programs/Eclipse Adoptium/jdk-21.0.2", "21.0.2");
        Path sdk = java("user/.sdkman/candidates/java/25-tem", "25");

        assertThat(homes(Map.of("ProgramFiles", folder.resolve("programs").toString())).java(25))
                .contains(sdk.resolve("bin/java.exe"));
    }

    @Test
    void findsTheHomeInsideABundleOfMac() throws IOException {
        Path home = java("user/.jdks/temurin-25.jdk/Contents/Home", "25.0.1");

        assertThat(homes(Map.of()).java(25)).contains(home.resolve("bin/java.exe"));
    }

    @Test
    void findsNothingWhereThereIsNothing() throws IOException {
        Path old = java("old", "24.0.2");

        assertThat(homes(Map.of("JAVA_HOME", old.toString(), "PATH", "")).java(25)).isEmpty();
    }

    private JavaHomes homes(Map<String, String> environment) {
        return new JavaHomes(environment, folder.resolve("user"), SYSTEM);
    }

    private Path java(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path program = home.resolve("bin/java.exe");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(program, "");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
