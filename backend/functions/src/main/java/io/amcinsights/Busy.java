package io.amcinsights;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;

/**
 * A step could not be done now but may be done later. The state machines retry the error name
 * {@code io.amcinsights.Busy}, which Lambda makes of the class.
 */
public final class Busy extends RuntimeException {

    private static final long serialVersionUID = 1;

    Busy(Failure failure) {
        super(Json.write(failure), null, false, false);
    }
}
