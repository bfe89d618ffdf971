package io.amcinsights;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;

/**
 * A step cannot be done, now or later. The message is the failure as JSON, so that the state
 * machine's last step can record it.
 */
public final class StepFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    StepFailed(Failure failure) {
        super(Json.write(failure), null, false, false);
    }
}
