package io.amcinsights;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.amc.ScriptedAmc;
import io.amcinsights.aws.MemoryGlue;
import io.amcinsights.aws.MemoryLakeFormation;
import io.amcinsights.aws.MemoryLambda;
import io.amcinsights.aws.MemoryMachines;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.AmcRegion;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.lake.TransformHandler;
import io.amcinsights.ports.Documents.ConflictException;
import io.amcinsights.ports.MemoryPorts;
import io.amcinsights.ports.Ports;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An installation in memory: real functions over ports of the test, and a scripted AMC. */
public final class TestInstallation implements AutoCloseable {

    public static final Instant START = Instant.parse("2026-11-23T10:15:30.123Z");

    public final TestClock clock = new TestClock();
    public final ScriptedAmc amc = new ScriptedAmc();
    public final MemoryPorts ports = new MemoryPorts(clock);
    public final MemoryS3 s3 = new MemoryS3().bucket("lake");
    public final MemoryMachines machines = new MemoryMachines();
    public final MemoryGlue glue = new MemoryGlue();
    public final MemoryLakeFormation lakeFormation = new MemoryLakeFormation();

    /** The template's parameter. */
    public String lakeFormationMode = "off";

    /** From which size on files are for Spark; 0: none. */
    public long sparkFromMb;

    /** A clock that stands still until it is told to go on. */
    public static final class TestClock extends Clock {

        private Instant now = START;

        public void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }
    }

    public TestInstallation() {
        ports.secretValues.put(
                "amc-insights/credentials/default",
                "{\"clientId\":\"client-1\",\"clientSecret\":\"s3cr3t\",\"refreshToken\":\"Atzr|1\"}");
    }

    /** A tenant that is active already. */
    public Tenant tenant(String tenantId) {
        return tenant(tenantId, "bucket-" + tenantId);
    }

    public Tenant tenant(String tenantId, String bucket) {
        Tenant tenant =
                new Tenant(
                        tenantId,
                        "Kestrel " + tenantId,
                        "ENTITY1AA1AA11AAA1",
                        "ATVPDKIKX0DER",
                        AmcRegion.NA,
                        bucket,
                        "us-east-1",
                        "111122223333",
                        "default",
                        false,
                        Tenant.Status.ACTIVE,
                        null,
                        null,
                        START,
                        START,
                        List.of(),
                        0);
        try {
            ports.documents().put("tenant", tenantId, Json.write(tenant), 0, null);
            ports.documents()
                    .put(
                            "bucket",
                            bucket,
                            Json.write(Map.of("tenantId", tenantId, "registered", true)),
                            0,
                            null);
        } catch (ConflictException e) {
            throw new IllegalStateException(e);
        }
        s3.bucket(bucket);
        return tenant;
    }

    public Functions functions() {
        return functions(ports, machines);
    }

    /** The functions over ports that may fail. */
    public Functions functions(Ports throughPorts, SfnClient throughMachines) {
        return functions(throughPorts, s3, throughMachines, glue);
    }

    /** The functions over ports and clients that may fail. */
    public Functions functions(
            Ports throughPorts,
            S3Client throughS3,
            SfnClient throughMachines,
            GlueClient throughGlue) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", "us-east-1");
        environment.put("INSTALLATION", "amc-insights");
        environment.put("TENANTS_ROLE", "arn:aws:iam::111122223333:role/tenants");
        environment.put("LAKE_ROLE", "arn:aws:iam::111122223333:role/lake");
        environment.put("AMC_API_URL", amc.url());
        environment.put("AMC_TOKEN_URL", amc.url() + "/auth/o2/token");
        environment.put("CREDENTIALS_PREFIX", "amc-insights/credentials/");
        environment.put(
                "TENANT_PROVISIONING",
                "arn:aws:states:us-east-1:111122223333:stateMachine:tenant-provisioning");
        environment.put("WORKFLOW_RUN", "arn:machine:workflow-run");
        environment.put("LAKE_DELIVERY", "arn:machine:lake-delivery");
        environment.put("LAKE_COMPACTION", "arn:machine:lake-compaction");
        environment.put("DATABASE", "amc_insights");
        environment.put("LAKE_BUCKET", "lake");
        environment.put("SPARK_FROM_MB", String.valueOf(sparkFromMb));
        environment.put("LAKE_FORMATION", lakeFormationMode);
        environment.put("TRANSFORM_FUNCTION", "arn:function:transform:write");
        return new Functions(
                environment,
                throughPorts,
                new Functions.Clients(
                        () -> throughS3,
                        (pass, region) -> ports.guest(pass, region),
                        () -> throughMachines,
                        () -> throughGlue,
                        () -> lakeFormation,
                        () ->
                                new MemoryLambda(
                                        Map.of(
                                                "arn:function:transform:write",
                                                () -> new TransformHandler(functions())))),
                clock);
    }

    /** Sends a request as the desktop does. */
    public static <R> R ask(RequestStreamHandler handler, Request<R> request) {
        return Json.reply(request, call(handler, "write", Json.request(request)));
    }

    /** The failure that a request is answered with. */
    public static Failure refusal(RequestStreamHandler handler, Request<?> request) {
        try {
            throw new AssertionError("Not refused: " + ask(handler, request));
        } catch (FailureException e) {
            return e.failure();
        }
    }

    /** Runs a step as a state machine does. */
    public static JsonNode step(RequestStreamHandler handler, String json) {
        try {
            return Json.mapper().readTree(call(handler, "write", json.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The error that a state machine catches of an exception. */
    public static String caught(Throwable thrown) {
        return Json.write(
                Map.of(
                        "Error",
                        thrown.getClass().getName(),
                        "Cause",
                        Json.write(
                                Map.of(
                                        "errorMessage",
                                        String.valueOf(thrown.getMessage()),
                                        "errorType",
                                        thrown.getClass().getName()))));
    }

    public static String call(RequestStreamHandler handler, String alias, String json) {
        var out = new ByteArrayOutputStream();
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                    out,
                    new TestContext(alias));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        amc.close();
    }

    private record TestContext(String alias) implements Context {

        @Override
        public String getAwsRequestId() {
            return "request-1";
        }

        @Override
        public String getLogGroupName() {
            return "";
        }

        @Override
        public String getLogStreamName() {
            return "";
        }

        @Override
        public String getFunctionName() {
            return "function";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn:aws:lambda:us-east-1:000000000000:function:function:" + alias;
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return 20_000;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 512;
        }

        @Override
        public @Nullable LambdaLogger getLogger() {
            return null;
        }
    }
}
