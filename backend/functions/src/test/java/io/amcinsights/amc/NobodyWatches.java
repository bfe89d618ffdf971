package io.amcinsights.amc;

import io.amcinsights.contract.Failure;

/** For tests to which it does not matter what becomes of credentials. */
public final class NobodyWatches implements CredentialsWatch {

    @Override
    public void accepted(String credentialsId) {}

    @Override
    public void refused(String credentialsId, Failure why) {}
}
