package io.amcinsights.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.states.State.Catcher;
import io.amcinsights.local.states.State.Exit;
import io.amcinsights.local.states.State.Flow;
import io.amcinsights.local.states.State.Handling;
import io.amcinsights.local.states.State.Retrier;
import io.amcinsights.local.states.State.Rule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a definition in the Amazon States Language, JSONata mode, and refuses what would not run:
 * fields of JSONPath mode, resources without an integration, transitions to nowhere.
 */
final class DefinitionReader {

    private static final Set<String> MACHINE_FIELDS =
            Set.of("QueryLanguage", "Comment", "Version", "TimeoutSeconds", "StartAt", "States");
    private static final Set<String> FLOW_FIELDS = Set.of("StartAt", "States", "Comment");
    private static final List<String> DISTRIBUTED_FIELDS =
            List.of(
                    "ItemReader",
                    "ItemBatcher",
                    "ToleratedFailureCount",
                    "ToleratedFailurePercentage",
                    "Label");
    private static final Set<String> READER_FIELDS =
            Set.of(
                    "InputType",
                    "CSVDelimiter",
                    "CSVHeaderLocation",
                    "CSVHeaders",
                    "ItemsPointer",
                    "MaxItems");
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_LABEL = 40;

    /** Fields of JSONPath mode, and what is written instead of them. */
    private static final Map<String, String> JSONPATH_FIELDS =
            Map.ofEntries(
                    Map.entry("InputPath", "Arguments or Output with $states.input"),
                    Map.entry("OutputPath", "Output"),
                    Map.entry("ResultPath", "Output or Assign"),
                    Map.entry("ResultSelector", "Output"),
                    Map.entry("Parameters", "Arguments, in a Map state ItemSelector"),
                    Map.entry("Result", "Output"),
                    Map.entry("ItemsPath", "Items"),
                    Map.entry("Variable", "Condition"),
                    Map.entry("SecondsPath", "Seconds"),
                    Map.entry("TimestampPath", "Timestamp"),
                    Map.entry("TimeoutSecondsPath", "TimeoutSeconds"),
                    Map.entry("HeartbeatSecondsPath", "HeartbeatSeconds"),
                    Map.entry("ErrorPath", "Error"),
                    Map.entry("CausePath", "Cause"),
                    Map.entry("MaxConcurrencyPath", "MaxConcurrency"),
                    Map.entry("ToleratedFailureCountPath", "ToleratedFailureCount"),
                    Map.entry("ToleratedFailurePercentagePath", "ToleratedFailurePercentage"),
                    Map.entry("MaxItemsPath", "MaxItems"),
                    Map.entry("MaxItemsPerBatchPath", "MaxItemsPerBatch"),
                    Map.entry("MaxInputBytesPerBatchPath", "MaxInputBytesPerBatch"));

    /** Comparisons of a choice in JSONPath mode. */
    private static final Pattern COMPARISON =
            Pattern.compile(
                    "And|Or|Not|Is(Null|Present|Numeric|String|Boolean|Timestamp)"
                        + "|(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|Matches)"
                        + "(Equals)?(Path)?");

    private static final Pattern CATCHER = Pattern.compile(".*/Catch/[0-9]+");
    private static final Pattern VARIABLE =
            Pattern.compile(
                    "[\\p{javaUnicodeIdentifierStart}_][\\p{javaUnicodeIdentifierPart}]{0,79}");

    private static final Set<String> MOVING = Set.of("Next", "End", "Output", "Assign");

    private final Set<String> resources;
    private final Set<String> names = new HashSet<>();

    private DefinitionReader(Set<String> resources) {
        this.resources = resources;
    }

    /**
     * @param resources ARNs of the integrations there are
     */
    static Flow read(JsonNode definition, Set<String> resources) throws InvalidDefinition {
        ObjectNode machine = object(definition, "");
        only(machine, MACHINE_FIELDS, "");
        if (!machine.path("QueryLanguage").asText().equals("JSONata")) {
            throw new InvalidDefinition(
                    "/QueryLanguage",
                    "must be JSONata; JSONPath is not run in the local workspace");
        }
        if (!machine.path("Version").asText("1.0").equals("1.0")) {
            throw new InvalidDefinition("/Version", "must be 1.0");
        }
        return new DefinitionReader(resources).flow(machine, "", Set.of());
    }

    /** The machine's time limit in seconds, 0 for none. */
    static long timeoutSeconds(JsonNode definition) throws InvalidDefinition {
        return integer(definition, "TimeoutSeconds", 0, "");
    }

    private Flow flow(ObjectNode flow, String place, Set<String> outerVariables)
            throws InvalidDefinition {
        String startAt = text(flow, "StartAt", place);
        ObjectNode nodes = object(flow.path("States"), place + "/States");
        Set<String> variables = new HashSet<>();
        collectVariables(nodes, variables);
        for (String name : variables) {
            if (name.equals("states") || !VARIABLE.matcher(name).matches()) {
                throw new InvalidDefinition(
                        place,
                        "assigns the variable "
                                + name
                                + "; a name has letters, digits and _, at most 80, and is not"
                                + " states");
            }
            if (outerVariables.contains(name)) {
                throw new InvalidDefinition(
                        place,
                        "assigns the variable " + name + ", which belongs to an outer state");
            }
        }
        Set<String> visible = new HashSet<>(outerVariables);
        visible.addAll(variables);

        Map<String, State> states = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : nodes.properties()) {
            String at = place + "/States/" + entry.getKey();
            if (!names.add(entry.getKey())) {
                throw new InvalidDefinition(at, "another state has this name");
            }
            if (entry.getKey().length() > LONGEST_NAME) {
                throw new InvalidDefinition(at, "a name has at most 80 characters");
            }
            states.put(
                    entry.getKey(),
                    state(entry.getKey(), object(entry.getValue(), at), at, visible));
        }
        checkTransitions(startAt, states, place);
        return new Flow(startAt, states);
    }

    private State state(String name, ObjectNode node, String at, Set<String> variables)
            throws InvalidDefinition {
        String type = text(node, "Type", at);
        return switch (type) {
            case "Task" -> task(name, node, at);
            case "Parallel" -> {
                allow(node, at, MOVING, "Branches", "Arguments", "Retry", "Catch");
                List<Flow> branches = new ArrayList<>();
                for (JsonNode branch : array(required(node, "Branches", at), "Branches", at)) {
                    String place = at + "/Branches/" + branches.size();
                    ObjectNode flow = object(branch, place);
                    only(flow, FLOW_FIELDS, place);
                    branches.add(flow(flow, place, variables));
                }
                yield new State.Parallel(
                        name,
                        branches,
                        template(node, "Arguments", at),
                        handling(node, at),
                        exit(node, at));
            }
            case "Map" -> each(name, node, at, variables);
            case "Pass" -> {
                allow(node, at, MOVING);
                yield new State.Pass(name, exit(node, at));
            }
            case "Choice" -> choice(name, node, at);
            case "Wait" -> {
                allow(node, at, MOVING, "Seconds", "Timestamp");
                if (node.has("Seconds") == node.has("Timestamp")) {
                    throw new InvalidDefinition(at, "needs either Seconds or Timestamp");
                }
                whole(node, "Seconds", 0, at);
                yield new State.Wait(
                        name,
                        template(node, "Seconds", at),
                        template(node, "Timestamp", at),
                        exit(node, at));
            }
            case "Succeed" -> {
                allow(node, at, Set.of("Output"));
                yield new State.Succeed(name, new Exit(template(node, "Output", at), null, null));
            }
            case "Fail" -> {
                allow(node, at, Set.of("Error", "Cause"));
                yield new State.Fail(
                        name, template(node, "Error", at), template(node, "Cause", at));
            }
            default -> throw new InvalidDefinition(at + "/Type", "no such type: " + type);
        };
    }

    private State.Task task(String name, ObjectNode node, String at) throws InvalidDefinition {
        allow(
                node,
                at,
                MOVING,
                "Resource",
                "Arguments",
                "TimeoutSeconds",
                "HeartbeatSeconds",
                "Retry",
                "Catch");
        String resource = text(node, "Resource", at);
        if (!resources.contains(resource)
                || resource.equals(MapItems.GET_OBJECT)
                || resource.equals(MapItems.LIST_OBJECTS)) {
            throw new InvalidDefinition(
                    at + "/Resource", resource + " has no integration in the local workspace");
        }
        whole(node, "TimeoutSeconds", 1, at);
        whole(node, "HeartbeatSeconds", 1, at);
        JsonNode timeout = node.path("TimeoutSeconds");
        JsonNode heartbeat = node.path("HeartbeatSeconds");
        if (timeout.isNumber() && heartbeat.isNumber() && heartbeat.asLong() >= timeout.asLong()) {
            throw new InvalidDefinition(
                    at + "/HeartbeatSeconds", "must be less than TimeoutSeconds");
        }
        return new State.Task(
                name,
                resource,
                template(node, "Arguments", at),
                template(node, "TimeoutSeconds", at),
                template(node, "HeartbeatSeconds", at),
                handling(node, at),
                exit(node, at));
    }

    private State.Each each(String name, ObjectNode node, String at, Set<String> variables)
            throws InvalidDefinition {
        String place = at + "/ItemProcessor";
        ObjectNode processor = object(node.path("ItemProcessor"), place);
        only(processor, union(FLOW_FIELDS, "ProcessorConfig"), place);
        boolean distributed = distributed(processor, place + "/ProcessorConfig");
        Set<String> fields =
                union(
                        MOVING,
                        "Items",
                        "ItemSelector",
                        "MaxConcurrency",
                        "ItemProcessor",
                        "Retry",
                        "Catch");
        if (distributed) {
            allow(node, at, fields, DISTRIBUTED_FIELDS.toArray(String[]::new));
        } else {
            for (String field : DISTRIBUTED_FIELDS) {
                if (node.has(field)) {
                    throw new InvalidDefinition(at + "/" + field, "belongs to DISTRIBUTED mode");
                }
            }
            allow(node, at, fields);
        }
        whole(node, "MaxConcurrency", 0, at);
        return new State.Each(
                name,
                template(node, "Items", at),
                template(node, "ItemSelector", at),
                template(node, "MaxConcurrency", at),
                flow(processor, place, distributed ? Set.of() : variables),
                distributed ? distribution(node, at) : null,
                handling(node, at),
                exit(node, at));
    }

    private static boolean distributed(ObjectNode processor, String at) throws InvalidDefinition {
        if (!processor.has("ProcessorConfig")) {
            return false;
        }
        ObjectNode config = object(processor.path("ProcessorConfig"), at);
        only(config, Set.of("Mode", "ExecutionType"), at);
        String mode = config.path("Mode").asText("INLINE");
        if (mode.equals("DISTRIBUTED")) {
            if (!Set.of("STANDARD", "EXPRESS").contains(config.path("ExecutionType").asText())) {
                throw new InvalidDefinition(
                        at + "/ExecutionType", "must be STANDARD or EXPRESS in DISTRIBUTED mode");
            }
            return true;
        }
        if (!mode.equals("INLINE")) {
            throw new InvalidDefinition(at + "/Mode", "must be INLINE or DISTRIBUTED");
        }
        if (config.has("ExecutionType")) {
            throw new InvalidDefinition(at + "/ExecutionType", "belongs to DISTRIBUTED mode");
        }
        return false;
    }

    private State.Distribution distribution(ObjectNode node, String at) throws InvalidDefinition {
        whole(node, "ToleratedFailureCount", 0, at);
        String label = node.path("Label").asText(null);
        if (label != null && (label.isEmpty() || label.length() > LONGEST_LABEL)) {
            throw new InvalidDefinition(at + "/Label", "must have 1 to 40 characters");
        }
        JsonNode batcher = template(node, "ItemBatcher", at);
        if (batcher != null) {
            String place = at + "/ItemBatcher";
            ObjectNode fields = object(batcher, place);
            only(fields, Set.of("MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"), place);
            if (!fields.has("MaxItemsPerBatch") && !fields.has("MaxInputBytesPerBatch")) {
                throw new InvalidDefinition(
                        place, "needs MaxItemsPerBatch or MaxInputBytesPerBatch");
            }
            whole(fields, "MaxItemsPerBatch", 1, place);
            whole(fields, "MaxInputBytesPerBatch", 1, place);
        }
        return new State.Distribution(
                node.has("ItemReader") ? reader(node, at) : null,
                batcher,
                template(node, "ToleratedFailureCount", at),
                template(node, "ToleratedFailurePercentage", at),
                label);
    }

    private State.Reader reader(ObjectNode node, String at) throws InvalidDefinition {
        if (node.has("Items")) {
            throw new InvalidDefinition(at, "has either Items or an ItemReader");
        }
        String place = at + "/ItemReader";
        ObjectNode reader = object(node.path("ItemReader"), place);
        only(reader, Set.of("Resource", "Arguments", "ReaderConfig"), place);
        String resource = text(reader, "Resource", place);
        boolean one = resource.equals(MapItems.GET_OBJECT);
        if (!resources.contains(resource) || !(one || resource.equals(MapItems.LIST_OBJECTS))) {
            throw new InvalidDefinition(
                    place + "/Resource", resource + " has no integration in the local workspace");
        }
        ObjectNode config =
                reader.has("ReaderConfig")
                        ? object(reader.path("ReaderConfig"), place + "/ReaderConfig")
                        : Event.object();
        place += "/ReaderConfig";
        only(config, one ? READER_FIELDS : Set.of("MaxItems"), place);
        String type = config.path("InputType").asText("none");
        if (one && !Set.of("JSON", "JSONL", "CSV").contains(type)) {
            throw new InvalidDefinition(
                    place + "/InputType",
                    type + " is not read in the local workspace; JSON, JSONL and CSV are");
        }
        String delimiter = config.path("CSVDelimiter").asText("COMMA");
        if (!MapItems.DELIMITERS.containsKey(delimiter)) {
            throw new InvalidDefinition(
                    place + "/CSVDelimiter", "must be COMMA, PIPE, SEMICOLON, SPACE or TAB");
        }
        String location = config.path("CSVHeaderLocation").asText("none");
        if (type.equals("CSV") && !Set.of("FIRST_ROW", "GIVEN").contains(location)) {
            throw new InvalidDefinition(place + "/CSVHeaderLocation", "must be FIRST_ROW or GIVEN");
        }
        if (location.equals("GIVEN") == config.path("CSVHeaders").isEmpty()) {
            throw new InvalidDefinition(
                    place + "/CSVHeaders", "are given with CSVHeaderLocation GIVEN, and only then");
        }
        JsonNode arguments = template(reader, "Arguments", at + "/ItemReader");
        Expressions.check(config, place);
        return new State.Reader(resource, arguments == null ? Event.object() : arguments, config);
    }

    private static State.Choice choice(String name, ObjectNode node, String at)
            throws InvalidDefinition {
        allow(node, at, Set.of("Output", "Assign"), "Choices", "Default");
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : array(required(node, "Choices", at), "Choices", at)) {
            String place = at + "/Choices/" + rules.size();
            ObjectNode fields = object(rule, place);
            for (String field : (Iterable<String>) fields::fieldNames) {
                if (COMPARISON.matcher(field).matches()) {
                    throw new InvalidDefinition(
                            place + "/" + field,
                            "belongs to JSONPath mode; in JSONata mode it is Condition");
                }
            }
            only(fields, Set.of("Condition", "Next", "Output", "Assign", "Comment"), place);
            JsonNode condition = template(fields, "Condition", place);
            if (condition == null) {
                throw new InvalidDefinition(place, "needs a Condition");
            }
            rules.add(
                    new Rule(
                            condition,
                            new Exit(
                                    template(fields, "Output", place),
                                    template(fields, "Assign", place),
                                    text(fields, "Next", place))));
        }
        return new State.Choice(
                name,
                rules,
                node.has("Default")
                        ? new Exit(
                                template(node, "Output", at),
                                template(node, "Assign", at),
                                text(node, "Default", at))
                        : null);
    }

    private static Exit exit(ObjectNode node, String at) throws InvalidDefinition {
        boolean end = node.path("End").asBoolean();
        if (end == node.has("Next")) {
            throw new InvalidDefinition(at, "needs either Next or End");
        }
        return new Exit(
                template(node, "Output", at),
                template(node, "Assign", at),
                end ? null : text(node, "Next", at));
    }

    private static Handling handling(ObjectNode node, String at) throws InvalidDefinition {
        List<Retrier> retriers = new ArrayList<>();
        for (JsonNode retry : array(node, "Retry", at)) {
            String place = at + "/Retry/" + retriers.size();
            ObjectNode fields = object(retry, place);
            only(
                    fields,
                    Set.of(
                            "ErrorEquals",
                            "IntervalSeconds",
                            "MaxAttempts",
                            "BackoffRate",
                            "MaxDelaySeconds",
                            "JitterStrategy",
                            "Comment"),
                    place);
            double rate = fields.path("BackoffRate").asDouble(2);
            if (rate < 1) {
                throw new InvalidDefinition(place + "/BackoffRate", "must be at least 1");
            }
            String jitter = fields.path("JitterStrategy").asText("NONE");
            if (!jitter.equals("NONE") && !jitter.equals("FULL")) {
                throw new InvalidDefinition(place + "/JitterStrategy", "must be NONE or FULL");
            }
            retriers.add(
                    new Retrier(
                            errors(fields, place),
                            (int) integer(fields, "IntervalSeconds", 1, place),
                            (int) integer(fields, "MaxAttempts", 3, place),
                            rate,
                            (int) integer(fields, "MaxDelaySeconds", 0, place),
                            jitter.equals("FULL")));
        }
        List<Catcher> catchers = new ArrayList<>();
        for (JsonNode caught : array(node, "Catch", at)) {
            String place = at + "/Catch/" + catchers.size();
            ObjectNode fields = object(caught, place);
            only(fields, Set.of("ErrorEquals", "Next", "Output", "Assign", "Comment"), place);
            catchers.add(
                    new Catcher(
                            errors(fields, place),
                            new Exit(
                                    template(fields, "Output", place),
                                    template(fields, "Assign", place),
                                    text(fields, "Next", place))));
        }
        allIsLast(retriers.stream().map(Retrier::errors).toList(), at + "/Retry");
        allIsLast(catchers.stream().map(Catcher::errors).toList(), at + "/Catch");
        return new Handling(retriers, catchers);
    }

    private static void allIsLast(List<List<String>> errors, String place)
            throws InvalidDefinition {
        for (int i = 0; i < errors.size() - 1; i++) {
            if (errors.get(i).contains(StateError.ALL)) {
                throw new InvalidDefinition(
                        place + "/" + i + "/ErrorEquals", "States.ALL must come last");
            }
        }
    }

    private static List<String> errors(ObjectNode fields, String place) throws InvalidDefinition {
        List<String> errors = new ArrayList<>();
        for (JsonNode error : array(required(fields, "ErrorEquals", place), "ErrorEquals", place)) {
            errors.add(error.asText());
        }
        if (errors.contains(StateError.ALL) && errors.size() > 1) {
            throw new InvalidDefinition(place + "/ErrorEquals", "States.ALL must stand alone");
        }
        return errors;
    }

    private static void checkTransitions(String startAt, Map<String, State> states, String place)
            throws InvalidDefinition {
        if (!states.containsKey(startAt)) {
            throw new InvalidDefinition(place + "/StartAt", "there is no state " + startAt);
        }
        Set<String> reached = new HashSet<>(Set.of(startAt));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            String name = open.pop();
            State state = states.get(name);
            for (String target : state == null ? List.<String>of() : targets(state)) {
                if (!states.containsKey(target)) {
                    throw new InvalidDefinition(
                            place + "/States/" + name,
                            "leads to " + target + ", which is not there");
                }
                if (reached.add(target)) {
                    open.push(target);
                }
            }
        }
        if (states.values().stream().noneMatch(DefinitionReader::ends)) {
            throw new InvalidDefinition(place + "/States", "none of them ends");
        }
        for (String name : states.keySet()) {
            if (!reached.contains(name)) {
                throw new InvalidDefinition(place + "/States/" + name, "is never reached");
            }
        }
    }

    private static boolean ends(State state) {
        return state instanceof State.Succeed
                || state instanceof State.Fail
                || exits(state).stream().anyMatch(e -> e.next() == null);
    }

    private static List<String> targets(State state) {
        return exits(state).stream().map(Exit::next).filter(Objects::nonNull).toList();
    }

    private static List<Exit> exits(State state) {
        List<Exit> exits = new ArrayList<>();
        switch (state) {
            case State.Task task -> {
                exits.add(task.exit());
                task.handling().catchers().forEach(c -> exits.add(c.exit()));
            }
            case State.Parallel parallel -> {
                exits.add(parallel.exit());
                parallel.handling().catchers().forEach(c -> exits.add(c.exit()));
            }
            case State.Each each -> {
                exits.add(each.exit());
                each.handling().catchers().forEach(c -> exits.add(c.exit()));
            }
            case State.Pass pass -> exits.add(pass.exit());
            case State.Wait wait -> exits.add(wait.exit());
            case State.Choice choice -> {
                choice.rules().forEach(r -> exits.add(r.exit()));
                if (choice.otherwise() != null) {
                    exits.add(choice.otherwise());
                }
            }
            case State.Succeed _, State.Fail _ -> {}
        }
        return exits;
    }

    /** Names that the states of one flow assign, those of inner flows left out. */
    private static void collectVariables(JsonNode node, Set<String> variables) {
        for (JsonNode state : node) {
            state.path("Assign").fieldNames().forEachRemaining(variables::add);
            for (String list : List.of("Choices", "Catch")) {
                for (JsonNode rule : state.path(list)) {
                    rule.path("Assign").fieldNames().forEachRemaining(variables::add);
                }
            }
        }
    }

    private static @Nullable JsonNode template(ObjectNode node, String field, String at)
            throws InvalidDefinition {
        JsonNode template = node.get(field);
        if (template != null) {
            Expressions.check(template, at + "/" + field);
            if (!CATCHER.matcher(at).matches()
                    && template.toString().contains("$states.errorOutput")) {
                throw new InvalidDefinition(
                        at + "/" + field, "$states.errorOutput is there only within Catch");
            }
        }
        return template;
    }

    private static ObjectNode object(JsonNode node, String place) throws InvalidDefinition {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidDefinition(place, "must be an object");
    }

    private static ObjectNode required(ObjectNode node, String field, String at)
            throws InvalidDefinition {
        if (!node.has(field)) {
            throw new InvalidDefinition(at, "needs " + field);
        }
        return node;
    }

    /** A number that stands there as such; an expression is judged when it has a value. */
    private static void whole(ObjectNode node, String field, long least, String at)
            throws InvalidDefinition {
        JsonNode value = node.path(field);
        if (!value.isMissingNode()
                && !Expressions.isExpression(value)
                && (!value.isIntegralNumber() || value.asLong() < least)) {
            throw new InvalidDefinition(
                    at + "/" + field, "must be a whole number, at least " + least);
        }
    }

    private static Iterable<JsonNode> array(ObjectNode node, String field, String at)
            throws InvalidDefinition {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (value instanceof ArrayNode array && !array.isEmpty()) {
            return array;
        }
        throw new InvalidDefinition(at + "/" + field, "must be a list with something in it");
    }

    private static String text(ObjectNode node, String field, String at) throws InvalidDefinition {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new InvalidDefinition(at + "/" + field, "must be a text");
        }
        return value.asText();
    }

    private static long integer(JsonNode node, String field, long otherwise, String at)
            throws InvalidDefinition {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < 0) {
            throw new InvalidDefinition(at + "/" + field, "must be a whole number, not negative");
        }
        return value.asLong();
    }

    private static void allow(ObjectNode node, String at, Set<String> fields, String... more)
            throws InvalidDefinition {
        only(node, union(union(fields, more), "Type", "Comment", "QueryLanguage"), at);
        if (!node.path("QueryLanguage").asText("JSONata").equals("JSONata")) {
            throw new InvalidDefinition(at + "/QueryLanguage", "must be JSONata");
        }
    }

    private static Set<String> union(Set<String> fields, String... more) {
        Set<String> all = new HashSet<>(fields);
        all.addAll(List.of(more));
        return all;
    }

    private static void only(ObjectNode node, Set<String> fields, String at)
            throws InvalidDefinition {
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            String field = i.next();
            String instead = JSONPATH_FIELDS.get(field);
            if (instead != null) {
                throw new InvalidDefinition(
                        at + "/" + field,
                        "belongs to JSONPath mode; in JSONata mode it is " + instead);
            }
            if (!fields.contains(field)) {
                throw new InvalidDefinition(
                        at + "/" + field, "is not supported in the local workspace");
            }
        }
    }
}
