package io.amcinsights.packaging;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The jars of an image: each of them once, without what it never loads, not compressed. */
final class Libraries {

    private Libraries() {}

    /**
     * Keeps of a program's libraries only those that its class path names and that no other folder
     * has, too; for the latter, lets the class path lead there.
     *
     * @param home where the program is
     * @param program name of its jar, whose manifest has the class path
     * @param libraries the folder where it keeps its libraries
     * @param others folders of jars of the same image, the preferred first
     */
    static void share(Path home, String program, Path libraries, List<Path> others)
            throws IOException {
        List<String> path = new ArrayList<>();
        List<Path> kept = new ArrayList<>(List.of(home.resolve(program)));
        for (String entry : classPath(home.resolve(program))) {
            Path library = home.resolve(entry);
            Path twin = twin(library, others);
            if (twin == null) {
                kept.add(library);
                path.add(entry);
            } else {
                path.add(home.relativize(twin).toString().replace('\\', '/'));
            }
        }
        for (Path library : Trees.list(libraries, ".jar")) {
            if (!kept.contains(library)) {
                Files.delete(library);
            }
        }
        rewrite(
                home.resolve(program),
                entry -> true,
                manifest -> {
                    manifest.getMainAttributes()
                            .put(Attributes.Name.CLASS_PATH, String.join(" ", path));
                    return manifest;
                });
    }

    /**
     * Leaves the native files of other platforms out of the jars of a folder, and compresses them
     * no more: the package then compresses better, and classes load faster.
     */
    static void unpack(Path folder, Platform platform) throws IOException {
        for (Path jar : Trees.list(folder, ".jar")) {
            boolean ours;
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ours = zip.stream().map(ZipEntry::getName).anyMatch(platform::owns);
            }
            // Where none is ours, the names mean something else.
            rewrite(
                    jar,
                    entry -> !ours || !Platform.isNative(entry) || platform.owns(entry),
                    UnaryOperator.identity());
        }
    }

    private static List<String> classPath(Path program) throws IOException {
        try (JarFile jar = new JarFile(program.toFile())) {
            String path =
                    jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return List.of(path.split(" ", -1));
        }
    }

    private static @Nullable Path twin(Path library, List<Path> others) throws IOException {
        for (Path other : others) {
            Path twin = other.resolve(library.getFileName());
            if (Files.exists(twin) && Files.mismatch(library, twin) < 0) {
                return twin;
            }
        }
        return null;
    }

    private static void rewrite(Path jar, Predicate<String> kept, UnaryOperator<Manifest> manifest)
            throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(rewritten);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!kept.test(entry.getName())) {
                    continue;
                }
                byte[] content;
                try (InputStream in = zip.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    ByteArrayOutputStream changed = new ByteArrayOutputStream();
                    manifest.apply(new Manifest(new ByteArrayInputStream(content))).write(changed);
                    content = changed.toByteArray();
                }
                store(out, entry, content);
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void store(ZipOutputStream out, ZipEntry entry, byte[] content)
            throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry stored = new ZipEntry(entry.getName());
        stored.setTime(entry.getTime());
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(content.length);
        stored.setCrc(sum.getValue());
        out.putNextEntry(stored);
        out.write(content);
        out.closeEntry();
    }
}
