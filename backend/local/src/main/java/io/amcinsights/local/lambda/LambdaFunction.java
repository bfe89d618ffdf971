package io.amcinsights.local.lambda;

import java.time.Duration;
import java.util.Map;

/**
 * One function, as the template describes it.
 *
 * @param handler class name, with or without {@code ::method}
 * @param environment the variables that the handler sees
 */
public record LambdaFunction(
        String name,
        String arn,
        String description,
        String runtime,
        String role,
        String handler,
        Duration timeout,
        int memoryMegabytes,
        Map<String, String> environment) {

    String handlerClass() {
        int colons = handler.indexOf("::");
        return colons < 0 ? handler : handler.substring(0, colons);
    }
}
