package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.amcinsights.contract.BackendFunction;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.local.template.Account;
import io.amcinsights.local.template.Stack;
import io.amcinsights.local.template.Stack.Resource;
import io.amcinsights.local.template.TemplateException;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the template allows is what the programs call, no less and no more. What they call is read
 * from their bytecode ({@link Reach}).
 */
class PermissionsTest {

    private static final String ANALYST = "AnalystPolicy";
    private static final String ADMIN = "AdminPolicy";

    private static final Account ACCOUNT = new Account("111122223333", "eu-west-1", "aws");

    /** Services whose actions begin with another word than the SDK's package. */
    private static final Map<String, String> PREFIXES =
            Map.of("sfn", "states", "eventbridge", "events");

    /** Services of the sign-in, which ask for a token of their own and know no IAM. */
    private static final Set<String> BY_TOKEN = Set.of("sso", "ssooidc");

    /**
     * Calls that need other actions than that of their name. Source: "Actions, resources, and
     * condition keys" of each service in the Service Authorization Reference.
     */
    private static final Map<String, Set<String>> OTHERWISE =
            Map.ofEntries(
                    Map.entry("s3:CopyObject", Set.of("s3:GetObject", "s3:PutObject")),
                    Map.entry("s3:GetBucketEncryption", Set.of("s3:GetEncryptionConfiguration")),
                    Map.entry(
                            "s3:GetBucketNotificationConfiguration",
                            Set.of("s3:GetBucketNotification")),
                    Map.entry(
                            "s3:DeleteObjects",
                            Set.of("s3:DeleteObject", "s3:DeleteObjectVersion")),
                    Map.entry("s3:PutBucketEncryption", Set.of("s3:PutEncryptionConfiguration")),
                    Map.entry("s3:PutPublicAccessBlock", Set.of("s3:PutBucketPublicAccessBlock")),
                    // needs no right
                    Map.entry("sts:GetCallerIdentity", Set.of()),
                    Map.entry("s3:HeadBucket", Set.of("s3:ListBucket")),
                    Map.entry("s3:ListObjectsV2", Set.of("s3:ListBucket")),
                    Map.entry("s3:ListObjectVersions", Set.of("s3:ListBucketVersions")),
                    Map.entry("s3:HeadObject", Set.of("s3:GetObject")),
                    Map.entry("lambda:Invoke", Set.of("lambda:InvokeFunction")),
                    Map.entry(
                            "s3:PutBucketNotificationConfiguration",
                            Set.of("s3:PutBucketNotification")),
                    Map.entry(
                            "scheduler:CreateSchedule",
                            Set.of("scheduler:CreateSchedule", "iam:PassRole")),
                    Map.entry(
                            "scheduler:UpdateSchedule",
                            Set.of("scheduler:UpdateSchedule", "iam:PassRole")));

    /** What a function's role needs though the function calls no such thing, and why. */
    private static final Map<String, Map<String, String>> BESIDES =
            Map.of(
                    "dispatcher",
                    Map.of(
                            "sqs:ReceiveMessage", "Lambda takes the messages for it",
                            "sqs:DeleteMessage", "Lambda removes those that were handled",
                            "sqs:GetQueueAttributes", "Lambda looks how full the queue is"),
                    "lake",
                    Map.of("kms:Decrypt", "S3 does for it, where tenants encrypt with their keys"));

    private static final Map<String, String> BESIDES_OF_ALL =
            Map.of(
                    "logs:CreateLogStream", "Lambda writes the log",
                    "logs:PutLogEvents", "Lambda writes the log",
                    "xray:PutTelemetryRecords", "Lambda traces",
                    "xray:PutTraceSegments", "Lambda traces");

    /** What people need though the desktop calls no such thing: Athena does, as them. */
    private static final Map<String, String> BESIDES_OF_PEOPLE =
            Map.ofEntries(
                    Map.entry("athena:GetDataCatalog", "to find the tables"),
                    Map.entry("glue:BatchGetPartition", "to find the files"),
                    Map.entry("glue:GetDatabase", "to find the tables"),
                    Map.entry("glue:GetPartition", "to find the files"),
                    Map.entry("glue:GetPartitions", "to find the files"),
                    Map.entry("glue:GetTable", "to find the columns"),
                    Map.entry("glue:GetTables", "to find the tables"),
                    Map.entry("s3:AbortMultipartUpload", "to write a long result"),
                    Map.entry("s3:GetBucketLocation", "to find data and results"),
                    Map.entry("s3:ListBucket", "to find the files"),
                    Map.entry("s3:ListBucketMultipartUploads", "to write a long result"),
                    Map.entry("s3:ListMultipartUploadParts", "to write a long result"));

    private static final Set<String> CALLS = Set.of("lambda:InvokeFunction", "glue:StartJobRun");

    private static JavaClasses functions;

    /** What only those who deploy do: with rights of their own, which the manual lists. */
    private static final String DEPLOYMENT = "/io/amcinsights/desktop/deployment/";

    private static JavaClasses desktop;
    private static JavaClasses deployment;
    private static Stack stack;

    /** With grants: the functions may do the most, and people who have one the least. */
    private static Stack governed;

    @BeforeAll
    static void read() throws TemplateException, IOException {
        functions =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(l -> !l.contains("/io/amcinsights/local/"))
                        .withImportOption(l -> !l.contains("/io/amcinsights/desktop/"))
                        .importPackages("io.amcinsights");
        desktop =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(l -> !l.contains(DEPLOYMENT))
                        .importPackages("io.amcinsights.desktop");
        deployment =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.amcinsights.desktop.deployment");
        stack = stack("off");
        governed = stack("hybrid");
    }

    private static Stack stack(String lakeFormation) throws TemplateException {
        return Stack.read(
                template(), "amc-insights", ACCOUNT, Map.of("LakeFormation", lakeFormation));
    }

    private static String template() {
        try {
            return Files.readString(Path.of("../cloudformation/template.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> functionsOfTheTemplate() throws TemplateException {
        return stack("off").resources("AWS::Lambda::Function").stream().map(Resource::physicalId);
    }

    @ParameterizedTest
    @MethodSource("functionsOfTheTemplate")
    void aFunctionMayDoWhatItDoesAndNothingElse(String function) {
        Resource resource = only("AWS::Lambda::Function", function);
        String handler = resource.properties().path("Handler").asText().split("::", 2)[0];
        String role = resource.properties().path("Role").asText();
        String word = function.substring("amc-insights-".length());

        Reach reach = Reach.of(functions.get(handler));
        assertThat(reach.unknown()).isEmpty();
        Map<String, String> needed = needed(reach);
        Map<String, String> besides = new TreeMap<>(BESIDES_OF_ALL);
        besides.putAll(BESIDES.getOrDefault(word, Map.of()));

        compare(actions(policiesOf(role)), needed, besides);
    }

    @Test
    void noFunctionTouchesLakeFormationWhereItIsOff() {
        assertThat(actions(policiesOf(stack, "LakeRole")))
                .noneMatch(action -> action.startsWith("lakeformation:"));
        assertThat(stack.resources()).noneMatch(r -> r.type().startsWith("AWS::LakeFormation::"));
    }

    @ParameterizedTest
    @CsvSource({"off, true, false", "hybrid, false, true", "on, false, true"})
    void anAnalystReadsTheFilesByIamOnlyWhereLakeFormationIsOff(
            String mode, boolean files, boolean granted) throws TemplateException {
        Set<String> allowed = actions(List.of(document(stack(mode), ANALYST)));
        assertThat(allowed.contains("lakeformation:GetDataAccess")).isEqualTo(granted);
        assertThat(
                        list(document(stack(mode), ANALYST).path("Statement"))
                                .anyMatch(s -> s.path("Sid").asText().equals("Datasets")))
                .isEqualTo(files);
    }

    /** Those who administer the lake already stay. */
    @Test
    void administratorsOfTheLakeAreAddedWhereOnlyTheyMayOptOthersIn() throws TemplateException {
        assertThat(governed.resources("AWS::LakeFormation::DataLakeSettings"))
                .singleElement()
                .satisfies(
                        s ->
                                assertThat(s.properties().path("MutationType").asText())
                                        .isEqualTo("APPEND"));
        assertThat(stack("on").resources("AWS::LakeFormation::DataLakeSettings")).isEmpty();
    }

    @Test
    void stateMachinesMayCallTheFunctionsAndJobsThatTheyNameAndNoOthers() {
        Set<String> called = new TreeSet<>();
        Set<String> allowed = new TreeSet<>();
        for (Resource machine : stack.resources("AWS::StepFunctions::StateMachine")) {
            machine.properties()
                    .path("DefinitionSubstitutions")
                    .forEach(
                            named ->
                                    called.add(
                                            named.asText().startsWith("arn:")
                                                    ? named.asText()
                                                    : ACCOUNT.arn(
                                                            "glue", "job/" + named.asText())));
            policiesOf(machine.properties().path("RoleArn").asText()).stream()
                    .flatMap(p -> list(p.path("Statement")))
                    .filter(
                            s ->
                                    list(s.path("Action"))
                                            .map(JsonNode::asText)
                                            .anyMatch(CALLS::contains))
                    .flatMap(s -> list(s.path("Resource")))
                    .forEach(arn -> allowed.add(arn.asText()));
        }
        assertThat(allowed).isNotEmpty().isEqualTo(called);
    }

    /** What the owner of a bucket in another account or region lets us do there. */
    @Test
    void theDoorOfABucketElsewhereOpensForWhatWeDoThereAndNothingElse() throws Exception {
        String template;
        try (InputStream in =
                Objects.requireNonNull(Functions.class.getResourceAsStream("tenants/door.yaml"))) {
            template = new String(in.readAllBytes(), UTF_8).replaceAll("\\{[a-z]\\w*}", "x");
        }
        Resource role =
                Stack.read(template, "door", ACCOUNT, Map.of())
                        .resources("AWS::IAM::Role")
                        .getFirst();

        Map<String, String> needed =
                needed(Reach.of(functions.get("io.amcinsights.tenants.TenantBucket")));
        // buckets are made in our own account only
        assertThat(needed.keySet().removeAll(Set.of("s3:CreateBucket", "s3:PutBucketVersioning")))
                .isTrue();
        compare(actions(policiesOf(role)), needed, Map.of());
    }

    private static List<JsonNode> policiesOf(String role) {
        return policiesOf(only("AWS::IAM::Role", role.substring(role.lastIndexOf('/') + 1)));
    }

    private static List<JsonNode> policiesOf(Stack of, String role) {
        return of.resources("AWS::IAM::Role").stream()
                .filter(r -> r.logicalId().equals(role))
                .flatMap(r -> policiesOf(r).stream())
                .toList();
    }

    private static List<JsonNode> policiesOf(Resource role) {
        return list(role.properties().path("Policies")).map(p -> p.path("PolicyDocument")).toList();
    }

    @Test
    void analystsAndAdministratorsMayDoWhatTheDesktopDoesAndNothingElse() {
        Reach reach = Reach.of(desktop);
        assertThat(reach.unknown()).isEmpty();
        compare(allowed(List.of(ANALYST, ADMIN)), needed(reach), BESIDES_OF_PEOPLE);
    }

    /** The manual's policy for those who deploy is what they need, and nothing else. */
    @Test
    void whoDeploysIsToldOfEveryRight() throws IOException {
        Reach reach = Reach.of(deployment);
        assertThat(reach.unknown())
                .containsExactly("software.amazon.awssdk.services.s3.S3Utilities");
        String manual = Files.readString(Path.of("../docs/manual.md"));
        int begin = manual.indexOf("```json", manual.indexOf("### What deploying takes"));
        String policy = manual.substring(begin + 7, manual.indexOf("```", begin + 7));
        compare(
                actions(List.of(Json.read(policy, JsonNode.class))),
                needed(reach),
                Map.of(
                        "s3:PutBucketOwnershipControls",
                        "a bucket is made with its owner's control of what is in it"));
    }

    @Test
    void theAliasesThatTheDesktopCallsAreOpenAndNoOthers() {
        Set<String> called = aliasesOfTheDesktop();
        assertThat(called).contains("tenants:read", "tenants:write");
        assertThat(aliases(List.of(ANALYST, ADMIN))).isEqualTo(called);
    }

    @Test
    void analystsSeeEverythingAndChangeWorkflowsOnly() {
        List<String> read =
                aliasesOfTheDesktop().stream().filter(a -> a.endsWith(":read")).toList();
        assertThat(aliases(List.of(ANALYST))).containsAll(read);
        assertThat(aliases(List.of(ANALYST)))
                .filteredOn(a -> a.endsWith(":write"))
                .containsExactly("workflows:write");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  s3:GetObject,"
            + " arn:aws:s3:::amc-insights-lake-111122223333/post-stage/reach/tenant=a/x.parquet",
        "false, s3:GetObject, arn:aws:s3:::amc-insights-lake-111122223333/pre-stage/1/delivery.csv",
        "false, s3:PutObject,"
                + " arn:aws:s3:::amc-insights-lake-111122223333/post-stage/reach/x.parquet",
        "true,  s3:PutObject,"
                + " arn:aws:s3:::amc-insights-lake-111122223333/raw/prices/tenant=a/x.csv",
        "false, s3:GetObject,"
                + " arn:aws:s3:::amc-insights-lake-111122223333/raw/prices/tenant=a/x.csv",
        "true,  s3:PutObject, arn:aws:s3:::amc-insights-results-111122223333/queries/1.csv",
        "true,  athena:StartQueryExecution,"
                + " arn:aws:athena:eu-west-1:111122223333:workgroup/amc-insights-analysts",
        "false, athena:StartQueryExecution,"
                + " arn:aws:athena:eu-west-1:111122223333:workgroup/primary",
        "true,  glue:GetTable, arn:aws:glue:eu-west-1:111122223333:table/amc_insights/reach",
        "false, glue:GetTable, arn:aws:glue:eu-west-1:111122223333:table/payroll/salaries",
        "true,  states:DescribeExecution,"
                + " arn:aws:states:eu-west-1:111122223333:execution:amc-insights-workflow-run:1",
        "false, states:DescribeExecution,"
            + " arn:aws:states:eu-west-1:111122223333:execution:amc-insights-workflow-runs-of-others:1",
        "false, states:RedriveExecution,"
                + " arn:aws:states:eu-west-1:111122223333:execution:amc-insights-workflow-run:1",
        "false, states:StopExecution,"
                + " arn:aws:states:eu-west-1:111122223333:execution:amc-insights-workflow-run:1"
    })
    void anAnalystMay(boolean may, String action, String resource) {
        assertThat(allows(List.of(ANALYST), action, resource)).isEqualTo(may);
    }

    /** IAM takes no longer ones. */
    @Test
    void policiesOfPeopleAreShortEnough() {
        assertThat(List.of(document(ANALYST).toString(), document(ADMIN).toString()))
                .allSatisfy(text -> assertThat(text).hasSizeLessThan(6144));
    }

    /** The functions and aliases behind the requests that the desktop makes. */
    private static Set<String> aliasesOfTheDesktop() {
        Set<String> aliases = new TreeSet<>();
        for (JavaClass each : desktop) {
            for (JavaConstructorCall call : each.getConstructorCallsFromSelf()) {
                JavaClass request = call.getTargetOwner();
                if (request.isAssignableTo(Request.class)) {
                    boolean writes =
                            request.isAssignableTo(Request.Writing.class)
                                    || request.tryGetMethod("writes").isPresent();
                    aliases.add(function(request) + (writes ? ":write" : ":read"));
                }
            }
        }
        return aliases;
    }

    private static String function(JavaClass request) {
        if (request.isAssignableTo(TenantRequest.class)) {
            return BackendFunction.TENANTS.word();
        }
        return request.isAssignableTo(WorkflowRequest.class)
                ? BackendFunction.WORKFLOWS.word()
                : BackendFunction.LAKE.word();
    }

    /** The aliases of all functions that may be called. */
    private static Set<String> aliases(List<String> policies) {
        return stack.resources("AWS::Lambda::Alias").stream()
                .map(Resource::physicalId)
                .filter(arn -> allows(policies, "lambda:InvokeFunction", arn))
                .map(arn -> arn.replaceFirst(".*:function:amc-insights-", ""))
                .collect(toCollection(TreeSet::new));
    }

    private static boolean allows(List<String> policies, String action, String resource) {
        return policies.stream()
                .flatMap(policy -> list(document(policy).path("Statement")))
                .filter(s -> list(s.path("Action")).anyMatch(a -> a.asText().equals(action)))
                .flatMap(s -> list(s.path("Resource")))
                .map(r -> Pattern.quote(r.asText()).replace("*", "\\E.*\\Q"))
                .anyMatch(resource::matches);
    }

    private static JsonNode document(String policy) {
        return document(stack, policy);
    }

    private static JsonNode document(Stack of, String policy) {
        return of.resources("AWS::IAM::ManagedPolicy").stream()
                .filter(r -> r.logicalId().equals(policy))
                .findFirst()
                .orElseThrow()
                .properties()
                .path("PolicyDocument");
    }

    private static Set<String> allowed(List<String> policies) {
        return actions(policies.stream().map(PermissionsTest::document).toList());
    }

    private static void compare(
            Set<String> allowed, Map<String, String> needed, Map<String, String> besides) {
        assertThat(besides.keySet())
                .as("exceptions, which are none where it is called")
                .doesNotContainAnyElementsOf(needed.keySet());
        Map<String, String> all = new TreeMap<>(needed);
        all.putAll(besides);
        Set<String> missing = new TreeSet<>(all.keySet());
        missing.removeAll(allowed);
        assertThat(missing)
                .as("called, but not allowed by cloudformation/template.yaml: %s", all)
                .isEmpty();
        Set<String> unused = new TreeSet<>(allowed);
        unused.removeAll(all.keySet());
        assertThat(unused).as("allowed, but never called").isEmpty();
    }

    /** Actions, each with the call that needs it. */
    private static Map<String, String> needed(Reach reach) {
        Map<String, String> needed = new TreeMap<>();
        for (Reach.Call call : reach.calls()) {
            String operation =
                    Character.toUpperCase(call.method().charAt(0))
                            + call.method().substring(1).replaceFirst("(Paginator|AsBytes)$", "");
            String action = PREFIXES.getOrDefault(call.service(), call.service()) + ":" + operation;
            if (BY_TOKEN.contains(call.service())) {
                continue;
            }
            OTHERWISE
                    .getOrDefault(action, Set.of(action))
                    .forEach(a -> needed.put(a, call.service() + "." + call.method()));
        }
        return needed;
    }

    private static Set<String> actions(List<JsonNode> policies) {
        return policies.stream()
                .flatMap(p -> list(p.path("Statement")))
                .filter(s -> s.path("Effect").asText().equals("Allow"))
                .flatMap(s -> list(s.path("Action")))
                .map(JsonNode::asText)
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<JsonNode> list(JsonNode oneOrMore) {
        return oneOrMore.isArray() ? oneOrMore.valueStream() : Stream.of(oneOrMore);
    }

    private static Resource only(String type, String physicalId) {
        return governed.resources(type).stream()
                .filter(r -> r.physicalId().equals(physicalId))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " " + physicalId));
    }
}
