package io.amcinsights.contract;

import java.lang.reflect.ParameterizedType;
import java.util.stream.Stream;

/**
 * A request to one of the functions. On the wire: the record's fields beside {@code "operation"},
 * the record's simple name.
 *
 * @param <R> what it is answered with
 */
public sealed interface Request<R> permits TenantRequest, WorkflowRequest, LakeRequest {

    /** The function that answers. */
    BackendFunction function();

    /** A request that changes something; it needs the function's {@code write} alias. */
    interface Writing {}

    /** The record of the answer, which each request names as {@code R}. */
    @SuppressWarnings("unchecked")
    default Class<R> reply() {
        return (Class<R>)
                Stream.of(getClass().getGenericInterfaces())
                        .filter(ParameterizedType.class::isInstance)
                        .map(type -> ((ParameterizedType) type).getActualTypeArguments()[0])
                        .findFirst()
                        .orElseThrow();
    }

    /** Whether it changes anything. */
    default boolean writes() {
        return this instanceof Writing;
    }
}
