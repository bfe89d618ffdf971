package io.amcinsights.local.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Statements of Athena's functions and clauses, each with the rows that it gives, or, behind an
 * exclamation mark, with why it does not run: {@code statements.txt}. What they give now is left in
 * {@code target/statements.txt}.
 */
class StatementsTest {

    private static final int AT_ONCE = 8;
    private static final String REFUSED = "! ";

    @TempDir Path folder;

    @Test
    void giveWhatIsWrittenBesideThem() throws Exception {
        assumeTrue(
                TrinoProcess.isIn(TrinoProcess.place()),
                "skipped: the engine is not built; run mvn -pl backend/engine package");
        String written;
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("statements.txt"))) {
            written = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> lines =
                written.lines().filter(line -> !line.isBlank() && !line.startsWith("  ")).toList();
        assertThat(lines.stream().filter(line -> !line.startsWith("#")).count())
                .isGreaterThanOrEqualTo(200);
        StringBuilder given = new StringBuilder();
        try (AthenaFront front = new AthenaFront(folder, TrinoProcess.place())) {
            for (int from = 0; from < lines.size(); from += AT_ONCE) {
                Map<String, String> running = new LinkedHashMap<>();
                for (String line : lines.subList(from, Math.min(lines.size(), from + AT_ONCE))) {
                    running.put(line, line.startsWith("#") ? "" : start(front, line));
                }
                for (Map.Entry<String, String> one : running.entrySet()) {
                    given.append(one.getKey()).append('\n');
                    if (!one.getValue().isEmpty()) {
                        result(front, one.getValue())
                                .forEach(row -> given.append("  ").append(row).append('\n'));
                    }
                }
            }
        }
        Files.writeString(Path.of("target/statements.txt"), given);
        assertThat(given.toString()).isEqualTo(written);
    }

    /** The query's id, or why it was refused at once. */
    private static String start(AthenaFront front, String sql) {
        try {
            return front.start(sql);
        } catch (InvalidRequestException e) {
            return REFUSED + e.awsErrorDetails().errorMessage();
        }
    }

    private static List<String> result(AthenaFront front, String id) throws Exception {
        if (id.startsWith(REFUSED)) {
            return List.of(id);
        }
        QueryExecution ended = front.end(id);
        if (ended.status().state() != QueryExecutionState.SUCCEEDED) {
            return List.of(
                    "! " + ended.status().stateChangeReason().lines().findFirst().orElse(""));
        }
        List<String> rows = new ArrayList<>();
        front.results(id)
                .resultSet()
                .rows()
                .forEach(
                        row ->
                                rows.add(
                                        String.join("|", AthenaFront.values(row))
                                                .replace("\n", "⏎")));
        boolean named = !rows.isEmpty() && ended.statementType().toString().equals("DML");
        return named ? rows.subList(1, rows.size()) : rows;
    }
}
