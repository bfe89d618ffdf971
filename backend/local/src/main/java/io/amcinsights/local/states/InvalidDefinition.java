package io.amcinsights.local.states;

/** A definition that cannot be run as it says; the message names the place. */
public final class InvalidDefinition extends Exception {

    private static final long serialVersionUID = 1;

    InvalidDefinition(String place, String problem) {
        super((place.isEmpty() ? "/" : place) + ": " + problem);
    }
}
