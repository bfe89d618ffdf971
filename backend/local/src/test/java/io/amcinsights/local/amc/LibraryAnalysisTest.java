package io.amcinsights.local.amc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Template;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;
import io.amcinsights.sql.amc.AmcType;
import io.amcinsights.workflows.Templates;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Collectors;

/** What the editor says of each template, held to what the template says of itself. */
class LibraryAnalysisTest {

    static List<Template> templates() {
        return new Templates().all();
    }

    private static AmcQuery analysis(Template template) {
        return AmcSql.analyze(
                template.sql(),
                AmcSchema.standard(),
                template.parameters().stream().map(Parameter::name).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itsResultsAndTablesAreKnownWithoutRunningIt(Template template) {
        AmcQuery query = analysis(template);
        assertThat(query.outputs())
                .as(template.templateId())
                .extracting(AmcQuery.Output::name, o -> o.type().base().name())
                .containsExactlyElementsOf(
                        template.columns().stream().map(c -> tuple(c.name(), c.type())).toList());
        assertThat(query.tables()).containsExactlyInAnyOrderElementsOf(template.tables());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void nothingIsWrongWithIt(Template template) {
        assertThat(analysis(template).problems())
                .as(template.templateId())
                // A paid source is what the template is about, and a threshold what it meets.
                .filteredOn(p -> !p.message().contains("paid data source"))
                .filteredOn(p -> !p.message().contains("aggregation threshold"))
                .extracting(Problem::message)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itsParametersAreUsedAsTheyAreDeclared(Template template) {
        for (AmcQuery.Parameter used : analysis(template).parameters()) {
            if (used.type().base() == AmcType.Base.UNKNOWN) {
                continue;
            }
            Parameter declared =
                    template.parameters().stream()
                            .filter(p -> p.name().equals(used.name()))
                            .findFirst()
                            .orElseThrow();
            assertThat(declared.array())
                    .as("%s: %s", template.templateId(), used.name())
                    .isEqualTo(used.type().base() == AmcType.Base.ARRAY);
        }
    }
}
