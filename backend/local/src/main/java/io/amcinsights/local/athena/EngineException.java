package io.amcinsights.local.athena;

/** The engine is not there, or went away; the message says why and what to do. */
final class EngineException extends Exception {

    private static final long serialVersionUID = 1;

    EngineException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
