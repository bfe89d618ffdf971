package io.amcinsights.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toSet;

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

class TemplatesTest {

    private static final Set<String> CHARTS =
            Set.of(
                    "bar",
                    "stacked-bar",
                    "line",
                    "scatter",
                    "heat-map",
                    "sankey",
                    "overlap",
                    "map",
                    "funnel",
                    "table");

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
        Set<String> declared = template.parameters().stream().map(Parameter::name).collect(toSet());
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
        String series = chart.series();
        if (series != null) {
            assertThat(template.columns()).extracting(ResultColumn::name).contains(series);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itSaysAllThatAnAnalystNeeds(Template template) {
        assertThat(Templates.CATEGORIES).contains(template.category());
        assertThat(template.question()).endsWith("?");
        assertThat(template.reading()).hasSizeGreaterThan(80).endsWith(".");
        assertThat(template.parameters())
                .allSatisfy(p -> assertThat(p.description()).hasSizeGreaterThan(10).endsWith("."));
        assertThat(template.columns()).allSatisfy(c -> assertThat(c.description()).isNotBlank());
        assertThat(template.window().days()).isBetween(1, 395);
        assertThat(template.window().settle()).isIn(2, 14);
        assertThat(CHARTS).contains(Objects.requireNonNull(template.chart()).kind());
        boolean money = template.columns().stream().anyMatch(c -> c.unit().equals("currency"));
        if (money) {
            assertThat(template.columns()).extracting(ResultColumn::name).contains("currency");
        }
    }

    @Test
    void whatListsTheValuesOfAParameterIsInTheLibrary() {
        Set<String> ids = templates().stream().map(Template::templateId).collect(toSet());
        assertThat(templates())
                .flatExtracting(Template::parameters)
                .extracting(Parameter::valuesFrom)
                .filteredOn(Objects::nonNull)
                .isSubsetOf(ids);
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
