package io.amcinsights.local.http;

import org.jspecify.annotations.Nullable;

/**
 * Who has signed the request that is being answered. What runs on its behalf in another thread is
 * run {@link #as} the same.
 */
public final class Caller {

    private static final ScopedValue<String> OWNER = ScopedValue.newInstance();

    /** The workspace itself: its functions, its engine, what it does at its start. */
    public static final String WORKSPACE = "";

    private Caller() {}

    /** The owner of the key; {@link #WORKSPACE} where no request is being answered. */
    public static String owner() {
        return OWNER.isBound() ? OWNER.get() : WORKSPACE;
    }

    /** The ARN of the role that asks; null where the workspace itself does. */
    public static @Nullable String principal() {
        String owner = owner();
        return owner.startsWith("arn:") ? owner : null;
    }

    /** Runs something as an owner. */
    public static <T, X extends Throwable> T as(
            String owner, ScopedValue.CallableOp<? extends T, X> work) throws X {
        return ScopedValue.where(OWNER, owner).call(work);
    }
}
