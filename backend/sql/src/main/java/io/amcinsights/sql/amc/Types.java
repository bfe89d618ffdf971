package io.amcinsights.sql.amc;

import io.amcinsights.sql.amc.AmcType.Base;

import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.type.SqlTypeName;

import java.util.List;
import java.util.Locale;

/** The type of a literal, of a CAST, and of a call from the types of its operands. */
final class Types {

    private Types() {}

    static AmcType of(SqlLiteral literal) {
        if (literal instanceof SqlNumericLiteral number) {
            if (number.isInteger()) {
                boolean small = String.valueOf(number.toValue()).length() < 10;
                return small ? AmcType.named("INTEGER") : AmcType.LONG;
            }
            return number.getTypeName() == SqlTypeName.DOUBLE
                    ? AmcType.DOUBLE
                    : AmcType.named("DECIMAL");
        }
        return switch (literal.getTypeName()) {
            case BOOLEAN -> AmcType.BOOLEAN;
            case CHAR, VARCHAR -> AmcType.STRING;
            case DATE -> AmcType.named("DATE");
            case TIMESTAMP -> AmcType.named("TIMESTAMP");
            case BINARY -> AmcType.named("BINARY");
            default -> AmcType.UNKNOWN;
        };
    }

    static AmcType of(SqlDataTypeSpec type) {
        return of(type.getTypeNameSpec());
    }

    private static AmcType of(SqlTypeNameSpec name) {
        return switch (name) {
            case SqlCollectionTypeNameSpec collection ->
                    AmcType.arrayOf(of(collection.getElementTypeName()));
            case SqlBasicTypeNameSpec basic -> AmcType.named(basic.getTypeName().getSimple());
            default -> AmcType.named(name.getTypeName().getSimple());
        };
    }

    /**
     * @param operands in the call's order, {@link AmcType#UNKNOWN} for what is absent
     */
    static AmcType of(SqlCall call, List<AmcType> operands) {
        return switch (call.getKind()) {
            case EQUALS,
                    NOT_EQUALS,
                    LESS_THAN,
                    LESS_THAN_OR_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_OR_EQUAL,
                    AND,
                    OR,
                    NOT,
                    LIKE,
                    SIMILAR,
                    IN,
                    NOT_IN,
                    BETWEEN,
                    EXISTS,
                    IS_NULL,
                    IS_NOT_NULL,
                    IS_TRUE,
                    IS_NOT_TRUE,
                    IS_FALSE,
                    IS_NOT_FALSE,
                    IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM ->
                    AmcType.BOOLEAN;
            case CAST ->
                    call.operand(1) instanceof SqlDataTypeSpec type ? of(type) : first(operands);
            case PLUS, MINUS, TIMES, MOD -> arithmetic(operands);
            case DIVIDE -> AmcType.DOUBLE;
            case CASE -> common(operands.subList(2, operands.size()));
            case ARRAY_VALUE_CONSTRUCTOR -> AmcType.arrayOf(common(operands));
            case ROW -> AmcType.named("ROW");
            default -> function(call.getOperator().getName(), operands);
        };
    }

    private static AmcType function(String name, List<AmcType> operands) {
        switch (name.toUpperCase(Locale.ROOT)) {
            case "||" -> {
                return AmcType.STRING;
            }
            case "-", "+" -> {
                return first(operands);
            }
            default -> {}
        }
        AmcFunctions.Function function = AmcFunctions.named(name);
        if (function == null) {
            return AmcType.UNKNOWN;
        }
        return switch (function.result()) {
            case "first" -> first(operands);
            case "common" -> common(operands);
            case "choice" ->
                    common(operands.subList(Math.min(1, operands.size()), operands.size()));
            case "sum" -> sum(first(operands));
            case "element" -> element(first(operands));
            case "array" -> AmcType.arrayOf(first(operands));
            default -> AmcType.named(function.result());
        };
    }

    static AmcType common(List<AmcType> types) {
        AmcType common = AmcType.UNKNOWN;
        for (AmcType type : types) {
            AmcType both = AmcType.common(common, type);
            if (both == null) {
                return AmcType.UNKNOWN;
            }
            common = both;
        }
        return common;
    }

    private static AmcType arithmetic(List<AmcType> operands) {
        AmcType common = common(operands);
        return common.base().isNumber() || common.base() == Base.UNKNOWN ? common : first(operands);
    }

    private static AmcType sum(AmcType of) {
        if (of.base().isWhole()) {
            return AmcType.LONG;
        }
        return of.base() == Base.FLOAT ? AmcType.DOUBLE : of;
    }

    private static AmcType element(AmcType array) {
        return array.element() == null ? AmcType.UNKNOWN : array.element();
    }

    private static AmcType first(List<AmcType> operands) {
        return operands.isEmpty() ? AmcType.UNKNOWN : operands.getFirst();
    }

    /** Whether an expression is a custom parameter by itself. */
    static boolean isParameter(SqlNode node) {
        return node instanceof SqlCall call
                && call.getOperator().getName().equalsIgnoreCase("CUSTOM_PARAMETER");
    }
}
