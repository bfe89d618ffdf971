package io.amcinsights.desktop.inputs;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * The keys of the requests that one form makes. The same form once more is the same request, which
 * is answered with the same run: its first answer may have been lost.
 */
public final class RunRequests {

    private record Sent(Object form, String key) {}

    private @Nullable Sent last;

    /**
     * The key of the request for what is entered.
     *
     * @param form equal to another where the same is asked for
     */
    public String keyOf(Object form) {
        Sent before = last;
        if (before == null || !before.form().equals(form)) {
            before = new Sent(form, UUID.randomUUID().toString());
            last = before;
        }
        return before.key();
    }

    /** Whatever is asked for next is a run of its own. */
    public void forget() {
        last = null;
    }
}
