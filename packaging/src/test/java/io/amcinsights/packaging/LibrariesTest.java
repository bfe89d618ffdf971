package io.amcinsights.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

class LibrariesTest {

    @TempDir Path folder;

    @Test
    void keepsEachLibraryOnceAndLeadsTheClassPathThere() throws IOException {
        Path app = folder.resolve("app");
        Path home = app.resolve("local");
        Path libraries = home.resolve("lib");
        jar(app.resolve("same-1.jar"), "a/A.class");
        jar(libraries.resolve("same-1.jar"), "a/A.class");
        jar(app.resolve("other-1.jar"), "b/B.class");
        jar(libraries.resolve("other-1.jar"), "b/Other.class");
        jar(libraries.resolve("own-1.jar"), "c/C.class");
        jar(libraries.resolve("own-0.jar"), "c/Left.class");
        program(home.resolve("program.jar"), "lib/same-1.jar lib/other-1.jar lib/own-1.jar");

        Libraries.share(home, "program.jar", libraries, List.of(app));

        try (JarFile jar = new JarFile(home.resolve("program.jar").toFile())) {
            Attributes main = jar.getManifest().getMainAttributes();
            assertThat(main.getValue(Attributes.Name.CLASS_PATH))
                    .isEqualTo("../same-1.jar lib/other-1.jar lib/own-1.jar");
            assertThat(main.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo("a.Main");
        }
        assertThat(Trees.list(libraries, ".jar"))
                .extracting(Path::getFileName)
                .extracting(Path::toString)
                .containsExactly("other-1.jar", "own-1.jar");
        assertThat(app.resolve("same-1.jar")).exists();
    }

    @Test
    void leavesOutTheNativesOfOtherPlatforms() throws IOException {
        jar(
                folder.resolve("store.jar"),
                "org/Store.class",
                "org/native/Linux/x86_64/libstore.so",
                "org/native/Linux/aarch64/libstore.so",
                "org/native/Linux-Musl/x86_64/libstore.so",
                "org/native/Windows/x86_64/store.dll",
                "lib.so_linux_amd64",
                "lib.so_macos_arm64");

        Libraries.unpack(folder, Platform.LINUX_AMD64);

        assertThat(entries(folder.resolve("store.jar")))
                .containsExactly(
                        "org/Store.class",
                        "org/native/Linux/x86_64/libstore.so",
                        "lib.so_linux_amd64");
    }

    @Test
    void keepsNativesWhoseNamesSayNothing() throws IOException {
        jar(folder.resolve("net.jar"), "net/Net.class", "META-INF/native/libnet.so");

        Libraries.unpack(folder, Platform.LINUX_ARM64);

        assertThat(entries(folder.resolve("net.jar")))
                .containsExactly("net/Net.class", "META-INF/native/libnet.so");
    }

    @Test
    void keepsTheContentAndCompressesItNoMore() throws IOException {
        Path jar = folder.resolve("plain.jar");
        jar(jar, "text.txt");

        Libraries.unpack(folder, Platform.LINUX_AMD64);

        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry("text.txt");
            assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(zip.getInputStream(entry)).hasContent("text.txt");
        }
    }

    private static List<String> entries(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().<String>map(ZipEntry::getName).toList();
        }
    }

    private static void program(Path jar, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "a.Main");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.finish();
        }
    }

    /** Each entry holds its own name. */
    private static void jar(Path jar, String... names) throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                entry.setTime(0);
                entries.putNextEntry(entry);
                entries.write(name.getBytes(StandardCharsets.UTF_8));
                entries.closeEntry();
            }
        }
    }
}
