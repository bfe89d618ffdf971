package io.amcinsights.packaging;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An operating system on a processor, as the libraries write them in the names of their native
 * files.
 *
 * @param systems lower-case words that name the system
 * @param processors lower-case words that name the processor
 */
record Platform(List<String> systems, List<String> processors) {

    static final Platform LINUX_AMD64 =
            new Platform(List.of("linux"), List.of("amd64", "x86_64", "x86-64"));
    static final Platform LINUX_ARM64 = new Platform(List.of("linux"), List.of("aarch64", "arm64"));

    private static final Pattern NATIVE =
            Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)(_[a-z0-9_]+)?");
    private static final List<String> OTHER_LINUXES = List.of("android", "musl");

    /** The one that this runs on. */
    static Platform current() {
        return System.getProperty("os.arch").equals("aarch64") ? LINUX_ARM64 : LINUX_AMD64;
    }

    static boolean isNative(String entry) {
        return NATIVE.matcher(entry.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether this is a native file for this platform. */
    boolean owns(String entry) {
        String name = entry.toLowerCase(Locale.ROOT);
        return isNative(name)
                && systems.stream().anyMatch(name::contains)
                && processors.stream().anyMatch(name::contains)
                && OTHER_LINUXES.stream().noneMatch(name::contains);
    }
}
