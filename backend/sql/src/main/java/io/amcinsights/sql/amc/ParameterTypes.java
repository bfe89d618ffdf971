package io.amcinsights.sql.amc;

import io.amcinsights.sql.amc.AmcType.Base;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the use of a custom parameter says about its type. */
final class ParameterTypes {

    private final Map<String, AmcType> types = new HashMap<>();
    private final Map<String, String> all = new HashMap<>();

    AmcQuery.Parameter of(String name) {
        return new AmcQuery.Parameter(
                name, types.getOrDefault(name, AmcType.UNKNOWN), all.get(name));
    }

    /** Looks at one call, whose operands may be parameters. */
    void learn(SqlCall call, List<AmcType> operands) {
        switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
            case "ARRAY_CONTAINS" -> {
                if (call.operandCount() == 2) {
                    learn(call.operand(0), AmcType.arrayOf(operands.get(1)));
                    learn(call.operand(1), element(operands.get(0)));
                    if (Types.isParameter(call.operand(0))
                            && call.operand(1) instanceof SqlCharStringLiteral text) {
                        all.put(name(call.operand(0)), String.valueOf(text.toValue()));
                    }
                }
            }
            case "CONTAINED_IN" -> {
                if (call.operandCount() == 2) {
                    learn(call.operand(0), element(operands.get(1)));
                    learn(call.operand(1), AmcType.arrayOf(operands.get(0)));
                }
            }
            default -> {
                AmcType common = common(call, operands);
                for (SqlNode operand : call.getOperandList()) {
                    if (operand instanceof SqlNodeList list) {
                        list.forEach(item -> learn(item, common));
                    } else {
                        learn(operand, common);
                    }
                }
            }
        }
    }

    private static AmcType common(SqlCall call, List<AmcType> operands) {
        return switch (call.getKind()) {
            case EQUALS,
                    NOT_EQUALS,
                    LESS_THAN,
                    LESS_THAN_OR_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_OR_EQUAL,
                    BETWEEN,
                    IN,
                    NOT_IN,
                    PLUS,
                    MINUS,
                    TIMES,
                    DIVIDE ->
                    Types.common(operands);
            case LIKE, SIMILAR -> AmcType.STRING;
            case CAST -> Types.of(call, operands);
            default -> AmcType.UNKNOWN;
        };
    }

    private void learn(SqlNode operand, AmcType type) {
        if (type.base() == Base.UNKNOWN || operand == null || !Types.isParameter(operand)) {
            return;
        }
        types.merge(
                name(operand),
                type,
                (known, now) -> {
                    AmcType both = AmcType.common(known, now);
                    return both == null ? known : both;
                });
    }

    private static AmcType element(AmcType array) {
        return array.element() == null ? AmcType.UNKNOWN : array.element();
    }

    private static String name(SqlNode parameter) {
        SqlCall call = (SqlCall) parameter;
        boolean named = call.operandCount() == 1 && call.operand(0) instanceof SqlLiteral;
        return named ? String.valueOf(((SqlLiteral) call.operand(0)).toValue()) : "";
    }
}
