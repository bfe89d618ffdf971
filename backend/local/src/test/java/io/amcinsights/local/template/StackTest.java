package io.amcinsights.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class StackTest {

    private static final Account ACCOUNT = new Account("000000000000", "us-east-1", "aws");

    private static Stack stack(String template, Map<String, String> parameters)
            throws TemplateException {
        return Stack.read(template, "amc", ACCOUNT, parameters);
    }

    private static JsonNode value(String expression) throws TemplateException {
        return stack(
                        """
                        Parameters:
                          Word: {Type: String, Default: hello}
                          Words: {Type: CommaDelimitedList, Default: 'a, b,c'}
                        Conditions:
                          Greets: !Equals [!Ref Word, hello]
                          Not: !Not [{Condition: Greets}]
                          Either: !Or [{Condition: Not}, !And [{Condition: Greets}, !Not [{Condition: Not}]]]
                        Mappings: {Sizes: {small: {Memory: 512}}}
                        Resources:
                          Fn: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub '${AWS::StackName}-fn'}}
                          V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}
                          Live: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref Fn, FunctionVersion: !GetAtt V.Version}}
                          Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
                          Data: {Type: AWS::S3::Bucket}
                          It:
                            Type: AWS::SNS::Topic
                            Properties: {Value: %s}
                        """
                                .formatted(expression),
                        Map.of())
                .resources("AWS::SNS::Topic")
                .getFirst()
                .properties()
                .path("Value");
    }

    static Stream<Arguments> expressions() {
        return Stream.of(
                Arguments.of("!Ref Word", "\"hello\""),
                Arguments.of("{Ref: Words}", "[\"a\",\"b\",\"c\"]"),
                Arguments.of("{Fn::Base64: !Ref Word}", "\"aGVsbG8=\""),
                Arguments.of(
                        "!Sub '${Word}-${AWS::Region}-${!Kept}'", "\"hello-us-east-1-${Kept}\""),
                Arguments.of(
                        "!Sub ['${x}/${Data.Arn}', {x: !Ref Word}]",
                        "\"hello/arn:aws:s3:::amc-data-000000000000\""),
                Arguments.of(
                        "!GetAtt Fn.Arn",
                        "\"arn:aws:lambda:us-east-1:000000000000:function:amc-fn\""),
                Arguments.of(
                        "!Ref Live",
                        "\"arn:aws:lambda:us-east-1:000000000000:function:amc-fn:live\""),
                Arguments.of("!GetAtt Q.QueueName", "\"amc-Q.fifo\""),
                Arguments.of("!Join ['-', [a, !Ref Word]]", "\"a-hello\""),
                Arguments.of("!Select [1, !Split [',', 'x,y']]", "\"y\""),
                Arguments.of("!If [Either, yes-it-is, !Ref AWS::NoValue]", "\"yes-it-is\""),
                Arguments.of("{a: !If [Not, 1, !Ref AWS::NoValue], b: 2}", "{\"b\":2}"),
                Arguments.of("!FindInMap [Sizes, small, Memory]", "512"));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void evaluates(String expression, String json) throws TemplateException {
        assertThat(value(expression)).hasToString(json);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "!Ref Absent",
                        "line 17 (Resources/It/Properties/Value): there is no parameter or resource"
                                + " Absent"),
                Arguments.of("!GetAtt Fn.Nothing", "Fn has no attribute Nothing"),
                Arguments.of("!Sub '${Fn.Arm}'", "Fn has no attribute Arm"),
                Arguments.of("!If [Absent, 1, 2]", "there is no condition Absent"),
                Arguments.of(
                        "!If [Either, 1, !Ref Absent]", "there is no parameter or resource Absent"),
                Arguments.of("!ImportValue x", "does not know the function Fn::ImportValue"),
                Arguments.of("!lower x", "no such short form"),
                Arguments.of("[&a 1, *a]", "no YAML aliases"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void namesThePlaceOfAMistake(String expression, String message) {
        assertThatThrownBy(() -> value(expression))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void knowsAllTypesOfTheTemplateOrRefuses() {
        assertThatThrownBy(() -> stack("Resources:\n  A: {Type: AWS::EC2::Instance}\n", Map.of()))
                .hasMessageContaining("line 2")
                .hasMessageContaining("does not know the type AWS::EC2::Instance");
    }

    @Test
    void refusesAParameterWithoutValueAndAValueWithoutParameter() throws TemplateException {
        String template = "Parameters: {P: {Type: String}}\nResources: {}\n";
        assertThatThrownBy(() -> stack(template, Map.of())).hasMessageContaining("no default");
        assertThatThrownBy(() -> stack(template, Map.of("P", "1", "Q", "2")))
                .hasMessageContaining("no parameter Q");
        assertThat(stack(template, Map.of("P", "1")).parameters()).containsEntry("P", "1");
    }

    @Test
    void leavesOutWhatItsConditionForbids() throws TemplateException {
        Stack stack =
                stack(
                        """
                        Conditions: {Never: !Equals [a, b]}
                        Resources:
                          A: {Type: AWS::SNS::Topic, Condition: Never}
                          B: {Type: AWS::SNS::Topic}
                        Outputs:
                          A: {Condition: Never, Value: !Ref A}
                          B: {Value: !Ref B}
                        """,
                        Map.of());
        assertThat(stack.resources()).extracting(Stack.Resource::logicalId).containsExactly("B");
        assertThat(stack.outputs()).extracting(Stack.Output::key).containsExactly("B");
    }

    /** All that the template has by parameters can be worked out, too. */
    @Test
    void knowsTheExtrasOfTheTemplateAndHasNoneUnasked() throws Exception {
        String template = Files.readString(Path.of("../../cloudformation/template.yaml"));
        Map<String, String> extras =
                Map.of(
                        "CloudTrailEvents", "on",
                        "ServiceCatalogAppRegistry", "on",
                        "NotebookInstance", "ml.t3.medium",
                        "NotebookSubnet", "subnet-0123456789abcdef0",
                        "QuickSightPrincipal",
                                "arn:aws:quicksight:us-east-1:000000000000:user/default/a");
        Set<String> types = types(stack(template, extras));
        assertThat(types).contains("AWS::CloudTrail::Trail", "AWS::SageMaker::NotebookInstance");
        types.removeAll(types(stack(template, Map.of())));
        assertThat(types)
                .allMatch(
                        type ->
                                type.matches(
                                        "AWS::(CloudTrail|ServiceCatalogAppRegistry|SageMaker|KMS|QuickSight)::.*"));
    }

    private static Set<String> types(Stack stack) {
        return stack.resources().stream()
                .map(Stack.Resource::type)
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void putsSubstitutionsIntoADefinitionAndRefusesToMissOne() throws TemplateException {
        Stack.Resource machine =
                stack(
                                """
                                Resources:
                                  M:
                                    Type: AWS::StepFunctions::StateMachine
                                    Properties:
                                      DefinitionS3Location: {Bucket: b, Key: release/statemachines/m.asl.yaml}
                                      DefinitionSubstitutions: {Name: x}
                                """,
                                Map.of())
                        .resources()
                        .getFirst();
        assertThat(MachineDefinition.of(machine, file -> "StartAt: ${Name} # of " + file))
                .hasToString("{\"StartAt\":\"x\"}");
        assertThatThrownBy(() -> MachineDefinition.of(machine, file -> "${Name} ${Other}"))
                .hasMessageContaining("(Resources/M)")
                .hasMessageContaining("needs the substitution Other");
        assertThatThrownBy(() -> MachineDefinition.of(machine, file -> null))
                .hasMessageContaining("no file statemachines/m.asl.yaml");
    }
}
