package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The manual names what an installation is made of. */
class ResourceTableTest {

    @Test
    void everyKindOfResourceIsExplainedAndCounted() throws IOException {
        Map<String, Integer> made = new TreeMap<>();
        Matcher type =
                Pattern.compile("(?m)^    Type: AWS::(\\S+)")
                        .matcher(Files.readString(Path.of("../cloudformation/template.yaml")));
        while (type.find()) {
            made.merge(type.group(1), 1, Integer::sum);
        }

        Map<String, Integer> explained = new TreeMap<>();
        Matcher kind =
                Pattern.compile("(\\d+) `(\\w+::\\w+)`")
                        .matcher(Files.readString(Path.of("../docs/manual.md")));
        while (kind.find()) {
            explained.put(kind.group(2), Integer.valueOf(kind.group(1)));
        }
        assertThat(explained).isEqualTo(made);
    }
}
