package io.amcinsights.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class JsonTest {

    static Stream<Class<?>> requests() {
        return Arrays.stream(Request.class.getPermittedSubclasses())
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestTravelsThereAndBack(Class<?> type) throws Exception {
        Request<?> full = (Request<?>) sample(type, false);
        Request<?> sparse = (Request<?>) sample(type, true);

        assertThat(Json.request(Json.mapper().readTree(Json.request(full)))).isEqualTo(full);
        assertThat(Json.request(Json.mapper().readTree(Json.request(sparse)))).isEqualTo(sparse);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyReplyTravelsThereAndBack(Class<?> type) throws Exception {
        Request<?> request = (Request<?>) sample(type, false);
        Object reply = sample(request.reply(), false);

        assertThat(Json.reply(request, Json.mapper().writeValueAsString(reply))).isEqualTo(reply);
    }

    @Test
    void writesInstantsInIsoFormAndLeavesNullsOut() throws Exception {
        JsonNode workflow =
                Json.mapper()
                        .valueToTree(
                                new Workflow(
                                        "amckestrel1",
                                        "reach",
                                        "Reach",
                                        "",
                                        "SELECT 1",
                                        List.of(),
                                        null,
                                        Instant.parse("2026-11-23T10:00:00Z"),
                                        1));

        assertThat(workflow.get("updatedAt").asText()).isEqualTo("2026-11-23T10:00:00Z");
        assertThat(workflow.has("templateId")).isFalse();
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() throws Exception {
        assertThat(read("{\"operation\":\"GetRun\",\"runId\":\"r1\",\"later\":true}"))
                .isEqualTo(new WorkflowRequest.GetRun("r1"));
    }

    @Test
    void refusesWhatIsNoRequest() {
        refused("{\"operation\":\"Bake\"}", "operation", "“Bake”");
        refused("{}", "operation", "no operation");
        refused("{\"operation\":\"GetRun\"}", "runId", "lacks the field “runId”");
        refused(
                "{\"operation\":\"RunWorkflow\",\"tenantId\":\"t\",\"workflowId\":\"w\","
                    + "\"window\":{\"type\":\"EXPLICIT\"},\"parameters\":{},\"requestKey\":\"k\"}",
                "window.zone",
                "lacks the field “window.zone”");
        refused(
                batch("{\"type\":\"CURRENT_MONTH\",\"zone\":\"UTC\"}, {\"type\":\"EXPLICIT\"}"),
                "windows[1].zone",
                "lacks the field “windows[1].zone”");
        refused(batch("null"), "windows[0]", "lacks the field “windows[0]”");
    }

    @Test
    void namesTheFieldThatCannotBeRead() {
        refused(
                batch("{\"type\":\"LAST_YEAR\",\"zone\":\"UTC\"}"),
                "windows[0].type",
                "The field “windows[0].type” cannot be “LAST_YEAR”; choose one of EXPLICIT, ");
        refused(
                "{\"operation\":\"ListRuns\",\"limit\":\"many\"}",
                "limit",
                "The field “limit” cannot be “many”.");
    }

    @Test
    void saysWhatAFieldMustBe() {
        refused(
                "{\"operation\":\"GetRun\",\"runId\":[\"r1\"]}",
                "runId",
                "The field “runId” must be a text.");
        refused(
                "{\"operation\":\"ListRuns\",\"limit\":[50]}",
                "limit",
                "The field “limit” must be a number.");
        refused(batch("7"), "windows[0]", "The field “windows[0]” must be an object.");
        refused(
                batch("null").replace("[\"t\"]", "\"t\""),
                "tenantIds",
                "The field “tenantIds” must be a list.");
        refused(
                batch("null").replace("{}", "[]"),
                "parameters",
                "The field “parameters” must be an object.");
        refused(
                "{\"operation\":\"PutSchedule\",\"schedule\":{\"enabled\":{}}}",
                "schedule.enabled",
                "The field “schedule.enabled” must be true or false.");
    }

    private static String batch(String windows) {
        return """
        {"operation":"RunBatch","tenantIds":["t"],"workflowId":"w","windows":[%s],"parameters":{},\
        "requestKey":"k"}\
        """
                .formatted(windows);
    }

    @Test
    void whatTheServerSetsNeedNotBeSent() throws Exception {
        WorkflowRequest.PutWorkflow put =
                (WorkflowRequest.PutWorkflow)
                        read(
                                """
                                {"operation":"PutWorkflow","workflow":{"tenantId":"t",\
                                "workflowId":"w","title":"W","description":"","sql":"SELECT 1",\
                                "parameters":[]}}\
                                """);
        assertThat(put.workflow().version()).isZero();
        WorkflowRequest.PutSchedule schedule =
                (WorkflowRequest.PutSchedule)
                        read(
                                """
                                {"operation":"PutSchedule","schedule":{"scheduleId":"",\
                                "tenantId":"t","workflowId":"w","name":"N",\
                                "expression":"rate(1 day)","zone":"UTC","enabled":true,\
                                "window":{"type":"CURRENT_MONTH","zone":"UTC"},"parameters":{}}}\
                                """);
        assertThat(schedule.schedule().version()).isZero();
    }

    @Test
    void carriesAFailure() {
        Failure failure =
                Failure.invalid("parameters.brand", "Say which brand.").next("Choose one.");

        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(
                        () -> Json.reply(new WorkflowRequest.GetRun("r1"), Json.failure(failure)))
                .extracting(FailureException::failure, type(Failure.class))
                .isEqualTo(failure)
                .satisfies(
                        received -> {
                            assertThat(received.field()).isEqualTo("parameters.brand");
                            assertThat(received.nextStep()).isEqualTo("Choose one.");
                        });
    }

    private static void refused(String text, String field, String words) {
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> read(text))
                .satisfies(
                        e -> {
                            assertThat(e.failure().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                            assertThat(e.failure().field()).isEqualTo(field);
                            assertThat(e.failure().message()).contains(words);
                        });
    }

    private static Request<?> read(String text) throws JsonProcessingException {
        return Json.request(Json.mapper().readTree(text));
    }

    /** A value of the type with every field set, or with those left out that may be. */
    private static Object sample(Type type, boolean sparse) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Map.class) {
                Object key = arguments[0] == String.class ? "name" : sample(arguments[0], sparse);
                return Map.of(key, sample(arguments[1], sparse));
            }
            return arguments[0] instanceof Class<?> of && of.isSealed()
                    ? Arrays.stream(of.getPermittedSubclasses())
                            .map(one -> sample(one, sparse))
                            .toList()
                    : List.of(sample(arguments[0], sparse));
        }
        if (!(type instanceof Class<?> known)) {
            throw new IllegalArgumentException("No sample of " + type);
        }
        if (known.isEnum()) {
            return known.getEnumConstants()[0];
        }
        if (known.isRecord()) {
            return record(known, sparse);
        }
        if (known.isSealed()) {
            return sample(known.getPermittedSubclasses()[1], sparse);
        }
        return switch (known.getName()) {
            case "java.lang.String" -> "“text” with\nlines";
            case "long", "java.lang.Long" -> Long.MAX_VALUE;
            case "int", "java.lang.Integer" -> 7;
            case "boolean" -> true;
            case "java.time.Instant" -> Instant.parse("2026-11-23T10:00:00.123Z");
            case "com.fasterxml.jackson.databind.JsonNode" ->
                    Json.mapper()
                            .createArrayNode()
                            .add(TextNode.valueOf("a"))
                            .add(IntNode.valueOf(1))
                            .add(BooleanNode.TRUE);
            default -> throw new IllegalArgumentException("No sample of " + type);
        };
    }

    private static Object record(Class<?> type, boolean sparse) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean nullable = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[i] = sparse && nullable ? null : sample(components[i].getGenericType(), sparse);
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make a " + type, e);
        }
    }
}
