package io.amcinsights.desktop.pipeline;

import io.amcinsights.desktop.aws.S3Objects;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers where files were put. */
final class DroppedFiles implements S3Objects {

    final List<URI> dropped = new CopyOnWriteArrayList<>();

    @Override
    public Info info(URI address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream range(URI address, String etag, long from, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void put(URI address, Path file) {
        dropped.add(address);
    }
}
