package io.amcinsights.local;

import java.net.URI;

/** Something that serves until it is closed. */
interface Serving extends AutoCloseable {

    /** Where it serves. */
    URI uri();

    @Override
    void close();
}
