package io.amcinsights.desktop.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * CloudFormation as its user guide describes it, as far as stacks, change sets, events, the way
 * back and drift go. Nothing happens by itself: each look at the events takes an operation some
 * steps further, so that a test decides what is seen.
 */
public final class EmulatedStacks {

    /** CloudFormation's answer to what it does not like. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        final String code;

        Refused(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    /** The buckets of the account. */
    interface Buckets {

        void made(String name);

        /** Removes one; false where it holds something. */
        boolean removed(String name);
    }

    private static final int EVENTS_PER_PAGE = 25;
    private static final int CHANGES_PER_PAGE = 40;
    private static final int AT_ONCE = 3;

    /** Properties that make a new resource where they change. */
    private static final Map<String, Set<String>> CREATE_ONLY =
            Map.ofEntries(
                    Map.entry("AWS::Lambda::Function", Set.of("FunctionName", "PackageType")),
                    Map.entry("AWS::Lambda::Version", Set.of("FunctionName", "Description")),
                    Map.entry("AWS::Lambda::Alias", Set.of("FunctionName", "Name")),
                    Map.entry("AWS::SQS::Queue", Set.of("QueueName", "FifoQueue")),
                    Map.entry("AWS::S3::Bucket", Set.of("BucketName")),
                    Map.entry("AWS::Logs::LogGroup", Set.of("LogGroupName")),
                    Map.entry("AWS::Athena::WorkGroup", Set.of("Name")),
                    Map.entry("AWS::SecretsManager::Secret", Set.of("Name")),
                    Map.entry("AWS::SNS::Topic", Set.of("TopicName", "FifoTopic")),
                    Map.entry(
                            "AWS::IAM::ManagedPolicy",
                            Set.of("ManagedPolicyName", "Path", "Description")),
                    Map.entry("AWS::IAM::Role", Set.of("RoleName", "Path")),
                    Map.entry(
                            "AWS::StepFunctions::StateMachine",
                            Set.of("StateMachineName", "StateMachineType")));

    private final String account;
    private final String region;
    private final Function<String, String> templates;
    private final Buckets buckets;
    private final Map<String, Stack> stacks = new LinkedHashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private int stepsPerLook = 6;
    private @Nullable String heldAt;
    private Duration pace = Duration.ZERO;
    private Instant clock = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    /**
     * @param templates the text behind a URL
     * @param buckets told of those that stacks have
     */
    EmulatedStacks(
            String account, String region, Function<String, String> templates, Buckets buckets) {
        this.buckets = buckets;
        this.account = account;
        this.region = region;
        this.templates = templates;
    }

    private static final class Resource {

        final String logicalId;
        final String type;
        final boolean kept;
        final boolean keptIfFailed;
        String physicalId;
        String status = "CREATE_IN_PROGRESS";
        ObjectNode properties;
        @Nullable String drift;

        Resource(String logicalId, ObjectNode declared, String physicalId) {
            this.logicalId = logicalId;
            this.physicalId = physicalId;
            type = declared.path("Type").asText();
            kept = declared.path("DeletionPolicy").asText().startsWith("Retain");
            keptIfFailed = declared.path("DeletionPolicy").asText().equals("Retain");
            properties = (ObjectNode) declared.path("Properties").deepCopy();
        }
    }

    private record Change(
            String action,
            String logicalId,
            String type,
            String physicalId,
            String replacement,
            String policy,
            Set<String> properties) {}

    private static final class ChangeSet {

        final String id;
        final boolean creates;
        final String template;
        final Map<String, String> parameters;
        final Map<String, String> tags;
        final List<Change> changes;
        String status = "CREATE_IN_PROGRESS";
        String outcome;
        String reason = "";

        ChangeSet(
                String id,
                boolean creates,
                String template,
                Map<String, String> parameters,
                Map<String, String> tags,
                List<Change> changes) {
            this.id = id;
            this.creates = creates;
            this.template = template;
            this.parameters = parameters;
            this.tags = tags;
            this.changes = changes;
            outcome = changes.isEmpty() ? "FAILED" : "CREATE_COMPLETE";
        }
    }

    private record Event(
            String id,
            Instant at,
            String logicalId,
            String type,
            String physicalId,
            String status,
            String reason,
            @Nullable String token) {}

    private static final class Stack {

        final String name;
        final String id;
        final Instant created;
        final Map<String, ChangeSet> changeSets = new LinkedHashMap<>();
        final Map<String, Resource> resources = new LinkedHashMap<>();
        final Deque<Event> events = new ArrayDeque<>();
        final Deque<Runnable> steps = new ArrayDeque<>();
        String status = "REVIEW_IN_PROGRESS";
        String reason = "User Initiated";
        String template = "";
        Map<String, String> parameters = Map.of();
        Map<String, String> tags = Map.of();
        Map<String, String> outputs = Map.of();
        @Nullable String changeSet;
        @Nullable String token;
        @Nullable Instant updated;
        boolean isProtected;

        /** How to undo what an update has done. */
        final Deque<Runnable> undo = new ArrayDeque<>();

        Stack(String name, String id, Instant created) {
            this.name = name;
            this.id = id;
            this.created = created;
        }
    }

    // What tests decide.

    /**
     * Lets something fail.
     *
     * @param what a verb and a logical id, such as {@code CREATE Dashboard}; verbs are CREATE,
     *     UPDATE, DELETE and ROLLBACK
     */
    public synchronized void fail(String what, String reason) {
        failures.put(what, reason);
    }

    public synchronized void succeed(String what) {
        failures.remove(what);
    }

    /** A name that something else of the account has. */
    public synchronized void taken(String logicalId) {
        taken.add(logicalId);
    }

    /** Stops before a resource, until {@link #go}. */
    public synchronized void holdAt(String logicalId) {
        heldAt = logicalId;
    }

    public synchronized void go() {
        heldAt = null;
    }

    /** How long each step takes, on the emulator's own clock. */
    public synchronized void pace(Duration each) {
        pace = each;
    }

    public synchronized void stepsPerLook(int steps) {
        stepsPerLook = steps;
    }

    synchronized Instant now() {
        return clock;
    }

    /** Changes something by hand, behind CloudFormation's back. */
    public synchronized void drift(String stack, String logicalId, String property) {
        Objects.requireNonNull(find(stack).resources.get(logicalId)).drift = property;
    }

    /** Somebody else begins something. */
    public synchronized void updateByOthers(String stack) {
        Stack is = find(stack);
        begin(is, "UPDATE_IN_PROGRESS", "Console-" + UUID.randomUUID());
        is.steps.add(() -> status(is, "UPDATE_COMPLETE", ""));
    }

    public synchronized List<String> names() {
        return stacks.values().stream()
                .filter(stack -> !stack.status.equals("DELETE_COMPLETE"))
                .map(stack -> "%s %s".formatted(stack.name, stack.status))
                .toList();
    }

    public synchronized String physicalId(String stack, String logicalId) {
        return Objects.requireNonNull(find(stack).resources.get(logicalId)).physicalId;
    }

    public synchronized boolean isProtected(String stack) {
        return find(stack).isProtected;
    }

    synchronized int changeSets(String stack) {
        return find(stack).changeSets.size();
    }

    // The protocol.

    synchronized String answer(Map<String, String> request) {
        String action = request.getOrDefault("Action", "");
        String result =
                switch (action) {
                    case "DescribeStacks" -> describeStacks(request);
                    case "GetTemplate" ->
                            "<TemplateBody>%s</TemplateBody>"
                                    .formatted(xml(of(request, "StackName").template));
                    case "ListStackResources" -> listResources(of(request, "StackName"));
                    case "CreateChangeSet" -> createChangeSet(request);
                    case "DescribeChangeSet" -> describeChangeSet(request);
                    case "DeleteChangeSet" -> deleteChangeSet(request);
                    case "ExecuteChangeSet" -> execute(request);
                    case "DescribeStackEvents" -> events(request);
                    case "DescribeEvents" -> validation();
                    case "DeleteStack" -> delete(request);
                    case "ContinueUpdateRollback" -> goOnBack(request);
                    case "RollbackStack" -> rollBack(request);
                    case "CancelUpdateStack" -> cancelUpdate(request);
                    case "UpdateTerminationProtection" -> {
                        Stack stack = of(request, "StackName");
                        stack.isProtected =
                                request.getOrDefault("EnableTerminationProtection", "")
                                        .equals("true");
                        yield "<StackId>%s</StackId>".formatted(stack.id);
                    }
                    case "DetectStackDrift" ->
                            "<StackDriftDetectionId>%s</StackDriftDetectionId>"
                                    .formatted(of(request, "StackName").id);
                    case "DescribeStackDriftDetectionStatus" ->
                            """
                            <StackId>%1$s</StackId><StackDriftDetectionId>%1$s</StackDriftDetectionId>\
                            <DetectionStatus>DETECTION_COMPLETE</DetectionStatus>\
                            <Timestamp>%2$s</Timestamp>\
                            """
                                    .formatted(request.get("StackDriftDetectionId"), clock);
                    case "DescribeStackResourceDrifts" -> drifts(of(request, "StackName"));
                    default -> throw new Refused("InvalidAction", "No such action: " + action);
                };
        return """
        <%1$sResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">\
        <%1$sResult>%2$s</%1$sResult><ResponseMetadata><RequestId>%3$s</RequestId>\
        </ResponseMetadata></%1$sResponse>\
        """
                .formatted(action, result, UUID.randomUUID());
    }

    private Stack of(Map<String, String> request, String key) {
        return find(request.getOrDefault(key, ""));
    }

    private Stack find(String name) {
        Stack byId = stacks.get(name);
        if (byId != null) {
            return byId;
        }
        return stacks.values().stream()
                .filter(s -> s.name.equals(name) && !s.status.equals("DELETE_COMPLETE"))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refused(
                                        "ValidationError",
                                        "Stack with id %s does not exist".formatted(name)));
    }

    private String describeStacks(Map<String, String> request) {
        List<Stack> all =
                request.containsKey("StackName")
                        ? List.of(of(request, "StackName"))
                        : stacks.values().stream()
                                .filter(s -> !s.status.equals("DELETE_COMPLETE"))
                                .toList();
        return "<Stacks>%s</Stacks>"
                .formatted(all.stream().map(this::described).collect(Collectors.joining()));
    }

    private String described(Stack stack) {
        return """
        <member><StackName>%s</StackName><StackId>%s</StackId><CreationTime>%s</CreationTime>%s\
        <StackStatus>%s</StackStatus><StackStatusReason>%s</StackStatusReason>\
        <EnableTerminationProtection>%s</EnableTerminationProtection>%s\
        <Parameters>%s</Parameters><Outputs>%s</Outputs><Tags>%s</Tags></member>\
        """
                .formatted(
                        stack.name,
                        stack.id,
                        stack.created,
                        stack.updated == null
                                ? ""
                                : "<LastUpdatedTime>%s</LastUpdatedTime>".formatted(stack.updated),
                        stack.status,
                        xml(stack.reason),
                        stack.isProtected,
                        stack.changeSet == null
                                ? ""
                                : "<ChangeSetId>%s</ChangeSetId>".formatted(stack.changeSet),
                        pairs(stack.parameters, "ParameterKey", "ParameterValue"),
                        pairs(stack.outputs, "OutputKey", "OutputValue"),
                        pairs(stack.tags, "Key", "Value"));
    }

    private static String pairs(Map<String, String> map, String key, String value) {
        return map.entrySet().stream()
                .map(
                        e ->
                                "<member><%1$s>%3$s</%1$s><%2$s>%4$s</%2$s></member>"
                                        .formatted(key, value, xml(e.getKey()), xml(e.getValue())))
                .collect(Collectors.joining());
    }

    private String listResources(Stack stack) {
        return stack.resources.values().stream()
                .map(
                        r ->
                                """
                                <member><LogicalResourceId>%s</LogicalResourceId>\
                                <PhysicalResourceId>%s</PhysicalResourceId>\
                                <ResourceType>%s</ResourceType>\
                                <LastUpdatedTimestamp>%s</LastUpdatedTimestamp>\
                                <ResourceStatus>%s</ResourceStatus></member>\
                                """
                                        .formatted(
                                                r.logicalId,
                                                xml(r.physicalId),
                                                r.type,
                                                clock,
                                                r.status))
                .collect(
                        Collectors.joining(
                                "", "<StackResourceSummaries>", "</StackResourceSummaries>"));
    }

    private String createChangeSet(Map<String, String> request) {
        String name = request.getOrDefault("StackName", "");
        boolean creates = "CREATE".equals(request.get("ChangeSetType"));
        String text = templates.apply(request.getOrDefault("TemplateURL", ""));
        JsonNode root = TemplateEvaluation.read(text);
        if (!members(request, "Capabilities.member").containsValue("CAPABILITY_NAMED_IAM")) {
            throw new Refused(
                    "InsufficientCapabilitiesException",
                    "Requires capabilities : [CAPABILITY_NAMED_IAM]");
        }
        Map<String, String> parameters =
                parameters(root, pairsOf(request, "Parameters", "Parameter"));
        Stack stack;
        if (creates) {
            if (stacks.values().stream()
                    .anyMatch(
                            s ->
                                    s.name.equals(name)
                                            && !s.status.equals("DELETE_COMPLETE")
                                            && !s.status.equals("REVIEW_IN_PROGRESS"))) {
                throw new Refused("ValidationError", "Stack [%s] already exists".formatted(name));
            }
            stack =
                    stacks.values().stream()
                            .filter(s -> s.name.equals(name))
                            .filter(s -> s.status.equals("REVIEW_IN_PROGRESS"))
                            .findFirst()
                            .orElseGet(() -> reviewed(name));
        } else {
            stack = find(name);
            if (!stack.status.matches("(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE|UPDATE_FAILED")) {
                throw new Refused(
                        "ValidationError",
                        "Stack:%s is in %s state and can not be updated."
                                .formatted(stack.id, stack.status));
            }
        }
        ChangeSet changeSet =
                new ChangeSet(
                        "arn:aws:cloudformation:%s:%s:changeSet/%s/%s"
                                .formatted(
                                        region,
                                        account,
                                        request.get("ChangeSetName"),
                                        UUID.randomUUID()),
                        creates,
                        text,
                        parameters,
                        pairsOf(request, "Tags", ""),
                        changes(stack, root, parameters));
        if (changeSet.changes.isEmpty()) {
            changeSet.reason =
                    "The submitted information didn't contain changes. Submit different"
                            + " information to create a change set.";
        } else if (changeSet.changes.stream()
                .anyMatch(c -> c.action.equals("Add") && taken.contains(c.logicalId))) {
            changeSet.outcome = "FAILED";
            changeSet.reason =
                    "The following hook(s)/validation failed:"
                            + " [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot"
                            + " Early Validation errors, use the DescribeEvents API for detailed"
                            + " failure information.";
        }
        stack.changeSets.put(changeSet.id, changeSet);
        return "<Id>%s</Id><StackId>%s</StackId>".formatted(changeSet.id, stack.id);
    }

    private Stack reviewed(String name) {
        Stack stack =
                new Stack(
                        name,
                        "arn:aws:cloudformation:%s:%s:stack/%s/%s"
                                .formatted(region, account, name, UUID.randomUUID()),
                        clock);
        stacks.put(stack.id, stack);
        status(stack, "REVIEW_IN_PROGRESS", "User Initiated");
        return stack;
    }

    private static Map<String, String> parameters(JsonNode root, Map<String, String> given) {
        Map<String, String> all = new LinkedHashMap<>();
        root.path("Parameters")
                .properties()
                .forEach(
                        each -> {
                            JsonNode is = each.getValue();
                            String value = given.get(each.getKey());
                            if (value == null && !is.has("Default")) {
                                throw new Refused(
                                        "ValidationError",
                                        "Parameters: [%s] must have values"
                                                .formatted(each.getKey()));
                            }
                            String used = value == null ? is.path("Default").asText() : value;
                            boolean allowed =
                                    !is.has("AllowedValues")
                                            || is.path("AllowedValues")
                                                    .valueStream()
                                                    .anyMatch(v -> v.asText().equals(used));
                            boolean matches =
                                    !is.has("AllowedPattern")
                                            || used.matches(is.path("AllowedPattern").asText());
                            if (!allowed || !matches) {
                                throw new Refused(
                                        "ValidationError",
                                        "Parameter '%s' %s"
                                                .formatted(
                                                        each.getKey(),
                                                        is.path("ConstraintDescription")
                                                                .asText("must be allowed")));
                            }
                            all.put(each.getKey(), used);
                        });
        for (String name : given.keySet()) {
            if (!all.containsKey(name)) {
                throw new Refused(
                        "ValidationError",
                        "Parameters: [%s] do not exist in the template".formatted(name));
            }
        }
        return all;
    }

    private Map<String, ObjectNode> wanted(
            Stack stack, JsonNode root, Map<String, String> parameters) {
        return new TemplateEvaluation(
                        root,
                        values(stack, parameters),
                        (id, part) -> "<%s.%s>".formatted(id, part))
                .resources();
    }

    private Map<String, String> values(Stack stack, Map<String, String> parameters) {
        Map<String, String> values = new HashMap<>(parameters);
        values.put("AWS::StackName", stack.name);
        values.put("AWS::StackId", stack.id);
        values.put("AWS::Region", region);
        values.put("AWS::AccountId", account);
        values.put("AWS::Partition", "aws");
        values.put("AWS::URLSuffix", "amazonaws.com");
        return values;
    }

    private List<Change> changes(Stack stack, JsonNode root, Map<String, String> parameters) {
        Map<String, ObjectNode> wanted = wanted(stack, root, parameters);
        Map<String, Change> changes = new LinkedHashMap<>();
        wanted.forEach(
                (id, declared) -> {
                    Resource is = stack.resources.get(id);
                    if (is == null) {
                        changes.put(
                                id,
                                new Change(
                                        "Add",
                                        id,
                                        declared.path("Type").asText(),
                                        "",
                                        "",
                                        "",
                                        Set.of()));
                    } else {
                        Set<String> differ = differ(is.properties, declared.path("Properties"));
                        if (!differ.isEmpty()) {
                            changes.put(id, modified(root, is, differ));
                        }
                    }
                });
        // What refers to something that will be another one, changes with it.
        wanted.forEach(
                (id, declared) -> {
                    Set<String> touched = new TreeSet<>();
                    declared.path("Properties")
                            .properties()
                            .forEach(
                                    p ->
                                            changes.values().stream()
                                                    .filter(c -> c.replacement.equals("True"))
                                                    .filter(
                                                            c ->
                                                                    p.getValue()
                                                                            .toString()
                                                                            .contains(
                                                                                    "<"
                                                                                            + c.logicalId
                                                                                            + "."))
                                                    .forEach(c -> touched.add(p.getKey())));
                    Resource is = stack.resources.get(id);
                    if (is != null && !touched.isEmpty() && !changes.containsKey(id)) {
                        changes.put(id, modified(root, is, touched));
                    }
                });
        stack.resources.forEach(
                (id, is) -> {
                    if (!wanted.containsKey(id)) {
                        changes.put(
                                id,
                                new Change(
                                        "Remove",
                                        id,
                                        is.type,
                                        is.physicalId,
                                        "",
                                        is.kept ? "Retain" : "Delete",
                                        Set.of()));
                    }
                });
        return List.copyOf(changes.values());
    }

    private static Change modified(JsonNode root, Resource is, Set<String> differ) {
        boolean replaced =
                CREATE_ONLY.getOrDefault(is.type, Set.of()).stream().anyMatch(differ::contains);
        boolean kept =
                root.path("Resources")
                        .path(is.logicalId)
                        .path("UpdateReplacePolicy")
                        .asText()
                        .equals("Retain");
        return new Change(
                "Modify",
                is.logicalId,
                is.type,
                is.physicalId,
                replaced ? "True" : "False",
                replaced ? (kept ? "ReplaceAndRetain" : "ReplaceAndDelete") : "",
                differ);
    }

    private static Set<String> differ(JsonNode one, JsonNode other) {
        Set<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> one.path(name).equals(other.path(name)));
        return names;
    }

    private ChangeSet changeSet(Map<String, String> request) {
        String id = request.getOrDefault("ChangeSetName", "");
        return stacks.values().stream()
                .flatMap(stack -> stack.changeSets.values().stream())
                .filter(set -> set.id.equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refused(
                                        "ChangeSetNotFound",
                                        "ChangeSet [%s] does not exist".formatted(id)));
    }

    private Stack stackOf(ChangeSet changeSet) {
        return stacks.values().stream()
                .filter(stack -> stack.changeSets.containsValue(changeSet))
                .findFirst()
                .orElseThrow();
    }

    private String describeChangeSet(Map<String, String> request) {
        ChangeSet set = changeSet(request);
        Stack stack = stackOf(set);
        String status = set.status;
        // The first look finds it at work.
        set.status = set.outcome;
        int from = Integer.parseInt(request.getOrDefault("NextToken", "0"));
        int to = Math.min(set.changes.size(), from + CHANGES_PER_PAGE);
        String changes =
                status.equals("CREATE_COMPLETE")
                        ? set.changes.subList(from, to).stream()
                                .map(EmulatedStacks::described)
                                .collect(Collectors.joining())
                        : "";
        return """
        <ChangeSetId>%s</ChangeSetId><StackId>%s</StackId><StackName>%s</StackName>\
        <Status>%s</Status><StatusReason>%s</StatusReason><Changes>%s</Changes>%s\
        """
                .formatted(
                        set.id,
                        stack.id,
                        stack.name,
                        status,
                        xml(set.reason),
                        changes,
                        status.equals("CREATE_COMPLETE") && to < set.changes.size()
                                ? "<NextToken>%d</NextToken>".formatted(to)
                                : "");
    }

    private static String described(Change change) {
        return """
        <member><Type>Resource</Type><ResourceChange><Action>%s</Action>\
        <LogicalResourceId>%s</LogicalResourceId>%s<ResourceType>%s</ResourceType>%s%s\
        <Details>%s</Details></ResourceChange></member>\
        """
                .formatted(
                        change.action,
                        change.logicalId,
                        tag("PhysicalResourceId", change.physicalId),
                        change.type,
                        tag("Replacement", change.replacement),
                        tag("PolicyAction", change.policy),
                        change.properties.stream()
                                .map(
                                        p ->
                                                "<member><Target><Attribute>Properties</Attribute>"
                                                        + "<Name>%s</Name></Target></member>"
                                                                .formatted(p))
                                .collect(Collectors.joining()));
    }

    private String validation() {
        return taken.stream()
                .map(
                        id ->
                                """
                                <member><EventId>%s</EventId><EventType>VALIDATION_ERROR</EventType>\
                                <LogicalResourceId>%s</LogicalResourceId>\
                                <ValidationName>NAME_CONFLICT_VALIDATION</ValidationName>\
                                <ValidationStatus>FAILED</ValidationStatus>\
                                <ValidationStatusReason>Resource of type with identifier already \
                                exists.</ValidationStatusReason></member>\
                                """
                                        .formatted(UUID.randomUUID(), id))
                .collect(Collectors.joining("", "<OperationEvents>", "</OperationEvents>"));
    }

    private String deleteChangeSet(Map<String, String> request) {
        ChangeSet set = changeSet(request);
        stackOf(set).changeSets.remove(set.id);
        return "";
    }

    // Operations.

    private void begin(Stack stack, String status, @Nullable String token) {
        stack.token = token;
        stack.steps.clear();
        status(stack, status, "User Initiated");
    }

    private String execute(Map<String, String> request) {
        ChangeSet set = changeSet(request);
        if (!set.status.equals("CREATE_COMPLETE")) {
            throw new Refused("InvalidChangeSetStatus", "ChangeSet is " + set.status);
        }
        Stack stack = stackOf(set);
        Map<String, String> parametersBefore = stack.parameters;
        String templateBefore = stack.template;
        stack.parameters = set.parameters;
        stack.template = set.template;
        stack.tags = set.tags;
        stack.changeSet = set.id;
        stack.undo.clear();
        begin(
                stack,
                set.creates ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
                request.get("ClientRequestToken"));
        JsonNode root = TemplateEvaluation.read(set.template);
        Map<String, ObjectNode> wanted = wanted(stack, root, set.parameters);
        List<Runnable> cleanup = new ArrayList<>();
        if (!set.creates) {
            stack.updated = clock;
            stack.undo.addLast(
                    () -> {
                        stack.parameters = parametersBefore;
                        stack.template = templateBefore;
                    });
        }
        List<Change> work = set.changes.stream().filter(c -> !c.action.equals("Remove")).toList();
        for (int i = 0; i < work.size(); i += AT_ONCE) {
            batch(stack, set, work.subList(i, Math.min(work.size(), i + AT_ONCE)), wanted, cleanup);
        }
        stack.steps.add(
                () -> {
                    stack.outputs =
                            new TemplateEvaluation(
                                            root,
                                            values(stack, set.parameters),
                                            (id, part) -> physical(stack, id, part))
                                    .outputs();
                    if (set.creates) {
                        status(stack, "CREATE_COMPLETE", "");
                        return;
                    }
                    status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "");
                    stack.steps.addAll(cleanup);
                    set.changes.stream()
                            .filter(c -> c.action.equals("Remove"))
                            .forEach(c -> deletion(stack, c.logicalId, false));
                    stack.steps.add(() -> status(stack, "UPDATE_COMPLETE", ""));
                });
        return "";
    }

    /** Some resources that are made at the same time: where one fails, the others are cancelled. */
    private void batch(
            Stack stack,
            ChangeSet set,
            List<Change> changes,
            Map<String, ObjectNode> wanted,
            List<Runnable> cleanup) {
        for (Change change : changes) {
            stack.steps.add(
                    held(
                            change.logicalId,
                            () -> {
                                boolean adds = change.action.equals("Add");
                                if (adds) {
                                    stack.resources.put(
                                            change.logicalId,
                                            made(stack, change.logicalId, wanted));
                                    stack.undo.addFirst(
                                            () -> deletion(stack, change.logicalId, true));
                                }
                                Resource is =
                                        Objects.requireNonNull(
                                                stack.resources.get(change.logicalId));
                                event(
                                        stack,
                                        is,
                                        adds ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
                                        change.replacement.equals("True")
                                                ? "Requested update requires the creation of a new"
                                                        + " physical resource; hence creating one."
                                                : "");
                            }));
        }
        stack.steps.add(
                () -> {
                    Set<String> failed = new LinkedHashSet<>();
                    for (Change change : changes) {
                        String why = failures.get(verb(change) + " " + change.logicalId);
                        if (why != null) {
                            failed.add(change.logicalId);
                            event(stack, resource(stack, change), verb(change) + "_FAILED", why);
                        }
                    }
                    for (Change change : changes) {
                        if (failed.isEmpty()) {
                            finish(
                                    stack,
                                    resource(stack, change),
                                    change,
                                    verb(change),
                                    wanted,
                                    cleanup);
                        } else if (failed.add(change.logicalId)) {
                            event(
                                    stack,
                                    resource(stack, change),
                                    verb(change) + "_FAILED",
                                    change.action.equals("Add")
                                            ? "Resource creation cancelled"
                                            : "Resource update cancelled");
                        }
                    }
                    if (!failed.isEmpty()) {
                        back(stack, set, failed);
                    }
                });
    }

    private static String verb(Change change) {
        return change.action.equals("Add") ? "CREATE" : "UPDATE";
    }

    private static Resource resource(Stack stack, Change change) {
        return Objects.requireNonNull(stack.resources.get(change.logicalId));
    }

    private void finish(
            Stack stack,
            Resource is,
            Change change,
            String verb,
            Map<String, ObjectNode> wanted,
            List<Runnable> cleanup) {
        if (verb.equals("UPDATE")) {
            ObjectNode before = is.properties;
            String old = is.physicalId;
            is.properties =
                    (ObjectNode)
                            Objects.requireNonNull(wanted.get(change.logicalId))
                                    .path("Properties")
                                    .deepCopy();
            if (change.replacement.equals("True")) {
                is.physicalId = made(stack, change.logicalId, wanted).physicalId;
                cleanup.add(
                        () ->
                                add(
                                        stack,
                                        change.logicalId,
                                        change.type,
                                        old,
                                        change.policy.equals("ReplaceAndRetain")
                                                ? "DELETE_SKIPPED"
                                                : "DELETE_COMPLETE",
                                        ""));
            }
            stack.undo.addFirst(
                    () ->
                            stack.steps.add(
                                    () -> {
                                        String why = failures.get("ROLLBACK " + change.logicalId);
                                        if (why != null) {
                                            event(stack, is, "UPDATE_FAILED", why);
                                            stack.steps.clear();
                                            status(
                                                    stack,
                                                    "UPDATE_ROLLBACK_FAILED",
                                                    "The following resource(s) failed to update: [%s]. "
                                                            .formatted(change.logicalId));
                                            return;
                                        }
                                        is.properties = before;
                                        is.physicalId = old;
                                        event(stack, is, "UPDATE_COMPLETE", "");
                                    }));
        }
        if (verb.equals("CREATE") && is.type.equals("AWS::S3::Bucket")) {
            buckets.made(is.physicalId);
        }
        event(stack, is, verb + "_COMPLETE", "");
    }

    private void back(Stack stack, ChangeSet set, Set<String> failed) {
        stack.steps.clear();
        if (set.creates) {
            status(
                    stack,
                    "ROLLBACK_IN_PROGRESS",
                    "The following resource(s) failed to create: [%s]. Rollback requested by user."
                            .formatted(String.join(", ", failed)));
            for (String id : List.copyOf(stack.resources.keySet()).reversed()) {
                deletion(stack, id, true);
            }
            stack.steps.add(
                    () ->
                            status(
                                    stack,
                                    stack.resources.values().stream()
                                                    .anyMatch(r -> r.status.equals("DELETE_FAILED"))
                                            ? "ROLLBACK_FAILED"
                                            : "ROLLBACK_COMPLETE",
                                    ""));
            return;
        }
        status(
                stack,
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "The following resource(s) failed to update: [%s]. "
                        .formatted(String.join(", ", failed)));
        wayBack(stack);
    }

    private void wayBack(Stack stack) {
        List.copyOf(stack.undo).forEach(Runnable::run);
        stack.steps.add(
                () -> {
                    status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "");
                    stack.steps.add(() -> status(stack, "UPDATE_ROLLBACK_COMPLETE", ""));
                });
    }

    private String goOnBack(Map<String, String> request) {
        Stack stack = of(request, "StackName");
        if (!stack.status.equals("UPDATE_ROLLBACK_FAILED")) {
            throw new Refused("ValidationError", "Stack is in state " + stack.status);
        }
        members(request, "ResourcesToSkip.member")
                .values()
                .forEach(id -> succeed("ROLLBACK " + id));
        begin(stack, "UPDATE_ROLLBACK_IN_PROGRESS", request.get("ClientRequestToken"));
        wayBack(stack);
        return "";
    }

    private String rollBack(Map<String, String> request) {
        Stack stack = of(request, "StackName");
        begin(stack, "UPDATE_ROLLBACK_IN_PROGRESS", request.get("ClientRequestToken"));
        wayBack(stack);
        return "<StackId>%s</StackId>".formatted(stack.id);
    }

    private String cancelUpdate(Map<String, String> request) {
        Stack stack = of(request, "StackName");
        if (!stack.status.equals("UPDATE_IN_PROGRESS")) {
            throw new Refused(
                    "ValidationError", "CancelUpdateStack cannot be called from current status");
        }
        stack.steps.clear();
        status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "Stack update cancelled");
        wayBack(stack);
        return "";
    }

    private String delete(Map<String, String> request) {
        Stack stack;
        try {
            stack = of(request, "StackName");
        } catch (Refused e) {
            return "";
        }
        if (stack.isProtected) {
            throw new Refused(
                    "ValidationError",
                    "Stack [%s] cannot be deleted while TerminationProtection is enabled"
                            .formatted(stack.name));
        }
        Set<String> retained = new HashSet<>(members(request, "RetainResources.member").values());
        if (!retained.isEmpty() && !stack.status.equals("DELETE_FAILED")) {
            throw new Refused(
                    "ValidationError",
                    "Invalid operation on stack. Specify the resources to retain only when the"
                            + " stack is in the DELETE_FAILED state");
        }
        if (stack.status.equals("REVIEW_IN_PROGRESS")) {
            stack.status = "DELETE_COMPLETE";
            return "";
        }
        begin(stack, "DELETE_IN_PROGRESS", request.get("ClientRequestToken"));
        for (String id : List.copyOf(stack.resources.keySet()).reversed()) {
            Resource is = Objects.requireNonNull(stack.resources.get(id));
            if (is.kept || retained.contains(id)) {
                stack.steps.add(
                        () -> {
                            stack.resources.remove(id);
                            event(stack, is, "DELETE_SKIPPED", "");
                        });
            } else {
                deletion(stack, id, false);
            }
        }
        stack.steps.add(
                () -> {
                    List<String> left =
                            stack.resources.values().stream().map(r -> r.logicalId).toList();
                    status(
                            stack,
                            left.isEmpty() ? "DELETE_COMPLETE" : "DELETE_FAILED",
                            left.isEmpty()
                                    ? ""
                                    : "The following resource(s) failed to delete: [%s]. "
                                            .formatted(String.join(", ", left)));
                });
        return "";
    }

    private void deletion(Stack stack, String id, boolean rollback) {
        stack.steps.add(
                held(
                        id,
                        () -> {
                            Resource is = stack.resources.get(id);
                            if (is == null) {
                                return;
                            }
                            if (rollback ? is.keptIfFailed : is.kept) {
                                stack.resources.remove(id);
                                event(stack, is, "DELETE_SKIPPED", "");
                                return;
                            }
                            event(stack, is, "DELETE_IN_PROGRESS", "");
                            String why = failures.get("DELETE " + id);
                            if (why == null
                                    && is.type.equals("AWS::S3::Bucket")
                                    && !buckets.removed(is.physicalId)) {
                                why = "The bucket you tried to delete is not empty";
                            }
                            if (why != null) {
                                event(stack, is, "DELETE_FAILED", why);
                            } else {
                                stack.resources.remove(id);
                                event(stack, is, "DELETE_COMPLETE", "");
                            }
                        }));
    }

    private Runnable held(String id, Runnable step) {
        return new Runnable() {
            @Override
            public void run() {
                step.run();
            }

            @Override
            public String toString() {
                return id;
            }
        };
    }

    private Resource made(Stack stack, String id, Map<String, ObjectNode> wanted) {
        ObjectNode declared = Objects.requireNonNull(wanted.get(id));
        return new Resource(id, declared, physicalId(stack, id, declared));
    }

    private String physicalId(Stack stack, String id, ObjectNode declared) {
        String type = declared.path("Type").asText();
        JsonNode properties = declared.path("Properties");
        String random = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        String named =
                properties.properties().stream()
                        .filter(p -> p.getKey().endsWith("Name") && !p.getKey().equals("AlarmName"))
                        .map(p -> p.getValue().asText())
                        .filter(value -> !value.startsWith("<"))
                        .findFirst()
                        .orElse("%s-%s-%s".formatted(stack.name, id, random));
        return switch (type) {
            case "AWS::StepFunctions::StateMachine" ->
                    "arn:aws:states:%s:%s:stateMachine:%s".formatted(region, account, named);
            case "AWS::S3::Bucket" -> named.toLowerCase(java.util.Locale.ROOT);
            case "AWS::SecretsManager::Secret" ->
                    "arn:aws:secretsmanager:%s:%s:secret:%s-Ab12Cd"
                            .formatted(region, account, named);
            case "AWS::Lambda::Version" ->
                    "arn:aws:lambda:%s:%s:function:%s:%s".formatted(region, account, id, random);
            default -> named;
        };
    }

    private String physical(Stack stack, String id, @Nullable String part) {
        Resource is = stack.resources.get(id);
        if (is == null) {
            throw new IllegalStateException(
                    "The template refers to " + id + ", which is not there");
        }
        return part == null ? is.physicalId : is.physicalId + "." + part;
    }

    private void status(Stack stack, String status, String reason) {
        stack.status = status;
        stack.reason = reason;
        add(stack, stack.name, "AWS::CloudFormation::Stack", stack.id, status, reason);
    }

    private void event(Stack stack, Resource resource, String status, String reason) {
        resource.status = status;
        add(stack, resource.logicalId, resource.type, resource.physicalId, status, reason);
    }

    private void add(
            Stack stack, String id, String type, String physicalId, String status, String reason) {
        clock = clock.plus(pace).plusMillis(1);
        stack.events.addFirst(
                new Event(
                        UUID.randomUUID().toString(),
                        clock,
                        id,
                        type,
                        physicalId,
                        status,
                        reason,
                        stack.token));
    }

    private String events(Map<String, String> request) {
        Stack stack = of(request, "StackName");
        if (!request.containsKey("NextToken")) {
            for (int i = 0; i < stepsPerLook && !stack.steps.isEmpty(); i++) {
                if (stack.steps.getFirst().toString().equals(heldAt)) {
                    break;
                }
                stack.steps.removeFirst().run();
            }
        }
        List<Event> all = List.copyOf(stack.events);
        int from = Integer.parseInt(request.getOrDefault("NextToken", "0"));
        int to = Math.min(all.size(), from + EVENTS_PER_PAGE);
        String events =
                all.subList(from, to).stream()
                        .map(e -> described(stack, e))
                        .collect(Collectors.joining());
        return "<StackEvents>%s</StackEvents>%s"
                .formatted(
                        events, to < all.size() ? "<NextToken>%d</NextToken>".formatted(to) : "");
    }

    private static String described(Stack stack, Event event) {
        return """
        <member><EventId>%s</EventId><StackId>%s</StackId><StackName>%s</StackName>\
        <Timestamp>%s</Timestamp><LogicalResourceId>%s</LogicalResourceId>\
        <PhysicalResourceId>%s</PhysicalResourceId><ResourceType>%s</ResourceType>\
        <ResourceStatus>%s</ResourceStatus>%s%s</member>\
        """
                .formatted(
                        event.id,
                        stack.id,
                        stack.name,
                        event.at,
                        event.logicalId,
                        xml(event.physicalId),
                        event.type,
                        event.status,
                        tag("ResourceStatusReason", xml(event.reason)),
                        tag("ClientRequestToken", event.token == null ? "" : event.token));
    }

    private String drifts(Stack stack) {
        return stack.resources.values().stream()
                .filter(r -> r.drift != null)
                .map(
                        r ->
                                """
                                <member><StackId>%s</StackId>\
                                <LogicalResourceId>%s</LogicalResourceId>\
                                <PhysicalResourceId>%s</PhysicalResourceId>\
                                <ResourceType>%s</ResourceType>\
                                <StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus>\
                                <PropertyDifferences><member><PropertyPath>%s</PropertyPath>\
                                <ExpectedValue>1</ExpectedValue><ActualValue>2</ActualValue>\
                                <DifferenceType>NOT_EQUAL</DifferenceType></member>\
                                </PropertyDifferences><Timestamp>%s</Timestamp></member>\
                                """
                                        .formatted(
                                                stack.id,
                                                r.logicalId,
                                                xml(r.physicalId),
                                                r.type,
                                                r.drift,
                                                clock))
                .collect(Collectors.joining("", "<StackResourceDrifts>", "</StackResourceDrifts>"));
    }

    private static Map<String, String> members(Map<String, String> request, String prefix) {
        return request.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> pairsOf(
            Map<String, String> request, String list, String prefix) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 1; request.containsKey("%s.member.%d.%sKey".formatted(list, i, prefix)); i++) {
            pairs.put(
                    request.get("%s.member.%d.%sKey".formatted(list, i, prefix)),
                    request.getOrDefault("%s.member.%d.%sValue".formatted(list, i, prefix), ""));
        }
        return pairs;
    }

    private static String tag(String name, String text) {
        return text.isEmpty() ? "" : "<%1$s>%2$s</%1$s>".formatted(name, text);
    }

    static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
