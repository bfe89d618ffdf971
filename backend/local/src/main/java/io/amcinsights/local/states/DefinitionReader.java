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
import java.util.Set;

/**
 * Reads a definition in the Amazon States Language, JSONata mode, and refuses what would not run:
 * fields of JSONPath mode, resources without an integration, transitions to nowhere.
 */
final class DefinitionReader {

    private static final Set<String> MACHINE_FIELDS =
            Set.of("QueryLanguage", "Comment", "Version", "TimeoutSeconds", "StartAt", "States");
    private static final Set<String> FLOW_FIELDS =
            Set.of("StartAt", "States", "Comment", "ProcessorConfig");
    private static final List<String> JSONPATH_FIELDS =
            List.of(
                    "InputPath",
                    "OutputPath",
                    "ResultPath",
                    "ResultSelector",
                    "Parameters",
                    "ItemsPath",
                    "Variable",
                    "SecondsPath",
                    "TimestampPath",
                    "TimeoutSecondsPath",
                    "ErrorPath",
                    "CausePath",
                    "Result");
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
            throw new InvalidDefinition("/QueryLanguage", "must be JSONata");
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
            states.put(
                    entry.getKey(),
                    state(entry.getKey(), object(entry.getValue(), at), at, visible));
        }
        checkTransitions(startAt, states, place);
        return new Flow(startAt, states);
    }

    private State state(String name, ObjectNode node, String at, Set<String> variables)
            throws InvalidDefinition {
        for (String field : JSONPATH_FIELDS) {
            if (node.has(field)) {
                throw new InvalidDefinition(at + "/" + field, "belongs to JSONPath mode");
            }
        }
        String type = text(node, "Type", at);
        return switch (type) {
            case "Task" -> {
                allow(
                        node,
                        at,
                        MOVING,
                        "Resource",
                        "Arguments",
                        "TimeoutSeconds",
                        "Retry",
                        "Catch");
                String resource = text(node, "Resource", at);
                if (!resources.contains(resource)) {
                    throw new InvalidDefinition(
                            at + "/Resource",
                            resource + " has no integration in the local workspace");
                }
                yield new State.Task(
                        name,
                        resource,
                        template(node, "Arguments", at),
                        template(node, "TimeoutSeconds", at),
                        handling(node, at),
                        exit(node, at));
            }
            case "Parallel" -> {
                allow(node, at, MOVING, "Branches", "Arguments", "Retry", "Catch");
                List<Flow> branches = new ArrayList<>();
                for (JsonNode branch : array(node, "Branches", at)) {
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
            case "Map" -> {
                allow(
                        node,
                        at,
                        MOVING,
                        "Items",
                        "ItemSelector",
                        "MaxConcurrency",
                        "ItemProcessor",
                        "Retry",
                        "Catch");
                String place = at + "/ItemProcessor";
                ObjectNode processor = object(node.path("ItemProcessor"), place);
                only(processor, FLOW_FIELDS, place);
                String mode = processor.path("ProcessorConfig").path("Mode").asText("INLINE");
                if (!mode.equals("INLINE")) {
                    throw new InvalidDefinition(
                            place + "/ProcessorConfig/Mode",
                            mode + " is not supported in the local workspace");
                }
                yield new State.Each(
                        name,
                        template(node, "Items", at),
                        template(node, "ItemSelector", at),
                        template(node, "MaxConcurrency", at),
                        flow(processor, place, variables),
                        handling(node, at),
                        exit(node, at));
            }
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

    private static State.Choice choice(String name, ObjectNode node, String at)
            throws InvalidDefinition {
        allow(node, at, Set.of("Output", "Assign"), "Choices", "Default");
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : array(node, "Choices", at)) {
            String place = at + "/Choices/" + rules.size();
            ObjectNode fields = object(rule, place);
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
        return new Handling(retriers, catchers);
    }

    private static List<String> errors(ObjectNode fields, String place) throws InvalidDefinition {
        List<String> errors = new ArrayList<>();
        for (JsonNode error : array(fields, "ErrorEquals", place)) {
            errors.add(error.asText());
        }
        if (errors.isEmpty()) {
            throw new InvalidDefinition(place + "/ErrorEquals", "names no error");
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
        for (String name : states.keySet()) {
            if (!reached.contains(name)) {
                throw new InvalidDefinition(place + "/States/" + name, "is never reached");
            }
        }
    }

    private static List<String> targets(State state) {
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
        List<String> targets = new ArrayList<>();
        for (Exit exit : exits) {
            if (exit.next() != null) {
                targets.add(exit.next());
            }
        }
        return targets;
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
        }
        return template;
    }

    private static ObjectNode object(JsonNode node, String place) throws InvalidDefinition {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidDefinition(place, "must be an object");
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
        Set<String> all = new HashSet<>(fields);
        all.addAll(List.of(more));
        all.addAll(List.of("Type", "Comment", "QueryLanguage"));
        only(node, all, at);
        if (!node.path("QueryLanguage").asText("JSONata").equals("JSONata")) {
            throw new InvalidDefinition(at + "/QueryLanguage", "must be JSONata");
        }
    }

    private static void only(ObjectNode node, Set<String> fields, String at)
            throws InvalidDefinition {
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            String field = i.next();
            if (!fields.contains(field)) {
                throw new InvalidDefinition(
                        at + "/" + field, "is not supported in the local workspace");
            }
        }
    }
}
