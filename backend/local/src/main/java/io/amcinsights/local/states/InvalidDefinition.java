package io.amcinsights.local.states;

/** A definition that cannot be run as it says; the message names the place. */
public final class InvalidDefinition extends Exception {

    private static final long serialVersionUID = 1;

    private final String place;
    private final String problem;

    InvalidDefinition(String place, String problem) {
        super((place.isEmpty() ? "/" : place) + ": " + problem);
        this.place = place.isEmpty() ? "/" : place;
        this.problem = problem;
    }

    String place() {
        return place;
    }

    String problem() {
        return problem;
    }
}
