package io.amcinsights.aws;

import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StopExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StopExecutionResponse;

import java.util.ArrayList;
import java.util.List;

/** Remembers which executions were started and stopped. */
public final class MemoryMachines implements SfnClient {

    public final List<StartExecutionRequest> started = new ArrayList<>();
    public final List<String> stopped = new ArrayList<>();
    public boolean broken;

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public StartExecutionResponse startExecution(StartExecutionRequest request) {
        if (broken) {
            throw software.amazon.awssdk.services.sfn.model.SfnException.builder()
                    .statusCode(500)
                    .message("Step Functions is away")
                    .build();
        }
        if (started.stream().anyMatch(s -> s.name().equals(request.name()))) {
            throw ExecutionAlreadyExistsException.builder().message(request.name()).build();
        }
        started.add(request);
        return StartExecutionResponse.builder().executionArn(arn(request.name())).build();
    }

    @Override
    public StopExecutionResponse stopExecution(StopExecutionRequest request) {
        stopped.add(request.executionArn());
        return StopExecutionResponse.builder().build();
    }

    /** The ARN of an execution of this name. */
    public static String arn(String name) {
        return "arn:aws:states:us-east-1:000000000000:execution:machine:" + name;
    }
}
