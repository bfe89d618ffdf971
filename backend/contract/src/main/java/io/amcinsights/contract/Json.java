package io.amcinsights.contract;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How records travel: JSON, instants in ISO form, unknown fields ignored, nulls left out. */
public final class Json {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                    .build();

    private static final Map<String, Class<?>> OPERATIONS = operations();

    private Json() {}

    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** A record as JSON. */
    public static String write(Object record) {
        try {
            return MAPPER.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write " + record.getClass(), e);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot read " + type, e);
        }
    }

    /** A request as it travels. */
    public static String request(Request<?> request) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("operation", request.getClass().getSimpleName());
        node.setAll((ObjectNode) MAPPER.valueToTree(request));
        return node.toString();
    }

    /**
     * Reads a request.
     *
     * @throws FailureException {@link ErrorCode#INVALID_REQUEST}: no such operation, or a field
     *     that cannot be read
     */
    public static Request<?> request(JsonNode node) {
        String operation = node.path("operation").asText();
        Class<?> type = OPERATIONS.get(operation);
        if (type == null) {
            throw Failure.invalid("operation", "There is no operation “%s”.".formatted(operation))
                    .exception();
        }
        try {
            Request<?> request = (Request<?>) MAPPER.treeToValue(node, type);
            requireFields((Record) request, "");
            return request;
        } catch (JsonProcessingException e) {
            throw new FailureException(unreadable(operation, e), e);
        }
    }

    private static Failure unreadable(String operation, JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return Failure.of(
                    ErrorCode.INVALID_REQUEST,
                    "The request %s cannot be read: %s"
                            .formatted(operation, e.getOriginalMessage()));
        }
        String field = field(mapping.getPath());
        if (!(e instanceof InvalidFormatException wrong)) {
            Class<?> wanted =
                    e instanceof MismatchedInputException mismatch
                            ? mismatch.getTargetType()
                            : null;
            return Failure.invalid(
                    field,
                    wanted == null
                            ? "The field “%s” cannot be read: %s"
                                    .formatted(field, e.getOriginalMessage())
                            : "The field “%s” must be %s.".formatted(field, shape(wanted)));
        }
        Object[] choices = wrong.getTargetType().getEnumConstants();
        return Failure.invalid(
                field,
                "The field “%s” cannot be “%s”%s."
                        .formatted(
                                field,
                                wrong.getValue(),
                                choices == null
                                        ? ""
                                        : Stream.of(choices)
                                                .map(String::valueOf)
                                                .collect(joining(", ", "; choose one of ", ""))));
    }

    /** What a value of the type looks like in JSON. */
    private static String shape(Class<?> type) {
        if (CharSequence.class.isAssignableFrom(type)
                || type.isEnum()
                || Temporal.class.isAssignableFrom(type)) {
            return "a text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    private static String field(List<Reference> path) {
        StringBuilder field = new StringBuilder();
        for (Reference step : path) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return field.toString();
    }

    /** Jackson leaves a field that the sender left out null, also where it must not be. */
    private static void requireFields(Record record, String prefix) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String field = prefix + component.getName();
            Object value;
            try {
                value = component.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read " + field, e);
            }
            if (value != null
                    || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                require(value, field);
            }
        }
    }

    private static void require(@Nullable Object value, String field) {
        switch (value) {
            case null ->
                    throw Failure.invalid(
                                    field, "The request lacks the field “%s”.".formatted(field))
                            .exception();
            case Record record -> requireFields(record, field + ".");
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    require(list.get(i), field + "[" + i + "]");
                }
            }
            default -> {}
        }
    }

    /** A failure as it travels. */
    public static String failure(Failure failure) {
        return MAPPER.createObjectNode()
                .<ObjectNode>set("error", MAPPER.valueToTree(failure))
                .toString();
    }

    /**
     * Reads what a function answered.
     *
     * @throws FailureException the function answered with a failure
     */
    public static <R> R reply(Request<R> request, String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.has("error")) {
                throw new FailureException(MAPPER.treeToValue(node.get("error"), Failure.class));
            }
            return MAPPER.treeToValue(node, request.reply());
        } catch (JsonProcessingException e) {
            throw new FailureException(
                    Failure.of(
                            ErrorCode.INTERNAL,
                            "The answer to %s cannot be read: %s"
                                    .formatted(
                                            request.getClass().getSimpleName(),
                                            e.getOriginalMessage())),
                    e);
        }
    }

    private static Map<String, Class<?>> operations() {
        Map<String, Class<?>> operations = new HashMap<>();
        for (Class<?> family : Request.class.getPermittedSubclasses()) {
            for (Class<?> type : List.of(family.getPermittedSubclasses())) {
                operations.put(type.getSimpleName(), type);
            }
        }
        return Map.copyOf(operations);
    }
}
