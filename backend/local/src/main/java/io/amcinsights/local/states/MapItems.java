package io.amcinsights.local.states;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a Map state iterates over: Step Functions Developer Guide, "ItemReader (Map)", "ItemBatcher
 * (Map)".
 */
final class MapItems {

    static final String GET_OBJECT = "arn:aws:states:::s3:getObject";
    static final String LIST_OBJECTS = "arn:aws:states:::s3:listObjectsV2";

    /** Delimiters of a CSV file, by their names in a ReaderConfig. */
    static final Map<String, Character> DELIMITERS =
            Map.of("COMMA", ',', "PIPE", '|', "SEMICOLON", ';', "SPACE", ' ', "TAB", '\t');

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What one iteration works on.
     *
     * @param context {@code $states.context.Map.Item}
     * @param items how many items it stands for: more than one in a batch
     */
    record Iteration(JsonNode input, ObjectNode context, int items) {}

    private MapItems() {}

    /**
     * The dataset of an ItemReader.
     *
     * @param reply of the reader's resource
     * @return an array, or an object whose fields are the items
     * @throws StateError it cannot be read as the configuration says
     */
    static JsonNode read(JsonNode reply, JsonNode config) throws StateError {
        String body = reply.path("Body").asText();
        JsonNode items =
                switch (config.path("InputType").asText("")) {
                    case "JSON" -> json(body, config.path("ItemsPointer").asText(""));
                    case "JSONL" -> lines(body);
                    case "CSV" -> csv(body, config);
                    default -> reply.path("Contents");
                };
        if (!items.isArray() && !items.isObject()) {
            throw unreadable("The dataset is neither an array nor an object.");
        }
        return first(items, config.path("MaxItems"));
    }

    private static JsonNode first(JsonNode items, JsonNode most) throws StateError {
        if (most.isMissingNode()) {
            return items;
        }
        if (!most.isIntegralNumber() || most.asLong() < 1) {
            throw unreadable("MaxItems must be a whole number above 0, not " + most);
        }
        if (items instanceof ArrayNode array) {
            ArrayNode some = JsonNodeFactory.instance.arrayNode();
            array.valueStream().limit(most.asLong()).forEach(some::add);
            return some;
        }
        ObjectNode some = JsonNodeFactory.instance.objectNode();
        items.propertyStream()
                .limit(most.asLong())
                .forEach(f -> some.set(f.getKey(), f.getValue()));
        return some;
    }

    private static JsonNode json(String body, String pointer) throws StateError {
        try {
            return JSON.readTree(body).at(JsonPointer.compile(pointer));
        } catch (JsonProcessingException e) {
            throw unreadable("The file is not JSON: " + e.getOriginalMessage());
        }
    }

    private static JsonNode lines(String body) throws StateError {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (String line : (Iterable<String>) body.lines()::iterator) {
            if (!line.isBlank()) {
                items.add(json(line, ""));
            }
        }
        return items;
    }

    private static JsonNode csv(String body, JsonNode config) throws StateError {
        Character delimiter =
                DELIMITERS.getOrDefault(config.path("CSVDelimiter").asText("COMMA"), ',');
        List<List<String>> rows = rows(body, delimiter);
        List<String> headers = new ArrayList<>();
        if (config.path("CSVHeaderLocation").asText().equals("GIVEN")) {
            config.path("CSVHeaders").forEach(h -> headers.add(h.asText()));
        } else if (!rows.isEmpty()) {
            headers.addAll(rows.removeFirst());
        }
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (List<String> row : rows) {
            ObjectNode item = items.addObject();
            for (int i = 0; i < headers.size(); i++) {
                item.put(headers.get(i), i < row.size() ? row.get(i) : "");
            }
        }
        return items;
    }

    private static List<List<String>> rows(String csv, char delimiter) throws StateError {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != delimiter && c != '\n' && c != '\r')) {
                field.append(c);
            } else if (c == delimiter) {
                row.add(field.toString());
                field.setLength(0);
            } else if (c == '\n') {
                end(rows, row, field);
                row = new ArrayList<>();
            }
        }
        if (quoted) {
            throw unreadable("The file ends within quotes.");
        }
        end(rows, row, field);
        return rows;
    }

    private static void end(List<List<String>> rows, List<String> row, StringBuilder field) {
        if (!row.isEmpty() || !field.isEmpty()) {
            row.add(field.toString());
            rows.add(row);
        }
        field.setLength(0);
    }

    /** Where the items come from: {@code $states.context.Map.Item.Source}. */
    static String source(State.@Nullable Reader reader, JsonNode arguments) {
        if (reader == null) {
            return "STATE_DATA";
        }
        String bucket = "S3://" + arguments.path("Bucket").asText();
        return reader.resource().equals(LIST_OBJECTS)
                ? bucket
                : bucket + "/" + arguments.path("Key").asText();
    }

    /** The iterations over an array, or over the fields of an object. */
    static List<Iteration> iterations(JsonNode items, String source) {
        List<Iteration> iterations = new ArrayList<>();
        if (items.isArray()) {
            for (JsonNode value : items) {
                ObjectNode context = Event.object().put("Index", iterations.size());
                context.set("Value", value);
                iterations.add(new Iteration(value, context.put("Source", source), 1));
            }
            return iterations;
        }
        for (Map.Entry<String, JsonNode> field : items.properties()) {
            ObjectNode context = Event.object().put("Index", iterations.size());
            context.put("Key", field.getKey()).set("Value", field.getValue());
            ObjectNode input = Event.object().put("Key", field.getKey());
            input.set("Value", field.getValue());
            iterations.add(new Iteration(input, context.put("Source", source), 1));
        }
        return iterations;
    }

    /**
     * Puts inputs together.
     *
     * @param batcher evaluated
     */
    static List<Iteration> batches(List<Iteration> singles, JsonNode batcher) {
        int most = batcher.path("MaxItemsPerBatch").asInt(Integer.MAX_VALUE);
        JsonNode common = batcher.path("BatchInput");
        List<Iteration> batches = new ArrayList<>();
        ArrayNode batch = JsonNodeFactory.instance.arrayNode();
        int room =
                batcher.path("MaxInputBytesPerBatch").asInt(Interpreter.LARGEST_PAYLOAD)
                        - Interpreter.size(batch(batch, common, 0).input());
        int bytes = 0;
        for (Iteration single : singles) {
            int size = Interpreter.size(single.input()) + 1;
            if (!batch.isEmpty() && (batch.size() >= most || bytes + size > room)) {
                batches.add(batch(batch, common, batches.size()));
                batch = JsonNodeFactory.instance.arrayNode();
                bytes = 0;
            }
            batch.add(single.input());
            bytes += size;
        }
        if (!batch.isEmpty()) {
            batches.add(batch(batch, common, batches.size()));
        }
        return batches;
    }

    private static Iteration batch(ArrayNode items, JsonNode common, int index) {
        ObjectNode input = Event.object();
        input.set("Items", items);
        if (!common.isMissingNode()) {
            input.set("BatchInput", common);
        }
        ObjectNode context = Event.object().put("Index", index);
        context.set("Value", items);
        return new Iteration(input, context, items.size());
    }

    private static StateError unreadable(String cause) {
        return new StateError(StateError.ITEM_READER_FAILED, cause);
    }
}
