package io.amcinsights.desktop.inputs;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.TimeWindow;
import io.amcinsights.contract.WorkflowRequest.RunWorkflow;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.UUID;

/**
 * The requests that one form makes. The same form once more is the same request, which is answered
 * with the same run: its first answer may have been lost.
 */
public final class RunRequests {

    private @Nullable RunWorkflow last;

    /** The request for what is entered. */
    public RunWorkflow of(
            String tenantId, String workflowId, TimeWindow window, Map<String, JsonNode> values) {
        RunWorkflow before = last;
        String key = before == null ? UUID.randomUUID().toString() : before.requestKey();
        RunWorkflow request = new RunWorkflow(tenantId, workflowId, window, values, key);
        if (before != null && !request.equals(before)) {
            request =
                    new RunWorkflow(
                            tenantId, workflowId, window, values, UUID.randomUUID().toString());
        }
        last = request;
        return request;
    }

    /** Whatever is asked for next is a run of its own. */
    public void forget() {
        last = null;
    }
}
