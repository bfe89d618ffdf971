package io.amcinsights.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The jars of an image: without what it never loads, and each of them once. */
final class Libraries {

    private Libraries() {}

    /** Leaves the native files of other platforms out of the jars of a folder. */
    static void keepNativesOf(Platform platform, Path folder) throws IOException {
        for (Path jar : Trees.list(folder, ".jar")) {
            List<String> natives = new ArrayList<>();
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                zip.stream()
                        .map(ZipEntry::getName)
                        .filter(Platform::isNative)
                        .forEach(natives::add);
            }
            List<String> foreign = natives.stream().filter(name -> !platform.owns(name)).toList();
            // Where none is ours, the names mean something else.
            if (!foreign.isEmpty() && foreign.size() < natives.size()) {
                rewrite(jar, foreign, UnaryOperator.identity());
            }
        }
    }

    /**
     * Deletes the libraries beside a program that are in another folder, too, and lets its class
     * path lead there.
     *
     * @param home where the program is
     * @param program name of a jar whose manifest names its libraries
     * @param libraries the folder where it keeps them
     * @param others folders of jars of the same image, the preferred first
     */
    static void share(Path home, String program, Path libraries, List<Path> others)
            throws IOException {
        Path place = home.toAbsolutePath();
        Map<String, String> moved = new HashMap<>();
        for (Path library : Trees.list(libraries, ".jar")) {
            for (Path other : others) {
                Path twin = other.resolve(library.getFileName());
                if (Files.exists(twin) && Files.mismatch(library, twin) < 0) {
                    moved.put(
                            entry(place, library.toAbsolutePath()),
                            entry(place, twin.toAbsolutePath()));
                    Files.delete(library);
                    break;
                }
            }
        }
        rewrite(
                home.resolve(program),
                List.of(),
                manifest -> {
                    Attributes main = manifest.getMainAttributes();
                    List<String> path = new ArrayList<>();
                    for (String entry : main.getValue(Attributes.Name.CLASS_PATH).split(" ", -1)) {
                        path.add(moved.getOrDefault(entry, entry));
                    }
                    main.put(Attributes.Name.CLASS_PATH, String.join(" ", path));
                    return manifest;
                });
    }

    private static String entry(Path place, Path library) {
        return place.relativize(library).toString().replace('\\', '/');
    }

    private static void rewrite(Path jar, List<String> without, UnaryOperator<Manifest> manifest)
            throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(rewritten);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (without.contains(entry.getName())) {
                    continue;
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        put(out, entry);
                        manifest.apply(new Manifest(in)).write(out);
                    } else if (Platform.isNative(entry.getName())) {
                        store(out, entry, in.readAllBytes());
                    } else {
                        put(out, entry);
                        in.transferTo(out);
                    }
                }
                out.closeEntry();
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void put(ZipOutputStream out, ZipEntry entry) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
    }

    /** The package compresses better than a jar, and what is not compressed is loaded faster. */
    private static void store(ZipOutputStream out, ZipEntry entry, byte[] content)
            throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        copy.setMethod(ZipEntry.STORED);
        copy.setSize(content.length);
        copy.setCrc(sum.getValue());
        out.putNextEntry(copy);
        out.write(content);
    }
}
