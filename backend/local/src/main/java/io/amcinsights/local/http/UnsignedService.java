package io.amcinsights.local.http;

/**
 * A service whose callers have no keys yet: what it answers without a signature is told by method
 * and path. A signed request never reaches it so, whatever its path, as a bucket may have the name.
 */
public interface UnsignedService extends AwsService {

    /** Whether a request without signature is meant for this service. */
    boolean serves(String method, String path);
}
