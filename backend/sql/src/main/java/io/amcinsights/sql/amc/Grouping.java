package io.amcinsights.sql.amc;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** The rule that a column of a grouped query is a key or inside an aggregate. */
final class Grouping {

    /** Names without parentheses that are no columns. */
    static final Set<String> NILADIC =
            Set.of("CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_TIME", "LOCALTIMESTAMP");

    private final List<SqlNode> keys = new ArrayList<>();
    private final Consumer<SqlIdentifier> broken;

    private Grouping(Consumer<SqlIdentifier> broken) {
        this.broken = broken;
    }

    /**
     * @param names of the select list, in its order
     * @param broken gets every column that breaks the rule
     */
    static void check(SqlSelect select, List<String> names, Consumer<SqlIdentifier> broken) {
        Grouping grouping = new Grouping(broken);
        if (select.getGroup() != null) {
            select.getGroup().forEach(grouping.keys::add);
        }
        int position = 0;
        for (SqlNode item : select.getSelectList()) {
            if (!grouping.isKey(position, position < names.size() ? names.get(position) : "")) {
                grouping.check(SqlUtil.stripAs(item));
            }
            position++;
        }
    }

    /** Whether a key calls the item by its place or its name. */
    private boolean isKey(int position, String name) {
        for (SqlNode key : keys) {
            boolean ordinal =
                    key instanceof SqlLiteral literal
                            && String.valueOf(position + 1).equals(literal.toValue());
            boolean alias =
                    key instanceof SqlIdentifier id
                            && id.isSimple()
                            && id.getSimple().equalsIgnoreCase(name);
            if (ordinal || alias) {
                return true;
            }
        }
        return false;
    }

    private void check(@Nullable SqlNode node) {
        if (node == null || keys.stream().anyMatch(key -> same(key, node))) {
            return;
        }
        switch (node) {
            case SqlIdentifier id -> {
                if (!id.isStar() && !NILADIC.contains(id.toString().toUpperCase(Locale.ROOT))) {
                    broken.accept(id);
                }
            }
            case SqlSelect _, SqlDataTypeSpec _, SqlIntervalQualifier _ -> {}
            case SqlWindow window -> {
                window.getPartitionList().forEach(this::check);
                window.getOrderList().forEach(this::check);
            }
            case SqlCall call when call.getKind() == SqlKind.OVER -> {
                if (call.operand(0) instanceof SqlCall function) {
                    function.getOperandList().forEach(this::check);
                }
                if (call.operand(1) instanceof SqlWindow window) {
                    check(window);
                }
            }
            case SqlCall call -> {
                if (!AmcFunctions.isAggregate(call)) {
                    call.getOperandList().forEach(this::check);
                }
            }
            case SqlNodeList list -> list.forEach(this::check);
            default -> {}
        }
    }

    /** Whether both name the same thing; {@code a.x} and {@code x} do. */
    private static boolean same(SqlNode key, SqlNode node) {
        if (key instanceof SqlIdentifier a && node instanceof SqlIdentifier b) {
            return a.names.getLast().equalsIgnoreCase(b.names.getLast())
                    && (a.isSimple()
                            || b.isSimple()
                            || a.toString().equalsIgnoreCase(b.toString()));
        }
        return key.equalsDeep(node, Litmus.IGNORE);
    }
}
