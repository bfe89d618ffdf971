package io.amcinsights.local.http;

import java.util.Map;

/** Stands for an AWS service that the workspace does not have: every operation is unknown. */
final class AbsentService extends JsonService {

    AbsentService(String signingName) {
        super(signingName, "1.1");
    }

    @Override
    protected Map<String, Operation> operations() {
        return Map.of();
    }

    @Override
    public Reply handle(Call call) throws AwsError {
        throw new AwsError(
                400,
                "UnknownOperationException",
                "The local workspace has no service '" + signingName() + "'");
    }
}
