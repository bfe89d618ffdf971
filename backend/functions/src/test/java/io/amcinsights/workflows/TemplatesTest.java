package io.amcinsights.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.contract.Parameter;
import io.amcinsights.contract.Template;
import io.amcinsights.contract.Template.ResultColumn;
import io.amcinsights.sql.Problem;
import io.amcinsights.sql.amc.AmcQuery;
import io.amcinsights.sql.amc.AmcSchema;
import io.amcinsights.sql.amc.AmcSql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

class TemplatesTest {

    private static List<Template> templates() {
        return new Templates().all();
    }

    @Test
    void everyFileIsInTheLibraryUnderItsName() throws URISyntaxException {
        URL folder = Objects.requireNonNull(Templates.class.getResource("templates/library"));
        String[] files = Objects.requireNonNull(new File(folder.toURI()).getParentFile().list());

        assertThat(templates()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(templates())
                .extracting(t -> t.templateId() + ".yaml")
                .containsExactlyInAnyOrderElementsOf(
                        List.of(files).stream().filter(f -> f.endsWith(".yaml")).toList());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void theSqlIsAmcSqlAndWhatTheTemplateSaysOfItIsTrue(Template template) {
        Set<String> declared =
                template.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        AmcQuery query = AmcSql.analyze(template.sql(), AmcSchema.standard(), declared);

        assertThat(query.problems())
                .as(template.templateId())
                .filteredOn(p -> p.severity() == Problem.Severity.ERROR)
                .isEmpty();
        assertThat(AmcSql.parameters(template.sql())).isEqualTo(declared);
        assertThat(query.outputs())
                .extracting(AmcQuery.Output::name)
                .isEqualTo(template.columns().stream().map(ResultColumn::name).toList());
        assertThat(template.tables()).allMatch(template.sql()::contains);
        var chart = Objects.requireNonNull(template.chart());
        assertThat(template.columns()).extracting(ResultColumn::name).contains(chart.x());
        assertThat(template.columns()).extracting(ResultColumn::name).containsAll(chart.y());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itRunsAsItIs(Template template) {
        ZonedDateTime now = ZonedDateTime.parse("2026-11-23T10:00:00Z");
        ParameterValues.check(template.parameters(), now);
        assertThat(ParameterValues.resolve(template.parameters(), Map.of(), now))
                .hasSameSizeAs(template.parameters());
    }
}
