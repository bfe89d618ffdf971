package io.amcinsights.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the installer with the JDK that runs it: {@code Installer VERSION STAGE ENGINE SOURCES
 * TARGET}, as {@link Image#make} and {@link Debian#make} have them.
 */
public final class Installer {

    private Installer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String version = arguments[0];
        Path stage = Path.of(arguments[1]);
        Path engine = Path.of(arguments[2]);
        Path sources = Path.of(arguments[3]);
        Path target = Path.of(arguments[4]);
        if (!Files.isExecutable(Path.of("/usr/bin/dpkg-deb"))) {
            System.err.println(
                    "The installer made so far is the .deb of Debian and Ubuntu, and this machine"
                            + " has no dpkg-deb: build it on one of them.");
            System.exit(1);
        }
        Path icon = sources.resolve("icons/amc-insights-512.png");
        Path image = Image.make(version, stage, engine, icon, target);
        Path deb = Debian.make(version, image, sources, target);
        System.out.printf("%s (%d MB)%n", deb, Files.size(deb) / 1_000_000);
    }
}
