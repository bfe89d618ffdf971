package io.amcinsights.contract;

/**
 * A request to one of the functions. On the wire: the record's fields beside {@code "operation"},
 * the record's simple name.
 *
 * @param <R> what it is answered with
 */
public sealed interface Request<R> permits TenantRequest, WorkflowRequest, LakeRequest {

    /** The function that answers. */
    BackendFunction function();

    /** The record of the answer. */
    Class<R> reply();

    /** Whether it changes anything; such a request needs the function's {@code write} alias. */
    default boolean writes() {
        return false;
    }
}
