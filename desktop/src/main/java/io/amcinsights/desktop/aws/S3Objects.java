package io.amcinsights.desktop.aws;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;

/** Objects in S3, by their {@code s3://} address. Calls block. */
public interface S3Objects {

    /** What S3 says about an object. */
    Info info(URI address);

    /**
     * Bytes {@code from} to {@code to}, both included. The caller closes the stream.
     *
     * @param etag the object must still be this one
     */
    InputStream range(URI address, String etag, long from, long to);

    /**
     * Writes a file as an object, in place of what is there.
     *
     * @param address with its key percent-encoded
     */
    void put(URI address, Path file);

    /**
     * @param size in bytes
     */
    record Info(long size, String etag) {}
}
