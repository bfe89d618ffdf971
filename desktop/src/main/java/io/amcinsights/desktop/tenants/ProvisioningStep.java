package io.amcinsights.desktop.tenants;

import io.amcinsights.desktop.aws.Executions;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The steps of {@code tenant-provisioning} that people see, by their states. */
enum ProvisioningStep {
    VALIDATE("Validate"),
    PROBE_AMC("ProbeAmc"),
    BUCKET_ACCESS("BucketAccess"),
    REGISTER_IN_LAKE("RegisterInLake"),
    ACTIVATE("Activate");

    private final String state;

    ProvisioningStep(String state) {
        this.state = state;
    }

    /** Where a step stands. */
    enum Progress {
        AHEAD,
        RUNNING,
        DONE,
        FAILED
    }

    /** Reads the history of an execution. */
    static Map<ProvisioningStep, Progress> progress(List<Executions.Event> history) {
        Map<ProvisioningStep, Progress> progress = new EnumMap<>(ProvisioningStep.class);
        for (ProvisioningStep step : values()) {
            progress.put(step, Progress.AHEAD);
        }
        @Nullable ProvisioningStep last = null;
        for (Executions.Event event : history) {
            ProvisioningStep step = of(event.state());
            if (event.type().equals("TaskStateEntered")) {
                if (step != null) {
                    // Tried again, an execution begins where the last one failed.
                    progress.replaceAll(
                            (s, p) ->
                                    p == Progress.AHEAD && s.compareTo(step) < 0
                                            ? Progress.DONE
                                            : p);
                    progress.put(step, Progress.RUNNING);
                    last = step;
                } else if (last != null) {
                    // The state that records the failure follows the step that failed.
                    progress.put(last, Progress.FAILED);
                }
            } else if (event.type().equals("TaskStateExited") && step != null) {
                progress.put(step, Progress.DONE);
            } else if (last != null
                    && progress.get(last) == Progress.RUNNING
                    && (event.type().equals("ExecutionFailed")
                            || event.type().equals("ExecutionAborted")
                            || event.type().equals("ExecutionTimedOut"))) {
                progress.put(last, Progress.FAILED);
            }
        }
        return progress;
    }

    private static @Nullable ProvisioningStep of(@Nullable String state) {
        for (ProvisioningStep step : values()) {
            if (step.state.equals(state)) {
                return step;
            }
        }
        return null;
    }
}
