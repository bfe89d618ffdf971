package io.amcinsights.local.amc;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Where results are published: the bucket of an AMC instance. */
@FunctionalInterface
public interface ResultStore {

    /**
     * Keeps a file; an object of the same key is replaced.
     *
     * @return its {@code s3://} URI
     */
    URI put(String bucket, String key, Path file) throws IOException;
}
