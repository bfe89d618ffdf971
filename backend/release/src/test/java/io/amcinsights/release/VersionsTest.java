package io.amcinsights.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class VersionsTest {

    private static final String TEMPLATE =
            """
            Resources:
              Fn:
                Type: AWS::Lambda::Function
                Properties:
                  Code: {S3Bucket: !Ref Bucket, S3Key: !Sub '${ArtifactPrefix}f.jar'}
                  MemorySize: 512 # enough
                  Environment:
                    Variables: {A: !Ref Table, B: b}
                  Tags: [{Key: k, Value: v}]
              FnVersion:
                Type: AWS::Lambda::Version
                Properties: {FunctionName: !Ref Fn}
              FnRead:
                Type: AWS::Lambda::Alias
                Properties: {FunctionVersion: !GetAtt FnVersion.Version, Name: FnVersions}
            """;

    private static final Pattern ID = Pattern.compile("\\n  (FnVersion[0-9a-f]{8}):");

    @Test
    void aVersionIsNamedByItsCodeAndWhateverNamesItFollows() {
        String renamed = rename(TEMPLATE, "code");
        String id = id(renamed);
        assertThat(renamed)
                .isEqualTo(
                        TEMPLATE.replace("FnVersion:", id + ":")
                                .replace("FnVersion.Version", id + ".Version"));
    }

    @Test
    void otherCodeAndOtherPropertiesAreAnotherVersion() {
        String id = id(rename(TEMPLATE, "code"));
        assertThat(id(rename(TEMPLATE, "other code"))).isNotEqualTo(id);
        assertThat(id(rename(TEMPLATE.replace("512", "1024"), "code"))).isNotEqualTo(id);
        assertThat(id(rename(TEMPLATE.replace("!Ref Table", "Table"), "code"))).isNotEqualTo(id);
    }

    /** Lambda publishes nothing where nothing has changed, and the deployment would fail. */
    @Test
    void whatLambdaDoesNotSeeIsTheSameVersion() {
        String id = id(rename(TEMPLATE, "code"));
        String laidOut =
                TEMPLATE.replace(" # enough", "")
                        .replace("{A: !Ref Table, B: b}", "{B: 'b', A: !Ref Table}")
                        .replace("Value: v", "Value: w");
        assertThat(id(rename(laidOut, "code"))).isEqualTo(id);
    }

    @Test
    void codeThatNobodyMakesIsAnError() {
        assertThatThrownBy(() -> Versions.rename(TEMPLATE, Map.of("g.jar", new byte[0])))
                .hasMessageContaining("${ArtifactPrefix}f.jar")
                .hasMessageContaining("[g.jar]");
    }

    private static String rename(String template, String code) {
        return Versions.rename(template, Map.of("f.jar", code.getBytes(UTF_8)));
    }

    private static String id(String template) {
        Matcher id = ID.matcher(template);
        assertThat(id.find()).as(template).isTrue();
        return id.group(1);
    }
}
