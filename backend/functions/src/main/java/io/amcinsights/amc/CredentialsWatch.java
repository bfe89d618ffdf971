package io.amcinsights.amc;

import io.amcinsights.contract.Failure;

/** Is told what Login with Amazon makes of credentials. */
public interface CredentialsWatch {

    void accepted(String credentialsId);

    void refused(String credentialsId, Failure why);
}
