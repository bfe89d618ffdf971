package io.amcinsights.tenants;

import io.amcinsights.amc.CredentialsWatch;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Notice;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.store.Records;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is known of credentials beside their secret, and whether Amazon still accepts them. */
public final class CredentialsStore implements CredentialsWatch {

    /**
     * @param label null for credentials that were set up past us
     */
    record Known(
            String credentialsId,
            @Nullable String label,
            @Nullable AmcRegion region,
            @Nullable Instant authorizedAt,
            @Nullable Failure problem,
            long version) {

        private Known with(@Nullable Failure now) {
            return new Known(credentialsId, label, region, authorizedAt, now, version);
        }
    }

    private static final String CREDENTIALS = "credentials";

    private final Records<Known> credentials;
    private final Documents documents;
    private final NoticeBoard notices;
    private final Clock clock;

    public CredentialsStore(Documents documents, NoticeBoard notices, Clock clock) {
        this.clock = clock;
        this.documents = documents;
        this.credentials = new Records<>(documents, Known.class);
        this.notices = notices;
    }

    List<Known> all() {
        return credentials.all(CREDENTIALS, "");
    }

    Optional<Known> find(String credentialsId) {
        return credentials.find(CREDENTIALS, credentialsId);
    }

    void authorized(String credentialsId, String label, AmcRegion region, Instant now) {
        change(credentialsId, k -> new Known(credentialsId, label, region, now, null, k.version()));
    }

    void remove(String credentialsId) throws ConflictException {
        Known known = find(credentialsId).orElse(null);
        if (known != null) {
            documents.delete(CREDENTIALS, credentialsId, known.version());
        }
    }

    @Override
    public void accepted(String credentialsId) {
        if (find(credentialsId).filter(k -> k.problem() != null).isPresent()) {
            change(credentialsId, k -> k.with(null));
        }
    }

    /** Told once, however many runs fail for it. */
    @Override
    public void refused(String credentialsId, Failure why) {
        Instant now = clock.instant();
        boolean news = find(credentialsId).filter(k -> k.problem() != null).isEmpty();
        change(credentialsId, k -> k.problem() == null ? k.with(why) : k);
        if (news) {
            notices.bad(
                    new NoticeBoard.About(
                            Notice.Kind.CREDENTIALS,
                            credentialsId,
                            "%s/%s".formatted(credentialsId, now),
                            null),
                    "Amazon does not accept the credentials %s".formatted(credentialsId),
                    why.next(
                            "Sign in to Amazon again under Tenants › Amazon Ads credentials. Until"
                                    + " then, nothing runs for the tenants that use them."));
        }
    }

    private void change(String credentialsId, UnaryOperator<Known> change) {
        Known unknown = new Known(credentialsId, null, null, null, null, 0);
        credentials.change(CREDENTIALS, credentialsId, unknown, change);
    }
}
