package io.amcinsights.local.http;

import java.io.IOException;

/** One AWS service, served by its own wire protocol. */
public interface AwsService {

    /** The service's name in a SigV4 credential scope, such as {@code athena} or {@code states}. */
    String signingName();

    /**
     * Answers one verified call.
     *
     * @throws AwsError what AWS would answer; sent in the shape of the service's protocol
     */
    Reply handle(Call call) throws AwsError, IOException;

    /** How an error travels in this service's protocol. */
    Reply error(AwsError error, String requestId);
}
