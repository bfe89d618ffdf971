package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is deployed: the template with the jars and definitions that it names, a folder beside this
 * application.
 *
 * @param hash of all files, in hexadecimal: another release has another one
 * @param files by their paths, with {@code /} between folders
 */
public record Release(Path folder, String hash, List<File> files, Template template) {

    /** Names the folder where the application does not lie beside it. */
    public static final String PROPERTY = "amcinsights.release";

    static final String TEMPLATE = "template.yaml";

    /** The parameters of the template that say where a release lies. */
    public static final String BUCKET_PARAMETER = "ArtifactBucket";

    public static final String PREFIX_PARAMETER = "ArtifactPrefix";

    private static final Messages MESSAGES = Messages.of(Release.class);

    /** A file of the release. */
    public record File(String path, Path file, long size, String hash) {}

    /** The folder of the release that came with this application; empty where none did. */
    public static Optional<Path> installed() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Path::of)
                .filter(folder -> Files.isRegularFile(folder.resolve(TEMPLATE)));
    }

    /**
     * Reads a folder.
     *
     * @throws ProblemException it is no release
     */
    public static Release read(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<File> files = new ArrayList<>();
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.add(
                        new File(
                                folder.relativize(file).toString().replace('\\', '/'),
                                file,
                                Files.size(file),
                                hash(file)));
            }
            MessageDigest whole = sha256();
            for (File file : files) {
                whole.update(
                        "%s %s\n"
                                .formatted(file.hash(), file.path())
                                .getBytes(StandardCharsets.UTF_8));
            }
            return new Release(
                    folder,
                    HexFormat.of().formatHex(whole.digest()),
                    List.copyOf(files),
                    Template.read(Files.readString(folder.resolve(TEMPLATE))));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(
                            MESSAGES.text("release.broken.title"),
                            MESSAGES.text(
                                    "release.broken.message",
                                    folder,
                                    String.valueOf(e.getMessage())),
                            MESSAGES.text("release.broken.next")));
        }
    }

    /** Where its files are in the artifact bucket. */
    public String prefix() {
        return "amc-insights/%s/".formatted(hash);
    }

    /** How much is to be uploaded where none of it is there. */
    public long size() {
        return files.stream().mapToLong(File::size).sum();
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
