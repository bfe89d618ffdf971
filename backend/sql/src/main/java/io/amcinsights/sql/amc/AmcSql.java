package io.amcinsights.sql.amc;

import io.amcinsights.sql.Completion;
import io.amcinsights.sql.Problem;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What an editor and the simulator ask about AMC SQL. Pure: nothing is run or fetched. */
public final class AmcSql {

    private AmcSql() {}

    /**
     * What AMC would refuse, and what is probably not meant, in reading order.
     *
     * @param declaredParameters names that the workflow declares
     */
    public static List<Problem> check(
            String sql, AmcSchema schema, Set<String> declaredParameters) {
        return analyze(sql, schema, declaredParameters).problems();
    }

    /** Problems, result columns and parameters of a query. */
    public static AmcQuery analyze(String sql, AmcSchema schema, Set<String> declaredParameters) {
        return analyze(sql, schema, declaredParameters, true);
    }

    /**
     * Problems, result columns and parameters of a query.
     *
     * @param aggregationControls false: as in a sandbox without them, where any column may be in a
     *     result and rows need not be aggregates
     */
    public static AmcQuery analyze(
            String sql,
            AmcSchema schema,
            Set<String> declaredParameters,
            boolean aggregationControls) {
        try {
            AmcQuery query =
                    Checker.check(
                            Parser.parse(sql), schema, declaredParameters, aggregationControls);
            return query.with(Parser.semicolon(sql));
        } catch (AmcSyntaxException e) {
            List<AmcQuery.Parameter> parameters =
                    parameters(sql).stream()
                            .map(name -> new AmcQuery.Parameter(name, AmcType.UNKNOWN, null))
                            .toList();
            return new AmcQuery(null, List.of(e.problem()), List.of(), parameters, Set.of());
        }
    }

    /**
     * Names in {@code CUSTOM_PARAMETER('…')}, in order of appearance; found also in SQL that does
     * not parse yet.
     */
    public static Set<String> parameters(String sql) {
        List<Lexer.Token> tokens = Lexer.tokens(sql);
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            if (tokens.get(i).is("CUSTOM_PARAMETER")
                    && tokens.get(i + 1).is("(")
                    && tokens.get(i + 2).kind() == Lexer.Kind.STRING) {
                String quoted = tokens.get(i + 2).text();
                names.add(quoted.substring(1, quoted.length() - 1).replace("''", "'"));
            }
        }
        return names;
    }

    /** Whether AMC has an aggregate function of that name. */
    public static boolean isAggregate(String function) {
        return AmcFunctions.isAggregate(function);
    }

    /**
     * Candidates for the caret.
     *
     * @param offset of the caret in the SQL, 0-based
     */
    public static List<Completion> complete(String sql, int offset, AmcSchema schema) {
        return Completer.complete(sql, offset, schema);
    }
}
