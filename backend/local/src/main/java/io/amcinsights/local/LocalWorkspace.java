package io.amcinsights.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.amcinsights.Functions;
import io.amcinsights.local.amc.AmcSimulator;
import io.amcinsights.local.athena.AthenaService;
import io.amcinsights.local.athena.Queries;
import io.amcinsights.local.athena.SavedQueries;
import io.amcinsights.local.athena.TrinoProcess;
import io.amcinsights.local.athena.WorkGroups;
import io.amcinsights.local.clock.SystemTimer;
import io.amcinsights.local.events.EventRouter;
import io.amcinsights.local.events.QueueConsumer;
import io.amcinsights.local.events.Queues;
import io.amcinsights.local.events.StoredTimers;
import io.amcinsights.local.glue.Catalogue;
import io.amcinsights.local.glue.GlueService;
import io.amcinsights.local.glue.JobTask;
import io.amcinsights.local.http.AccessKeys;
import io.amcinsights.local.http.AccessKeys.AccessKey;
import io.amcinsights.local.http.AwsService;
import io.amcinsights.local.http.Caller;
import io.amcinsights.local.http.Front;
import io.amcinsights.local.lakeformation.LakeFormationService;
import io.amcinsights.local.lakeformation.Permissions;
import io.amcinsights.local.lakeformation.Rights;
import io.amcinsights.local.lambda.AsyncInvocations;
import io.amcinsights.local.lambda.LambdaFunctions;
import io.amcinsights.local.lambda.LambdaService;
import io.amcinsights.local.lambda.LambdaTask;
import io.amcinsights.local.ports.LocalPorts;
import io.amcinsights.local.ports.SecretFile;
import io.amcinsights.local.s3.DatasetReads;
import io.amcinsights.local.s3.ObjectStore;
import io.amcinsights.local.s3.S3Service;
import io.amcinsights.local.signin.SignInPassword;
import io.amcinsights.local.signin.SingleSignOn;
import io.amcinsights.local.states.StateMachines;
import io.amcinsights.local.states.StatesService;
import io.amcinsights.local.store.Database;
import io.amcinsights.local.store.PrivateFiles;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.CloudFormationService;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.TemplateException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The composition root of the local workspace, and its program. Parts are closed in the reverse
 * order of their making.
 */
public final class LocalWorkspace implements Serving {

    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkspace.class);
    static final Account ACCOUNT = new Account("000000000000", "us-east-1", "aws");
    private static final String STACK = "amc-insights";

    /** The roles that people have here. */
    static final String ADMINISTRATOR =
            "arn:%s:iam::%s:role/Administrator".formatted(ACCOUNT.partition(), ACCOUNT.id());

    static final String ANALYST =
            "arn:%s:iam::%s:role/Analyst".formatted(ACCOUNT.partition(), ACCOUNT.id());

    /** A workspace that cannot start, and why, for people. */
    static final class CannotStart extends Exception {
        private static final long serialVersionUID = 1;

        CannotStart(String message) {
            super(message);
        }

        static CannotStart portInUse(int port) {
            return new CannotStart(
                    "Port %d of 127.0.0.1 is in use. Choose another, or 0 for any free one."
                            .formatted(port));
        }
    }

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Front front;

    /** Runs until it is told to stop. */
    public static void main(String... arguments) throws InterruptedException {
        boolean amcAlone = arguments.length > 0 && arguments[0].equals("amc");
        Options options;
        try {
            options =
                    Options.parse(
                            amcAlone
                                    ? Arrays.copyOfRange(arguments, 1, arguments.length)
                                    : arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        try {
            Serving workspace = amcAlone ? StandaloneAmc.start(options) : start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(workspace::close, "stop"));
            for (long parent : options.parents()) {
                Thread.ofPlatform().daemon().name("parent").start(() -> endWith(parent));
            }
            System.out.println("ready " + workspace.uri());
            System.out.flush();
            Thread.currentThread().join();
        } catch (CannotStart | TemplateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (IOException | RuntimeException e) {
            LOG.error("The workspace cannot start", e);
            System.err.println("The local workspace cannot start: " + e);
            System.exit(1);
        }
    }

    private static void endWith(long parent) {
        ProcessHandle.of(parent).ifPresent(p -> p.onExit().join());
        System.exit(0);
    }

    /** Starts a workspace; returns when it serves. */
    static LocalWorkspace start(Options options)
            throws IOException, TemplateException, CannotStart {
        return new LocalWorkspace(options);
    }

    private LocalWorkspace(Options options) throws IOException, TemplateException, CannotStart {
        boolean started = false;
        try {
            front = build(options);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    @Override
    public URI uri() {
        return front.uri();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not stop in order", part.getClass().getSimpleName(), e);
            }
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private Front build(Options options) throws IOException, TemplateException, CannotStart {
        Path data = options.data();
        part(DataFolder.take(data));
        PrivateFiles.folder(data.resolve("objects"));
        PrivateFiles.folder(data.resolve("amc"));
        Database database = part(Database.open(data.resolve("workspace.db")));
        SystemTimer timer = new SystemTimer();
        Clock clock = Clock.systemUTC();
        AccessKeys keys = new AccessKeys(database);

        EventRouter router = part(new EventRouter(database, timer));
        ObjectStore objects =
                new ObjectStore(
                        database,
                        data.resolve("objects"),
                        ACCOUNT.id(),
                        ACCOUNT.region(),
                        clock,
                        router::wake);
        Catalogue catalogue = new Catalogue(database, ACCOUNT.id(), clock);
        Permissions permissions = new Permissions(database);
        Rights rights = new Rights(permissions, catalogue);
        catalogue.guardedBy(rights);
        AmcSimulator simulator = simulator(data, database, timer, objects);

        Queues queues = new Queues(database, timer);
        SecretFile secrets = new SecretFile(data.resolve("secrets.json"));
        CompletableFuture<Functions.Clients> clients = new CompletableFuture<>();
        PortsOfFunctions ports = new PortsOfFunctions();
        LambdaFunctions functions =
                new LambdaFunctions(
                        (handler, environment) ->
                                (RequestStreamHandler)
                                        handler.getConstructor(Functions.class)
                                                .newInstance(
                                                        new Functions(
                                                                environment,
                                                                ports.ports().of(environment),
                                                                clients.join(),
                                                                clock)));
        AsyncInvocations later = part(new AsyncInvocations(database, functions, timer));
        StoredTimers timers = part(new StoredTimers(database, later, timer));
        ports.set(new LocalPorts(database, timer, queues, timers, secrets));
        LambdaTask invoke = new LambdaTask(functions);
        StateMachines machines =
                part(
                        new StateMachines(
                                database,
                                timer,
                                ACCOUNT.region(),
                                Map.of(
                                        "arn:aws:states:::lambda:invoke",
                                        invoke,
                                        "arn:aws:states:::lambda:invoke.waitForTaskToken",
                                        invoke,
                                        "arn:aws:states:::glue:startJobRun.sync",
                                        new JobTask(JobTask.WITHOUT_SPARK),
                                        "arn:aws:states:::s3:getObject",
                                        DatasetReads.getObject(objects),
                                        "arn:aws:states:::s3:listObjectsV2",
                                        DatasetReads.listObjects(objects))));

        String template = text("template.yaml");
        if (template == null) {
            throw new CannotStart("This build lacks cloudformation/template.yaml; build it again.");
        }
        Stack stack =
                Stack.read(
                        template,
                        STACK,
                        ACCOUNT,
                        Map.of(
                                "LakeFormation", options.lakeFormation(),
                                "AmcApiUrl", simulator.baseUri().toString(),
                                "AmcTokenUrl", simulator.tokenUri().toString(),
                                "SparkFromMb", "0"));
        WorkGroups workGroups = new WorkGroups(clock);
        List<QueueConsumer> consumers =
                new Deployment(
                                stack,
                                ACCOUNT,
                                objects,
                                catalogue,
                                rights,
                                workGroups,
                                functions,
                                later,
                                machines,
                                queues,
                                router,
                                timers,
                                timer)
                        .create(name -> text("statemachines/" + name));
        secrets.put(STACK + "/credentials/default", credentials(simulator));

        TrinoProcess engine =
                part(
                        new TrinoProcess(
                                options.engine() == null ? TrinoProcess.place() : options.engine(),
                                data.resolve("engine"),
                                ACCOUNT.region(),
                                options.engineMemoryMb(),
                                timer));
        SavedQueries saved = new SavedQueries(database, clock);
        Queries athena =
                part(
                        new Queries(
                                database,
                                catalogue,
                                objects,
                                saved,
                                engine,
                                rights,
                                data.resolve("results"),
                                clock));

        Instant now = clock.instant();
        String user = System.getProperty("user.name", "somebody");
        List<AwsService> services =
                new ArrayList<>(
                        SingleSignOn.services(
                                database,
                                keys,
                                clock,
                                SignInPassword.in(data.resolve("password")),
                                ACCOUNT.id(),
                                new TreeMap<>(
                                        Map.of("Administrator", ADMINISTRATOR, "Analyst", ANALYST)),
                                user));
        services.addAll(
                List.of(
                        new S3Service(objects, ACCOUNT.id(), ACCOUNT.region(), rights::mayRead),
                        new GlueService(catalogue),
                        new LakeFormationService(
                                permissions,
                                ACCOUNT.id(),
                                Set.of(ADMINISTRATOR, ANALYST)::contains),
                        new AthenaService(
                                athena, saved, workGroups, catalogue, objects, ACCOUNT.id()),
                        new StatesService(machines),
                        new LambdaService(functions, later, mayInvoke(stack), now.toString()),
                        new CloudFormationService(stack, template, now)));
        Front serving = front(options.port(), keys, timer, services);
        // Both would have the machine to themselves; people wait for the engine.
        engine.start(serving.uri(), keys.of("engine"), simulator::prepare);
        AccessKey inner = keys.of("functions");
        clients.complete(clients(serving.uri(), inner));
        writeProfiles(data, serving.uri(), keys);
        PrivateFiles.write(data.resolve("amc.json"), simulator.connection().toPrettyString());

        consumers.forEach(c -> part(c).start());
        machines.resume();
        later.wake();
        timers.start();
        router.start();
        return serving;
    }

    /** The functions' ports need the timers, which need the functions. */
    private static final class PortsOfFunctions {
        private @Nullable LocalPorts ports;

        void set(LocalPorts made) {
            ports = made;
        }

        LocalPorts ports() {
            if (ports == null) {
                throw new IllegalStateException("A function was invoked too early");
            }
            return ports;
        }
    }

    private AmcSimulator simulator(
            Path data, Database database, SystemTimer timer, ObjectStore objects)
            throws IOException {
        AmcSimulator simulator =
                part(
                        AmcSimulator.start(
                                new AmcSimulator.Settings(
                                        0, data.resolve("amc"), ACCOUNT.id(), ACCOUNT.region(), 1),
                                database,
                                timer,
                                (bucket, key, file) -> {
                                    boolean csv = key.endsWith(".csv");
                                    objects.put(
                                            bucket,
                                            key,
                                            file,
                                            csv ? "text/csv" : "application/json");
                                    return URI.create("s3://" + bucket + "/" + key);
                                }));
        for (String bucket : simulator.buckets()) {
            if (!objects.hasBucket(bucket)) {
                objects.provide(bucket, true, false);
                objects.setPolicy(bucket, amcDelivers(bucket));
            }
        }
        return simulator;
    }

    /** The policy that AMC's own link makes. Source: AMC documentation, "Get started". */
    private static String amcDelivers(String bucket) {
        return """
        {"Version":"2012-10-17","Statement":[{"Sid":"AmcDelivers","Effect":"Allow",\
        "Principal":{"AWS":"arn:aws:iam::811639200769:root"},\
        "Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::%s/*"}]}\
        """
                .formatted(bucket);
    }

    private static String credentials(AmcSimulator simulator) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("clientId", simulator.clientId())
                .put("clientSecret", simulator.clientSecret())
                .put("refreshToken", simulator.refreshToken())
                .toString();
    }

    private Front front(int port, AccessKeys keys, SystemTimer timer, List<AwsService> services)
            throws IOException, CannotStart {
        try {
            return part(Front.start(port, ACCOUNT.region(), keys, timer, services));
        } catch (BindException e) {
            throw CannotStart.portInUse(port);
        }
    }

    private Functions.Clients clients(URI endpoint, AccessKey key) {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.id(), key.secret()));
        Region region = Region.of(ACCOUNT.region());
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder();
        S3Client s3 =
                part(
                        S3Client.builder()
                                .endpointOverride(endpoint)
                                .region(region)
                                .credentialsProvider(credentials)
                                .forcePathStyle(true)
                                .httpClientBuilder(http)
                                .build());
        SfnClient machines =
                part(
                        SfnClient.builder()
                                .endpointOverride(endpoint)
                                .region(region)
                                .credentialsProvider(credentials)
                                .httpClientBuilder(http)
                                .build());
        GlueClient glue =
                part(
                        GlueClient.builder()
                                .endpointOverride(endpoint)
                                .region(region)
                                .credentialsProvider(credentials)
                                .httpClientBuilder(http)
                                .build());
        LakeFormationClient lakeFormation =
                part(
                        LakeFormationClient.builder()
                                .endpointOverride(endpoint)
                                .region(region)
                                .credentialsProvider(credentials)
                                .httpClientBuilder(http)
                                .build());
        LambdaClient lambda =
                part(
                        LambdaClient.builder()
                                .endpointOverride(endpoint)
                                .region(region)
                                .credentialsProvider(credentials)
                                .httpClientBuilder(http)
                                .build());
        return new Functions.Clients(
                () -> s3,
                (pass, elsewhere) -> {
                    throw new IllegalStateException("Nobody is let in from here to " + elsewhere);
                },
                () -> machines,
                () -> glue,
                () -> lakeFormation,
                () -> lambda);
    }

    /** Administrators may invoke all; analysts what the template's policy for them names. */
    private static Predicate<String> mayInvoke(Stack stack) {
        Set<String> ofAnalysts = new HashSet<>();
        for (Stack.Resource policy : stack.resources("AWS::IAM::ManagedPolicy")) {
            if (policy.logicalId().equals("AnalystPolicy")) {
                for (JsonNode statement : policy.properties().at("/PolicyDocument/Statement")) {
                    if (statement.path("Action").asText().equals("lambda:InvokeFunction")) {
                        statement.path("Resource").forEach(arn -> ofAnalysts.add(arn.asText()));
                    }
                }
            }
        }
        return arn -> !ANALYST.equals(Caller.principal()) || ofAnalysts.contains(arn);
    }

    /** In the formats of the AWS CLI: "Configuration and credential file settings". */
    private static void writeProfiles(Path data, URI uri, AccessKeys keys) throws IOException {
        StringBuilder credentials = new StringBuilder();
        StringBuilder config = new StringBuilder();
        Map<String, AccessKey> profiles = new LinkedHashMap<>();
        profiles.put("local", keys.of(ADMINISTRATOR));
        profiles.put("local-analyst", keys.of(ANALYST));
        profiles.forEach(
                (name, key) -> {
                    credentials.append(
                            """
                            [%s]
                            aws_access_key_id = %s
                            aws_secret_access_key = %s
                            """
                                    .formatted(name, key.id(), key.secret()));
                    config.append(
                            """
                            [profile %s]
                            region = %s
                            endpoint_url = %s
                            s3 =
                                signature_version = s3v4
                            """
                                    .formatted(name, ACCOUNT.region(), uri));
                });
        // Without keys: who uses these signs in on the page.
        config.append(
                """
                [sso-session local]
                sso_start_url = %s
                sso_region = %s
                sso_registration_scopes = sso:account:access
                """
                        .formatted(uri.resolve(SingleSignOn.START), ACCOUNT.region()));
        Map.of("local-sso", "Administrator", "local-sso-analyst", "Analyst")
                .forEach(
                        (name, role) ->
                                config.append(
                                        """
                                        [profile %s]
                                        sso_session = local
                                        sso_account_id = %s
                                        sso_role_name = %s
                                        region = %s
                                        endpoint_url = %s
                                        s3 =
                                            signature_version = s3v4
                                        """
                                                .formatted(
                                                        name,
                                                        ACCOUNT.id(),
                                                        role,
                                                        ACCOUNT.region(),
                                                        uri)));
        PrivateFiles.write(data.resolve("credentials"), credentials.toString());
        PrivateFiles.write(data.resolve("config"), config.toString());
    }

    private static @Nullable String text(String name) {
        try (InputStream in = LocalWorkspace.class.getResourceAsStream("cloudformation/" + name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The template cannot be read", e);
        }
    }
}
