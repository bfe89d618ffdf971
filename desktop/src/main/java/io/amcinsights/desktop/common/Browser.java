package io.amcinsights.desktop.common;

import java.net.URI;

/** Opens pages in the person's web browser. */
public interface Browser {

    void open(URI page);
}
