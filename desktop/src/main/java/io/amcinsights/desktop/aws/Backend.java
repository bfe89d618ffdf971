package io.amcinsights.desktop.aws;

import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Request;

/** The installation's functions. */
public interface Backend {

    /**
     * Asks and waits for the answer; never on the JavaFX thread.
     *
     * @throws FailureException the function says no
     */
    <R> R call(Request<R> request);
}
