package io.amcinsights.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * The package for Debian and Ubuntu: everything in it is a plain file of the package, so that
 * installing needs no script and removing leaves only the user's own data.
 */
final class Debian {

    private static final String HOME = "usr/lib/" + Image.NAME;
    private static final List<Integer> ICON_SIZES = List.of(64, 256, 512);

    /**
     * What the native files load; those of GTK at run time, so that no tool finds them. Names with
     * t64 are those of Debian 13 and Ubuntu 24.04.
     */
    private static final String DEPENDS =
            "libc6 (>= 2.34), libstdc++6, libgtk-3-0 | libgtk-3-0t64, libxtst6";

    private Debian() {}

    /**
     * @param image the application's folder
     * @param sources the icons, the menu entry, the copyright
     * @return the .deb
     */
    static Path make(String version, Path image, Path sources, Path target)
            throws IOException, InterruptedException {
        Path tree = target.resolve("deb");
        Trees.delete(tree);
        Trees.copy(image, tree.resolve(HOME));
        Path programs = Files.createDirectories(tree.resolve("usr/bin"));
        Files.createSymbolicLink(
                programs.resolve(Image.NAME), Path.of("../lib", Image.NAME, "bin", Image.NAME));
        put(
                sources.resolve("deb/amc-insights.desktop"),
                tree.resolve("usr/share/applications/amc-insights.desktop"));
        Path icons = tree.resolve("usr/share/icons/hicolor");
        for (int size : ICON_SIZES) {
            put(
                    sources.resolve("icons/amc-insights-%d.png".formatted(size)),
                    icons.resolve("%1$dx%1$d/apps/amc-insights.png".formatted(size)));
        }
        put(
                sources.resolve("icons/amc-insights.svg"),
                icons.resolve("scalable/apps/amc-insights.svg"));
        Path papers = tree.resolve("usr/share/doc/" + Image.NAME);
        put(sources.resolve("deb/copyright"), papers.resolve("copyright"));
        changelog(version, papers.resolve("changelog.gz"));
        open(tree);

        String architecture = Command.output(List.of("dpkg", "--print-architecture"));
        control(version, architecture, tree);
        Path deb = target.resolve("%s_%s_%s.deb".formatted(Image.NAME, version, architecture));
        Command.run(
                List.of(
                        "dpkg-deb",
                        "--root-owner-group",
                        "-Zxz",
                        // Higher levels take five times as long for a hundredth.
                        "-z2",
                        "--build",
                        tree.toString(),
                        deb.toString()));
        Trees.delete(tree);
        return deb;
    }

    private static void put(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    private static void changelog(String version, Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(
                    """
                    amc-insights (%s) stable; urgency=medium

                      * See the project's history.

                     -- AMC Insights <team@amcinsights.io>  Thu, 01 Jan 2026 00:00:00 +0000
                    """
                            .formatted(version)
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** For all users, whatever the mask of the one who builds. */
    private static void open(Path tree) throws IOException {
        for (Path file : Trees.walk(tree)) {
            if (!Files.isSymbolicLink(file)) {
                boolean run = Files.isDirectory(file) || Files.isExecutable(file);
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(run ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private static void control(String version, String architecture, Path tree) throws IOException {
        List<String> sums = new ArrayList<>();
        long size = 0;
        for (Path file : Trees.walk(tree)) {
            if (Files.isRegularFile(file) && !Files.isSymbolicLink(file)) {
                size += Files.size(file);
                sums.add(md5(file) + "  " + tree.relativize(file));
            }
        }
        Path control = Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(control.resolve("md5sums"), String.join("\n", sums) + "\n");
        Files.writeString(
                control.resolve("control"),
                """
                Package: %s
                Version: %s
                Architecture: %s
                Section: database
                Priority: optional
                Installed-Size: %d
                Maintainer: AMC Insights <team@amcinsights.io>
                Depends: %s
                Recommends: xdg-utils, libgl1, libxxf86vm1
                Description: run, schedule and explore Amazon Marketing Cloud workflows
                 AMC Insights runs and schedules AMC SQL, loads every result into a data lake
                 of your own, and lets you ask it in SQL, with charts and exports. Its local
                 workspace does all of it on this machine, without an AWS account.
                """
                        .formatted(Image.NAME, version, architecture, size / 1024, DEPENDS));
    }

    private static String md5(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5", e);
        }
    }
}
