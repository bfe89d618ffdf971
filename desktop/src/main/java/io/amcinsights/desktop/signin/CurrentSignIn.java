package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.aws.PortalSession;
import io.amcinsights.desktop.aws.PortalSession.Assigned;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The sign-in at IAM Identity Center, if there is one: it outlives the screen that it began on. */
public final class CurrentSignIn {

    /** Being signed in, and what one may become. */
    record SignedIn(PortalSession session, List<Assigned> roles) {}

    private @Nullable SignedIn signedIn;

    synchronized @Nullable SignedIn get() {
        return signedIn;
    }

    /** Takes the place of the one before, which ends; not on the JavaFX thread. */
    void begin(SignedIn now) {
        Runnable before = exchange(now);
        before.run();
    }

    /** Forgets the sign-in; what it returns ends it at AWS, and is not for the JavaFX thread. */
    public Runnable end() {
        return exchange(null);
    }

    private synchronized Runnable exchange(@Nullable SignedIn now) {
        SignedIn before = signedIn;
        signedIn = now;
        return before == null ? () -> {} : before.session()::close;
    }
}
