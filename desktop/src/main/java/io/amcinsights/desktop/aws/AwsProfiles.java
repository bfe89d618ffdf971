package io.amcinsights.desktop.aws;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.services.sts.StsClient;

import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** The profiles of the AWS CLI's files. The files are the person's: nothing is written to them. */
public final class AwsProfiles {

    private final Path config;
    private final Path credentials;
    private final @Nullable URI endpoint;

    /**
     * @param config the file of settings; may be missing
     * @param credentials the file of keys; may be missing
     * @param endpoint of an emulator; null for AWS itself
     */
    public AwsProfiles(Path config, Path credentials, @Nullable URI endpoint) {
        this.config = config;
        this.credentials = credentials;
        this.endpoint = endpoint;
    }

    /** The files of this user, wherever environment variables may have put them. */
    public static AwsProfiles ofThisUser() {
        return new AwsProfiles(
                ProfileFileLocation.configurationFilePath(),
                ProfileFileLocation.credentialsFilePath(),
                null);
    }

    /**
     * A profile.
     *
     * @param region empty where the profile names none
     * @param signIn the command that signs in anew; empty where the credentials need none
     */
    public record AwsProfile(String name, String region, String signIn) {}

    /** What the files hold now, by name, {@code default} first. */
    public List<AwsProfile> all() {
        return files().profiles().values().stream()
                .map(AwsProfiles::read)
                .sorted(
                        Comparator.comparing((AwsProfile p) -> !p.name().equals("default"))
                                .thenComparing(AwsProfile::name, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    /** The account that a profile leads to. A change of the files is noticed, and a new sign-in. */
    public AwsAccount account(String profile, String region) {
        return new AwsAccount(
                profile,
                null,
                all().stream()
                        .filter(each -> each.name().equals(profile))
                        .findFirst()
                        .map(AwsProfile::signIn)
                        .orElse(""),
                region,
                new Renewed(() -> provider(profile)),
                endpoint);
    }

    private ProfileCredentialsProvider provider(String profile) {
        return ProfileCredentialsProvider.builder()
                .profileFile(
                        ProfileFileSupplier.aggregate(
                                supplier(credentials, ProfileFile.Type.CREDENTIALS),
                                supplier(config, ProfileFile.Type.CONFIGURATION)))
                .profileName(profile)
                .build();
    }

    /**
     * Credentials that are looked up anew where they fail: a provider of the SDK keeps the token of
     * Identity Center that it began with, and would never see that somebody has signed in again.
     */
    private static final class Renewed implements AwsCredentialsProvider {

        private final Supplier<ProfileCredentialsProvider> lookUp;
        private ProfileCredentialsProvider current;

        Renewed(Supplier<ProfileCredentialsProvider> lookUp) {
            this.lookUp = lookUp;
            current = lookUp.get();
        }

        @Override
        public synchronized AwsCredentials resolveCredentials() {
            try {
                return current.resolveCredentials();
            } catch (SdkException e) {
                current.close();
                current = lookUp.get();
                return current.resolveCredentials();
            }
        }
    }

    /** The file that profiles are described in. */
    public Path config() {
        return config;
    }

    /** The regions that AWS has, by name; those of other partitions last. */
    public static List<String> regions() {
        return StsClient.serviceMetadata().regions().stream()
                .filter(region -> !region.isGlobalRegion())
                .map(Object::toString)
                .filter(name -> name.matches("[a-z]{2}(-[a-z]+)+-\\d"))
                .sorted(
                        Comparator.comparing(
                                        (String name) ->
                                                name.startsWith("cn-")
                                                        || name.contains("-gov-")
                                                        || name.contains("-iso"))
                                .thenComparing(name -> name))
                .distinct()
                .toList();
    }

    private static AwsProfile read(Profile profile) {
        boolean sso =
                profile.property("sso_session").isPresent()
                        || profile.property(ProfileProperty.SSO_START_URL).isPresent();
        boolean login = profile.property("login_session").isPresent();
        String signIn =
                sso || login
                        ? "aws %s --profile %s"
                                .formatted(sso ? "sso login" : "login", profile.name())
                        : "";
        return new AwsProfile(
                profile.name(), profile.property(ProfileProperty.REGION).orElse(""), signIn);
    }

    private ProfileFile files() {
        return ProfileFile.aggregator()
                .addFile(read(credentials, ProfileFile.Type.CREDENTIALS))
                .addFile(read(config, ProfileFile.Type.CONFIGURATION))
                .build();
    }

    private static ProfileFileSupplier supplier(Path file, ProfileFile.Type type) {
        return file.toFile().isFile()
                ? ProfileFileSupplier.reloadWhenModified(file, type)
                : ProfileFileSupplier.fixedProfileFile(read(file, type));
    }

    private static ProfileFile read(Path file, ProfileFile.Type type) {
        ProfileFile.Builder builder = ProfileFile.builder().type(type);
        return file.toFile().isFile() ? builder.content(file).build() : builder.content("").build();
    }
}
