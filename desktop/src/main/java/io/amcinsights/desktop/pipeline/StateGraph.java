package io.amcinsights.desktop.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state machine's definition as nodes and edges. States of parallel branches and of maps stand
 * between the state that holds them and its successor; a state's name is unique in its machine, so
 * a history's events find their node by it.
 *
 * @param nodes the states, between {@link #START} and {@link #END}
 */
record StateGraph(List<Node> nodes, List<Edge> edges) {

    /** Ids that no state can have: names are at most 80 characters without controls. */
    static final String START = "\u0001start";

    static final String END = "\u0001end";

    private static final Pattern JSONATA = Pattern.compile("(?s)\\s*\\{%(.*)%}\\s*");
    private static final int LABEL = 32;

    /**
     * @param id the state's name
     * @param type as ASL says, such as {@code Task}; empty for the two ends
     * @param comment what the definition says about it; empty where it says nothing
     */
    record Node(String id, String type, String comment) {}

    /**
     * @param label when it is taken; empty for always
     * @param error whether it is taken after a failure
     */
    record Edge(String from, String to, String label, boolean error) {}

    /**
     * Reads a definition.
     *
     * @param definition ASL in JSON
     * @throws IllegalArgumentException it is not one
     */
    static StateGraph of(String definition) {
        JsonNode machine;
        try {
            machine = Json.mapper().readTree(definition);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The definition is not JSON.", e);
        }
        if (!machine.path("States").isObject() || !machine.path("StartAt").isTextual()) {
            throw new IllegalArgumentException("The definition has no States or no StartAt.");
        }
        StateGraph graph = new StateGraph(new ArrayList<>(), new ArrayList<>());
        graph.nodes.add(new Node(START, "", ""));
        graph.edges.add(new Edge(START, machine.get("StartAt").asText(), "", false));
        graph.addStates(machine.get("States"), END);
        graph.nodes.add(new Node(END, "", ""));
        return graph;
    }

    private void addStates(JsonNode states, String after) {
        for (Map.Entry<String, JsonNode> state : states.properties()) {
            addState(state.getKey(), state.getValue(), after);
        }
    }

    private void addState(String name, JsonNode state, String after) {
        String type = state.path("Type").asText();
        nodes.add(new Node(name, type, state.path("Comment").asText()));
        String next = state.path("Next").asText(after);
        switch (type) {
            case "Choice" -> {
                for (JsonNode choice : state.path("Choices")) {
                    edges.add(new Edge(name, choice.path("Next").asText(), when(choice), false));
                }
                if (state.has("Default")) {
                    edges.add(new Edge(name, state.get("Default").asText(), "otherwise", false));
                }
            }
            case "Parallel" -> {
                for (JsonNode branch : state.path("Branches")) {
                    edges.add(new Edge(name, branch.path("StartAt").asText(), "", false));
                    addStates(branch.path("States"), next);
                }
            }
            case "Map" -> {
                JsonNode each =
                        state.has("ItemProcessor")
                                ? state.get("ItemProcessor")
                                : state.path("Iterator");
                edges.add(new Edge(name, each.path("StartAt").asText(), "each item", false));
                addStates(each.path("States"), next);
            }
            default -> edges.add(new Edge(name, next, "", false));
        }
        for (JsonNode catcher : state.path("Catch")) {
            edges.add(new Edge(name, catcher.path("Next").asText(), errors(catcher), true));
        }
    }

    private static String errors(JsonNode catcher) {
        List<String> names = new ArrayList<>();
        catcher.path("ErrorEquals").forEach(error -> names.add(error.asText()));
        return names.contains("States.ALL") ? "" : shortened(String.join(", ", names));
    }

    private static String when(JsonNode choice) {
        String condition = choice.path("Condition").asText(choice.path("Comment").asText());
        Matcher jsonata = JSONATA.matcher(condition);
        String text = jsonata.matches() ? jsonata.group(1).strip() : condition;
        return shortened(text.replace("$states.input.", ""));
    }

    private static String shortened(String text) {
        return text.length() <= LABEL ? text : text.substring(0, LABEL - 1) + "…";
    }
}
