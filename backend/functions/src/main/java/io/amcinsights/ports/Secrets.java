package io.amcinsights.ports;

import java.util.Optional;

/** Secrets by name. Their values are never logged and never leave the functions. */
public interface Secrets {

    Optional<String> get(String name);

    /** Writes a secret, new or not. */
    void put(String name, String value);

    /** Removes a secret for good; nothing happens where there is none. */
    void remove(String name);
}
