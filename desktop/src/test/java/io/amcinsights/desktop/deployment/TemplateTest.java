package io.amcinsights.desktop.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class TemplateTest {

    private static Template template;

    @BeforeAll
    static void read() throws IOException {
        template = Template.read(Files.readString(Path.of("../cloudformation/template.yaml")));
    }

    private static Template.Parameter parameter(String name) {
        return template.parameters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void parametersComeInTheirGroupsWithTheirWords() {
        Template.Parameter email = parameter("AlarmEmail");
        assertThat(email.group()).isEqualTo("Operation");
        assertThat(email.label()).isEqualTo("E-mail address for alarms");
        assertThat(email.defaultValue()).isEmpty();
        assertThat(template.parameters())
                .extracting(Template.Parameter::name)
                .startsWith("ArtifactBucket", "ArtifactPrefix", "AlarmEmail");
        assertThat(template.parameters())
                .filteredOn(Template.Parameter::advanced)
                .extracting(Template.Parameter::name)
                .containsExactly("AmcApiUrl", "AmcTokenUrl");
    }

    @Test
    void everyParameterHasALabelAndAGroup() {
        assertThat(template.parameters())
                .allSatisfy(
                        each -> {
                            assertThat(each.group()).isNotEmpty();
                            assertThat(each.label()).isNotEqualTo(each.name());
                        });
    }

    @Test
    void whatCloudFormationWouldRefuseIsRefusedBefore() {
        assertThat(parameter("AlarmEmail").refusal("nobody")).isEqualTo(Template.Refusal.PATTERN);
        assertThat(parameter("AlarmEmail").refusal("")).isNull();
        assertThat(parameter("LakeFormation").refusal("maybe"))
                .isEqualTo(Template.Refusal.NOT_ALLOWED);
        assertThat(parameter("LakeFormation").refusal("off")).isNull();
        assertThat(parameter("SparkFromMb").refusal("-1")).isEqualTo(Template.Refusal.TOO_SMALL);
        assertThat(parameter("SparkFromMb").refusal("much")).isEqualTo(Template.Refusal.NO_NUMBER);
        assertThat(parameter("LogRetentionDays").refusal("90")).isNull();
    }

    @Test
    void knowsWhatStays() {
        assertThat(template.resources().entrySet().stream().filter(e -> e.getValue().kept()))
                .extracting(Map.Entry::getKey)
                .containsExactly("Documents", "DefaultCredentials", "Lake", "AccessLogs");
    }

    @Test
    void everyTypeHasAWord() {
        assertThat(template.resources().values())
                .allSatisfy(
                        each ->
                                assertThat(Losses.name(each.type()))
                                        .as(each.type())
                                        .isNotEqualTo(each.type().substring(5).replace("::", " ")));
    }

    @Test
    void whatIsNoTemplateIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Template.read("a: [1"));
        assertThatIllegalArgumentException().isThrownBy(() -> Template.read("a: 1"));
    }
}
