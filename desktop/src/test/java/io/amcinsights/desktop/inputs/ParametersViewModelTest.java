package io.amcinsights.desktop.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Problem;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;

class ParametersViewModelTest {

    private final ObjectProperty<ZonedDateTime> moment =
            new SimpleObjectProperty<>(ZonedDateTime.parse("2026-11-04T23:30:00Z"));
    private final ParametersViewModel model = new ParametersViewModel(moment);

    @Test
    void a_default_may_be_left_empty_but_not_wrong() {
        ParametersViewModel defaults = ParametersViewModel.ofDefaults(moment);
        defaults.show(
                List.of(
                        parameter("brand", Parameter.Type.STRING, null),
                        parameter("days", Parameter.Type.LONG, null)),
                Map.of("days", IntNode.valueOf(14)));
        assertThat(defaults.check()).isTrue();
        assertThat(Json.write(defaults.values())).isEqualTo("{\"days\":14}");

        ParameterField days = defaults.fields().get(1);
        days.textProperty().set("soon");
        assertThat(defaults.check()).isFalse();
        days.textProperty().set("");
        assertThat(days.messageProperty().get()).isEmpty();
        assertThat(defaults.values()).isEmpty();
    }

    @Test
    void values_have_the_types_that_the_workflow_declares() {
        model.show(
                List.of(
                        parameter("brand", Parameter.Type.STRING, null),
                        parameter("days", Parameter.Type.LONG, null),
                        parameter("share", Parameter.Type.DOUBLE, null),
                        parameter("paid", Parameter.Type.BOOLEAN, null),
                        parameter("since", Parameter.Type.DATE, null),
                        list("campaigns", Parameter.Type.LONG)),
                Map.of());
        enter("brand", " Kestrel ");
        enter("days", "14");
        enter("share", "0.25");
        enter("paid", "true");
        enter("since", "TODAY(-30)");
        enter("campaigns", "11\n\n 22 \n");
        assertThat(model.check()).isTrue();
        assertThat(Json.write(model.values()))
                .isEqualTo(
                        """
                        {"brand":"Kestrel","days":14,"share":0.25,"paid":true,\
                        "since":"TODAY(-30)","campaigns":[11,22]}\
                        """);
    }

    @Test
    void a_default_is_shown_and_left_out_until_it_is_changed() {
        model.show(List.of(parameter("days", Parameter.Type.LONG, IntNode.valueOf(14))), Map.of());
        ParameterField days = field("days");
        assertThat(days.textProperty().get()).isEqualTo("14");
        assertThat(days.standardProperty().get()).isTrue();
        assertThat(model.values()).isEmpty();

        days.textProperty().set("30");
        assertThat(days.standardProperty().get()).isFalse();
        assertThat(model.values()).containsEntry("days", LongNode.valueOf(30));

        days.textProperty().set("");
        assertThat(model.check()).isTrue();
        assertThat(model.values()).isEmpty();

        days.reset();
        assertThat(days.textProperty().get()).isEqualTo("14");
    }

    @Test
    void given_values_come_before_defaults() {
        JsonNode given = Json.mapper().createArrayNode().add("a").add("b");
        model.show(
                List.of(
                        list("names", Parameter.Type.STRING),
                        parameter("paid", Parameter.Type.BOOLEAN, BooleanNode.TRUE),
                        parameter("share", Parameter.Type.DOUBLE, DoubleNode.valueOf(0.5))),
                Map.of("names", given, "paid", BooleanNode.FALSE));
        assertThat(field("names").textProperty().get()).isEqualTo("a\nb");
        assertThat(model.values()).isEqualTo(Map.of("names", given, "paid", BooleanNode.FALSE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LONG|1,000|“1,000” is no whole number; write digits only, such as 1000.",
                "LONG|9223372036854775808|“9223372036854775808” is no whole number; write digits"
                        + " only, such as 1000.",
                "DOUBLE|half|“half” is no number; write it such as 0.5.",
                "DOUBLE|1e999|“1e999” is no number; write it such as 0.5.",
                "BOOLEAN|yes|“yes” is neither true nor false.",
                "DATE|31.1.2026|“31.1.2026” is no date; write 2026-01-31, 2026-01-31T18:00:00, or a"
                        + " token such as TODAY(-30)."
            })
    void what_is_wrong_is_said_at_the_field(Parameter.Type type, String text, String message) {
        model.show(List.of(parameter("x", type, null)), Map.of());
        enter("x", text);
        assertThat(model.check()).isFalse();
        assertThat(field("x").messageProperty().get()).isEqualTo(message);
        assertThatThrownBy(model::values).hasMessage(message);
    }

    @Test
    void a_list_names_the_line_at_fault() {
        model.show(List.of(list("campaigns", Parameter.Type.LONG)), Map.of());
        enter("campaigns", "11\n\nx2");
        assertThat(model.check()).isFalse();
        assertThat(field("campaigns").messageProperty().get())
                .isEqualTo("Line 3: “x2” is no whole number; write digits only, such as 1000.");
    }

    @Test
    void a_missing_value_is_told_when_checked_and_the_message_goes_with_the_correction() {
        model.show(List.of(parameter("brand", Parameter.Type.STRING, null)), Map.of());
        ParameterField brand = field("brand");
        brand.left();
        assertThat(brand.messageProperty().get()).isEmpty();
        assertThat(model.check()).isFalse();
        assertThat(brand.messageProperty().get()).isEqualTo("Enter a value for “brand”.");
        assertThatThrownBy(model::values).hasMessage("Enter a value for “brand”.");
        enter("brand", "K");
        assertThat(brand.messageProperty().get()).isEmpty();
    }

    @Test
    void what_the_backend_refuses_lands_at_its_field() {
        model.show(List.of(parameter("brand", Parameter.Type.STRING, null)), Map.of());
        assertThat(model.refused(refusal("parameters.brand"))).isTrue();
        assertThat(field("brand").messageProperty().get()).isEqualTo("Not this one.");
        assertThat(model.refused(refusal("parameters.other"))).isFalse();
        assertThat(model.refused(refusal("name"))).isFalse();
    }

    @Test
    void date_tokens_say_what_they_mean_in_the_zone_of_the_window() {
        model.show(List.of(parameter("since", Parameter.Type.DATE, null)), Map.of());
        enter("since", "TODAY(-1)");
        assertThat(field("since").previewProperty().get()).isEqualTo("That is 2026-11-03.");
        moment.set(ZonedDateTime.parse("2026-11-05T00:30:00+01:00[Europe/Berlin]"));
        assertThat(field("since").previewProperty().get()).isEqualTo("That is 2026-11-04.");
        enter("since", "2026-11-01");
        assertThat(field("since").previewProperty().get()).isEmpty();
    }

    @Test
    void text_that_looks_like_a_number_stays_text() {
        model.show(List.of(parameter("asin", Parameter.Type.STRING, null)), Map.of());
        enter("asin", "0012");
        assertThat(model.values()).containsEntry("asin", TextNode.valueOf("0012"));
    }

    private static Problem refusal(String field) {
        return Problem.of(Failure.invalid(field, "Not this one."));
    }

    private static Parameter parameter(
            String name, Parameter.Type type, @Nullable JsonNode standard) {
        return new Parameter(name, type, false, "", standard);
    }

    private static Parameter list(String name, Parameter.Type type) {
        return new Parameter(name, type, true, "", null);
    }

    private void enter(String name, String text) {
        field(name).textProperty().set(text);
    }

    private ParameterField field(String name) {
        return model.fields().stream()
                .filter(f -> f.parameter().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
