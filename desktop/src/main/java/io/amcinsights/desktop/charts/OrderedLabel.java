package io.amcinsights.desktop.charts;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A category's label. AMC queries put a number before labels that have an order, such as {@code 1 |
 * < 1 MIN}: the number sorts and is not shown.
 *
 * @param raw as the result has it
 * @param shown without the number
 * @param order the number; NaN where the label has none
 */
record OrderedLabel(String raw, String shown, double order) {

    /** By number; labels without one follow in the order of their text. */
    static final Comparator<OrderedLabel> ORDER =
            Comparator.comparingDouble(OrderedLabel::order).thenComparing(OrderedLabel::raw);

    private static final Pattern PREFIXED = Pattern.compile("\\s*(\\d{1,6})\\s*\\|\\s*(\\S.*)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d+)?");

    /** Such as {@code 6+} or {@code 10-19}, as frequency buckets are written. */
    private static final Pattern BUCKET = Pattern.compile("(\\d{1,6})\\s*(\\+|[-–]\\s*\\d{1,6})");

    static OrderedLabel of(String raw) {
        Matcher prefixed = PREFIXED.matcher(raw);
        if (prefixed.matches()) {
            return new OrderedLabel(
                    raw, prefixed.group(2).strip(), Double.parseDouble(prefixed.group(1)));
        }
        Matcher bucket = BUCKET.matcher(raw);
        if (bucket.matches()) {
            return new OrderedLabel(raw, raw, Double.parseDouble(bucket.group(1)));
        }
        boolean number = NUMBER.matcher(raw).matches();
        return new OrderedLabel(raw, raw, number ? Double.parseDouble(raw) : Double.NaN);
    }

    boolean ordered() {
        return !Double.isNaN(order);
    }
}
