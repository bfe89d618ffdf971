package io.amcinsights;

import io.amcinsights.amc.AmcClient;
import io.amcinsights.amc.AmcHosts;
import io.amcinsights.aws.AwsClients;
import io.amcinsights.aws.AwsPorts;
import io.amcinsights.aws.EmptyAws;
import io.amcinsights.contract.Access;
import io.amcinsights.lake.Catalogue;
import io.amcinsights.lake.Compaction;
import io.amcinsights.lake.DatasetStore;
import io.amcinsights.lake.Datasets;
import io.amcinsights.lake.Deliveries;
import io.amcinsights.lake.DeliveryStore;
import io.amcinsights.lake.GrantStore;
import io.amcinsights.lake.LakeFiles;
import io.amcinsights.lake.LakeSteps;
import io.amcinsights.lake.MissedDeliveries;
import io.amcinsights.lake.Origin;
import io.amcinsights.lake.Planning;
import io.amcinsights.lake.PortionStore;
import io.amcinsights.lake.Publication;
import io.amcinsights.lake.RawDatasets;
import io.amcinsights.lake.Readers;
import io.amcinsights.lake.ReportMappings;
import io.amcinsights.lake.Rules;
import io.amcinsights.lake.TenantData;
import io.amcinsights.lake.TenantGrants;
import io.amcinsights.lake.Transform;
import io.amcinsights.lake.TransformationStore;
import io.amcinsights.lake.Transformations;
import io.amcinsights.lake.Upkeep;
import io.amcinsights.notices.NoticeBoard;
import io.amcinsights.ports.BucketOwners;
import io.amcinsights.ports.Documents;
import io.amcinsights.ports.Ports;
import io.amcinsights.tenants.Authorizations;
import io.amcinsights.tenants.BucketAccess;
import io.amcinsights.tenants.CredentialsStore;
import io.amcinsights.tenants.Provisioning;
import io.amcinsights.tenants.Registry;
import io.amcinsights.tenants.TenantStore;
import io.amcinsights.tenants.Tenants;
import io.amcinsights.workflows.BatchStore;
import io.amcinsights.workflows.Batches;
import io.amcinsights.workflows.Dispatcher;
import io.amcinsights.workflows.Leases;
import io.amcinsights.workflows.Payloads;
import io.amcinsights.workflows.Reconciliation;
import io.amcinsights.workflows.RunNotices;
import io.amcinsights.workflows.RunResults;
import io.amcinsights.workflows.RunSteps;
import io.amcinsights.workflows.RunStore;
import io.amcinsights.workflows.Runs;
import io.amcinsights.workflows.RunsElsewhere;
import io.amcinsights.workflows.Schedules;
import io.amcinsights.workflows.Templates;
import io.amcinsights.workflows.WorkflowStore;
import io.amcinsights.workflows.Workflows;

import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The composition root of the functions. A handler takes what it needs, each thing once; nothing
 * else is built, so that a function need not have the environment of another.
 */
public final class Functions {

    /** The AWS services that the functions call as such; each is made when it is first needed. */
    public record Clients(
            Supplier<S3Client> s3,
            BucketAccess.Guests guests,
            Supplier<SfnClient> machines,
            Supplier<GlueClient> glue,
            Supplier<LakeFormationClient> lakeFormation,
            Supplier<LambdaClient> functions) {}

    private final Map<String, String> environment;
    private final Ports ports;
    private final Clients clients;
    private final Clock clock;
    private final Map<Class<?>, Object> made = new HashMap<>();

    /**
     * @param environment of one function, as the template gives it
     */
    public Functions(Map<String, String> environment, Ports ports, Clients clients, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.ports = ports;
        this.clients = clients;
        this.clock = clock;
    }

    /** The functions of this Lambda, on AWS. */
    public static Functions aws() {
        return OnAws.FUNCTIONS;
    }

    /**
     * What the function {@code transform} is, on AWS; its archive has no clients but that of S3.
     */
    public static Transform transformOnAws() {
        return new Transform(
                new LakeFiles(
                        onAws().make(S3Client.builder()), setting(System.getenv(), "LAKE_BUCKET")));
    }

    /** Made once, when the first handler asks, and kept in the function's snapshot. */
    private static final class OnAws {
        private static final Functions FUNCTIONS = of(onAws());
    }

    private static AwsClients onAws() {
        return new AwsClients(
                UrlConnectionHttpClient.create(), DefaultCredentialsProvider.builder().build());
    }

    /** Functions with the environment of this Lambda, in an AWS in which there is nothing. */
    static Functions rehearsing() {
        return of(
                new AwsClients(
                        new EmptyAws(),
                        StaticCredentialsProvider.create(
                                AwsSessionCredentials.create("none", "none", "none"))));
    }

    private static Functions of(AwsClients aws) {
        Map<String, String> environment = System.getenv();
        return new Functions(
                environment,
                new AwsPorts(environment, aws),
                new Clients(
                        () -> aws.make(S3Client.builder().crossRegionAccessEnabled(true)),
                        (pass, region) -> guest(aws.http(), pass, region),
                        () -> aws.make(SfnClient.builder()),
                        () -> aws.make(GlueClient.builder()),
                        () -> aws.make(LakeFormationClient.builder()),
                        () -> aws.make(LambdaClient.builder())),
                Clock.systemUTC());
    }

    private static S3Client guest(SdkHttpClient http, BucketOwners.Pass pass, String region) {
        return S3Client.builder()
                .httpClient(http)
                .region(Region.of(region))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsSessionCredentials.create(
                                        pass.keyId(), pass.secret(), pass.token())))
                .build();
    }

    public Tenants tenants() {
        return once(
                Tenants.class,
                () ->
                        new Tenants(
                                tenantStore(),
                                amc(),
                                machines(),
                                setting("TENANT_PROVISIONING"),
                                List.of(
                                        runs(),
                                        schedules(),
                                        workflows(),
                                        new TenantData(
                                                datasetStore(),
                                                portionStore(),
                                                deliveryStore(),
                                                catalogue(),
                                                lakeFiles()),
                                        new TenantGrants(grantStore(), clock)),
                                bucketAccess(),
                                clock));
    }

    public Provisioning provisioning() {
        return once(
                Provisioning.class,
                () ->
                        new Provisioning(
                                tenantStore(),
                                amc(),
                                bucketAccess(),
                                glue(),
                                setting("DATABASE"),
                                notices(),
                                clock));
    }

    private BucketAccess bucketAccess() {
        return once(
                BucketAccess.class,
                () ->
                        new BucketAccess(
                                s3(), clients.guests(), ports.bucketOwners(), amc(), home()));
    }

    private BucketAccess.Home home() {
        String[] machine = setting("TENANT_PROVISIONING").split(":", -1);
        return new BucketAccess.Home(
                setting("INSTALLATION"),
                machine[1],
                machine[4],
                machine[3],
                setting("TENANTS_ROLE"),
                setting("LAKE_ROLE"));
    }

    public Registry registry() {
        return once(
                Registry.class,
                () -> new Registry(tenants(), provisioning(), home().region(), home().account()));
    }

    public Authorizations authorizations() {
        return once(
                Authorizations.class,
                () ->
                        new Authorizations(
                                credentialsStore(),
                                tenantStore(),
                                ports.secrets(),
                                setting("CREDENTIALS_PREFIX"),
                                amc(),
                                clock));
    }

    public Templates templates() {
        return once(Templates.class, () -> new Templates());
    }

    public Workflows workflows() {
        return once(
                Workflows.class,
                () -> new Workflows(workflowStore(), tenantStore(), schedules(), amc(), clock));
    }

    public Runs runs() {
        return once(
                Runs.class,
                () ->
                        new Runs(
                                runStore(),
                                workflowStore(),
                                tenantStore(),
                                leases(),
                                ports.queue(),
                                amc(),
                                machines(),
                                clock));
    }

    public RunResults runResults() {
        return once(RunResults.class, () -> new RunResults(runStore(), tenantStore(), amc()));
    }

    public Batches batches() {
        return once(Batches.class, () -> new Batches(batchStore(), runs(), clock));
    }

    public Reconciliation reconciliation() {
        return once(
                Reconciliation.class,
                () ->
                        new Reconciliation(
                                runStore(),
                                runs(),
                                tenantStore(),
                                leases(),
                                schedules(),
                                runNotices(),
                                new RunsElsewhere(runStore(), documents(), amc(), clock),
                                clock));
    }

    public Payloads payloads() {
        return once(Payloads.class, () -> new Payloads(workflows(), runs(), clock));
    }

    public Schedules schedules() {
        return once(
                Schedules.class,
                () ->
                        new Schedules(
                                documents(),
                                workflowStore(),
                                tenantStore(),
                                runs(),
                                ports.timers(),
                                notices(),
                                clock));
    }

    public Dispatcher dispatcher() {
        return once(
                Dispatcher.class,
                () ->
                        new Dispatcher(
                                runStore(),
                                leases(),
                                ports.queue(),
                                machines(),
                                setting("WORKFLOW_RUN"),
                                runNotices(),
                                clock));
    }

    public RunSteps runSteps() {
        return once(
                RunSteps.class,
                () ->
                        new RunSteps(
                                runStore(), tenantStore(), leases(), amc(), runNotices(), clock));
    }

    public Deliveries deliveries() {
        return once(
                Deliveries.class,
                () ->
                        new Deliveries(
                                deliveryStore(),
                                tenantStore(),
                                machines(),
                                setting("LAKE_DELIVERY"),
                                clock));
    }

    public MissedDeliveries missedDeliveries() {
        return once(
                MissedDeliveries.class,
                () ->
                        new MissedDeliveries(
                                tenantStore(),
                                deliveryStore(),
                                rawDatasets(),
                                s3(),
                                machines(),
                                setting("LAKE_DELIVERY"),
                                clock));
    }

    public Upkeep upkeep() {
        return once(
                Upkeep.class,
                () ->
                        new Upkeep(
                                datasetStore(),
                                portionStore(),
                                publication(),
                                machines(),
                                setting("LAKE_COMPACTION"),
                                clock));
    }

    public Compaction compaction() {
        return once(
                Compaction.class,
                () -> new Compaction(portionStore(), publication(), lakeFiles(), notices()));
    }

    public Datasets datasets() {
        return once(Datasets.class, () -> new Datasets(datasetStore(), catalogue()));
    }

    public RawDatasets rawDatasets() {
        return once(
                RawDatasets.class,
                () ->
                        new RawDatasets(
                                documents(),
                                datasetStore(),
                                tenantStore(),
                                setting("LAKE_BUCKET"),
                                clock));
    }

    public LakeSteps lakeSteps() {
        return once(
                LakeSteps.class,
                () ->
                        new LakeSteps(
                                tenantStore(),
                                deliveryStore(),
                                datasetStore(),
                                rawDatasets(),
                                planning(),
                                publication(),
                                lakeFiles(),
                                readers(),
                                rules(),
                                reportMappings(),
                                notices(),
                                clock,
                                Long.parseLong(setting("SPARK_FROM_MB")) << 20));
    }

    private Planning planning() {
        return once(
                Planning.class,
                () ->
                        new Planning(
                                tenantStore(),
                                datasetStore(),
                                rawDatasets(),
                                portionStore(),
                                new Origin(amc(), runStore(), clock),
                                lakeFiles(),
                                rules(),
                                transformationStore()));
    }

    public Transformations transformations() {
        return once(
                Transformations.class,
                () ->
                        new Transformations(
                                transformationStore(),
                                datasetStore(),
                                datasets(),
                                deliveries(),
                                rawDatasets(),
                                planning(),
                                functions(),
                                setting("TRANSFORM_FUNCTION"),
                                clock));
    }

    private TransformationStore transformationStore() {
        return once(TransformationStore.class, () -> new TransformationStore(documents()));
    }

    public ReportMappings reportMappings() {
        return once(
                ReportMappings.class,
                () ->
                        new ReportMappings(
                                documents(),
                                datasetStore(),
                                portionStore(),
                                datasets(),
                                catalogue()));
    }

    public Rules rules() {
        return once(
                Rules.class,
                () ->
                        new Rules(
                                documents(),
                                datasetStore(),
                                portionStore(),
                                datasets(),
                                tenantStore(),
                                notices(),
                                clock));
    }

    public Readers readers() {
        return once(
                Readers.class,
                () ->
                        Readers.of(
                                grantStore(),
                                tenantStore(),
                                catalogue(),
                                lakeFormation(),
                                new Readers.Home(
                                        setting("LAKE_ROLE").split(":", -1)[4],
                                        setting("DATABASE"),
                                        Access.Mode.valueOf(
                                                setting("LAKE_FORMATION").toUpperCase(Locale.ROOT)),
                                        Set.of(setting("LAKE_ROLE"), setting("TENANTS_ROLE"))),
                                clock));
    }

    public Transform transform() {
        return once(Transform.class, () -> new Transform(lakeFiles()));
    }

    public Clock clock() {
        return clock;
    }

    private Documents documents() {
        return once(Documents.class, ports::documents);
    }

    private GrantStore grantStore() {
        return once(GrantStore.class, () -> new GrantStore(documents()));
    }

    private DeliveryStore deliveryStore() {
        return once(DeliveryStore.class, () -> new DeliveryStore(documents()));
    }

    private DatasetStore datasetStore() {
        return once(DatasetStore.class, () -> new DatasetStore(documents(), clock));
    }

    private PortionStore portionStore() {
        return once(PortionStore.class, () -> new PortionStore(documents(), clock));
    }

    private Publication publication() {
        return once(
                Publication.class,
                () ->
                        new Publication(
                                datasetStore(), portionStore(), catalogue(), lakeFiles(), clock));
    }

    private Catalogue catalogue() {
        return once(
                Catalogue.class,
                () -> new Catalogue(glue(), setting("DATABASE"), setting("LAKE_BUCKET")));
    }

    private LakeFiles lakeFiles() {
        return once(LakeFiles.class, () -> new LakeFiles(s3(), setting("LAKE_BUCKET")));
    }

    private WorkflowStore workflowStore() {
        return once(WorkflowStore.class, () -> new WorkflowStore(documents()));
    }

    private RunStore runStore() {
        return once(RunStore.class, () -> new RunStore(documents()));
    }

    public RunNotices runNotices() {
        return once(
                RunNotices.class,
                () -> new RunNotices(runStore(), batchStore(), tenantStore(), notices()));
    }

    private BatchStore batchStore() {
        return once(BatchStore.class, () -> new BatchStore(documents()));
    }

    private Leases leases() {
        return once(Leases.class, () -> new Leases(documents(), clock));
    }

    private TenantStore tenantStore() {
        return once(TenantStore.class, () -> new TenantStore(documents()));
    }

    public NoticeBoard notices() {
        return once(NoticeBoard.class, () -> new NoticeBoard(documents(), ports.notices(), clock));
    }

    private CredentialsStore credentialsStore() {
        return once(
                CredentialsStore.class, () -> new CredentialsStore(documents(), notices(), clock));
    }

    private AmcClient amc() {
        return once(
                AmcClient.class,
                () ->
                        new AmcClient(
                                new AmcHosts(
                                        environment.getOrDefault("AMC_API_URL", ""),
                                        environment.getOrDefault("AMC_TOKEN_URL", "")),
                                ports.secrets(),
                                setting("CREDENTIALS_PREFIX"),
                                Invocation::timeLeft,
                                clock,
                                credentialsStore()));
    }

    private S3Client s3() {
        return once(S3Client.class, clients.s3());
    }

    private SfnClient machines() {
        return once(SfnClient.class, clients.machines());
    }

    private LambdaClient functions() {
        return once(LambdaClient.class, clients.functions());
    }

    private GlueClient glue() {
        return once(GlueClient.class, clients.glue());
    }

    private LakeFormationClient lakeFormation() {
        return once(LakeFormationClient.class, clients.lakeFormation());
    }

    private synchronized <T> T once(Class<T> type, Supplier<T> make) {
        Object object = made.get(type);
        if (object == null) {
            object = make.get();
            made.put(type, object);
        }
        return type.cast(object);
    }

    private String setting(String name) {
        return setting(environment, name);
    }

    private static String setting(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(
                    "The function's environment lacks %s; deploy the installation again."
                            .formatted(name));
        }
        return value;
    }
}
