package io.amcinsights.ports;

/** All ports of one installation. What is not asked for need not exist. */
public interface Ports {

    Documents documents();

    MessageQueue queue();

    Secrets secrets();

    Timers timers();

    Notices notices();

    BucketOwners bucketOwners();
}
