package io.amcinsights.desktop.deployment;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** An installation that is there before a test begins. */
public final class DeployedInstallation {

    private DeployedInstallation() {}

    /** Deploys the real template, and waits until it is done. */
    public static void deploy(EmulatedAws aws, Path folder, String stackName) throws Exception {
        Release release = Release.read(ReleaseFolder.made(folder, "1"));
        try (Deployment deployment = Deployment.open(aws.account(), Duration.ofMillis(1))) {
            deployment.upload(release, bytes -> {});
            ChangePlan plan = deployment.plan(release, stackName, null, Map.of());
            deployment.stacks().execute(plan, "before");
            Operation operation =
                    Operation.begun(
                            deployment.stacks(), plan.stackId(), "before", 0, Clock.systemUTC());
            boolean over = false;
            while (!over) {
                over = operation.look().over();
            }
        }
    }
}
