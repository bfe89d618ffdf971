package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.charts.Plot.AxisText;
import io.amcinsights.desktop.charts.Plot.CategorySeries;
import io.amcinsights.desktop.charts.Plot.Figure;
import io.amcinsights.desktop.charts.Plot.Point;
import io.amcinsights.desktop.charts.Plot.PointSeries;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes a chart of a result by reading its rows once. Keeps one value for each point, so a million
 * rows cost no more than the points they become.
 */
public final class ChartBuilder {

    static final int MAX_SERIES = 8;

    /** Raw points of a scatter that are kept before thinning; beyond, rows are left out evenly. */
    private static final int MAX_CLOUD = 200_000;

    private static final int MAX_NAMED = 12;

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]", Locale.ROOT);

    private final ChartSpec spec;
    private final List<Column> columns;
    private final Words words;
    private final int x;
    private final int series;
    private final int[] measures;
    private final int label;

    private final int currency;
    private final int tenant;
    private final int windowStart;
    private final int windowEnd;
    private final int flag;

    /** By series, by x. */
    private final Map<String, Map<String, Total>> totals = new LinkedHashMap<>();

    private final List<Total> figures = new ArrayList<>();
    private final Map<String, List<Point>> cloud = new LinkedHashMap<>();
    private final Set<String> currencies = new LinkedHashSet<>();
    private final Set<String> tenants = new LinkedHashSet<>();
    private @Nullable LocalDate firstDay;
    private @Nullable LocalDate lastDay;
    private long rows;
    private long hiddenRows;
    private final Total all = new Total();
    private final Total hidden = new Total();
    private int cloudPoints;

    /**
     * The words that the data does not bring.
     *
     * @param other the category of all that is not among the top
     * @param none the category of rows without a name
     * @param hidden the category of rows whose name privacy rules hide
     * @param rows the axis that counts rows
     */
    public record Words(String other, String none, String hidden, String rows) {}

    public ChartBuilder(ChartSpec spec, List<Column> columns, Words words) {
        this.spec = spec;
        this.columns = columns;
        this.words = words;
        this.x = Roles.indexOf(columns, spec.x());
        this.series = Roles.indexOf(columns, spec.series());
        this.measures =
                spec.measures().stream()
                        .mapToInt(name -> Roles.indexOf(columns, name))
                        .filter(index -> index >= 0)
                        .toArray();
        this.label = first(Roles::category);
        this.currency = first(Roles::currency);
        this.tenant = Roles.indexOf(columns, "tenant");
        this.windowStart = Roles.indexOf(columns, "window_start");
        this.windowEnd = Roles.indexOf(columns, "window_end");
        this.flag = first(Roles::privacyFlag);
        for (int i = 0; i < measures.length; i++) {
            figures.add(new Total());
        }
    }

    /** Reads one row. */
    public void add(Row row) {
        rows++;
        boolean rowHidden = flag >= 0 && Boolean.parseBoolean(row.cell(flag));
        if (rowHidden) {
            hiddenRows++;
        }
        collect(currencies, row, currency);
        collect(tenants, row, tenant);
        firstDay = day(row, windowStart, firstDay, true);
        lastDay = day(row, windowEnd, lastDay, false);
        if (measures.length == 0) {
            return;
        }
        Double weight = value(row, measures[0]);
        all.add(weight);
        if (rowHidden) {
            hidden.add(weight);
        }
        switch (spec.kind()) {
            case NUMBER -> {
                for (int i = 0; i < measures.length; i++) {
                    figures.get(i).add(value(row, measures[i]));
                }
            }
            case SCATTER -> addToCloud(row, rowHidden);
            case LINE, BAR, STACKED_BAR -> addToTotals(row, rowHidden);
        }
    }

    private void addToTotals(Row row, boolean rowHidden) {
        if (x < 0) {
            return;
        }
        String at = name(row, x, rowHidden);
        if (series >= 0) {
            total(name(row, series, rowHidden), at).add(value(row, measures[0]));
        } else {
            for (int measure : measures) {
                total(columns.get(measure).name(), at).add(value(row, measure));
            }
        }
    }

    private Total total(String of, String at) {
        return totals.computeIfAbsent(of, any -> new HashMap<>())
                .computeIfAbsent(at, any -> new Total());
    }

    private void addToCloud(Row row, boolean rowHidden) {
        Double at = x < 0 ? null : value(row, x);
        Double height = value(row, measures[0]);
        if (at == null || height == null) {
            return;
        }
        cloudPoints++;
        if (cloudPoints > MAX_CLOUD && cloudPoints % 16 != 0) {
            return;
        }
        String of = series < 0 ? columns.get(measures[0]).name() : name(row, series, rowHidden);
        String named = label < 0 || row.cell(label) == null ? "" : name(row, label, false);
        cloud.computeIfAbsent(of, any -> new ArrayList<>()).add(new Point(at, height, named));
    }

    private String name(Row row, int column, boolean rowHidden) {
        String cell = row.cell(column);
        return cell != null ? cell : rowHidden ? words.hidden() : words.none();
    }

    /** A row's number in a column; counting rows needs only that there is a value. */
    private @Nullable Double value(Row row, int column) {
        String cell = row.cell(column);
        if (cell == null) {
            return null;
        }
        if (!columns.get(column).kind().number()) {
            return spec.aggregate() == Aggregate.COUNT ? 1.0 : null;
        }
        double value = Double.parseDouble(cell);
        return Double.isFinite(value) ? value : null;
    }

    /** The chart of the rows read so far. */
    public Chart build() {
        Plot plot = plot();
        int points = 0;
        int drawn = 0;
        if (plot instanceof Plot.Points lines) {
            points = lines.series().stream().mapToInt(s -> s.points().size()).sum();
            plot = thinned(lines);
            drawn = ((Plot.Points) plot).series().stream().mapToInt(s -> s.points().size()).sum();
            points = Math.max(points, spec.kind() == ChartKind.SCATTER ? cloudPoints : points);
        }
        return new Chart(spec, plot, caption(drawn, points));
    }

    private Plot plot() {
        if (rows == 0) {
            return new Plot.Nothing(Plot.Reason.NO_ROWS);
        }
        if (measures.length == 0 || (x < 0 && spec.kind() != ChartKind.NUMBER)) {
            return new Plot.Nothing(Plot.Reason.NO_COLUMNS);
        }
        if (all.count == 0) {
            return new Plot.Nothing(
                    flag >= 0 && hiddenRows == rows
                            ? Plot.Reason.ALL_HIDDEN
                            : Plot.Reason.NO_VALUES);
        }
        return switch (spec.kind()) {
            case NUMBER -> numbers();
            case SCATTER -> scatter();
            case BAR, STACKED_BAR -> categories();
            case LINE ->
                    columns.get(x).kind().time() || columns.get(x).kind().number()
                            ? lines()
                            : categories();
        };
    }

    private Plot numbers() {
        List<Figure> list = new ArrayList<>();
        for (int i = 0; i < measures.length; i++) {
            Column column = columns.get(measures[i]);
            list.add(
                    new Figure(
                            Titles.of(column.name()),
                            unit(column),
                            figures.get(i).value(spec.aggregate())));
        }
        return new Plot.Numbers(list);
    }

    private Plot scatter() {
        if (cloud.isEmpty()) {
            return new Plot.Nothing(Plot.Reason.NO_VALUES);
        }
        List<PointSeries> list = new ArrayList<>();
        cloud.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
                .limit(MAX_SERIES)
                .forEach(e -> list.add(new PointSeries(shown(e.getKey()), e.getValue())));
        return new Plot.Points(axis(columns.get(x)), measureAxis(false), false, list);
    }

    private Plot lines() {
        boolean time = columns.get(x).kind().time();
        List<PointSeries> list = new ArrayList<>();
        for (Map.Entry<String, Map<String, Total>> of : topSeries().entrySet()) {
            TreeMap<Double, Double> points = new TreeMap<>();
            of.getValue()
                    .forEach(
                            (at, total) -> {
                                Double position = position(at, time);
                                Double height = total.value(spec.aggregate());
                                if (position != null && height != null) {
                                    points.put(position, height);
                                }
                            });
            List<Point> line = new ArrayList<>(points.size());
            points.forEach((at, height) -> line.add(new Point(at, height, "")));
            list.add(new PointSeries(seriesName(of.getKey()), line));
        }
        return list.stream().allMatch(s -> s.points().isEmpty())
                ? new Plot.Nothing(Plot.Reason.NO_VALUES)
                : new Plot.Points(axis(columns.get(x)), measureAxis(true), time, list);
    }

    private Plot categories() {
        Map<String, Map<String, Total>> bySeries = topSeries();
        Map<String, Total> byCategory = new LinkedHashMap<>();
        bySeries.values()
                .forEach(
                        of ->
                                of.forEach(
                                        (at, total) ->
                                                byCategory
                                                        .computeIfAbsent(at, any -> new Total())
                                                        .add(total)));
        List<OrderedLabel> labels = byCategory.keySet().stream().map(OrderedLabel::of).toList();
        long named = labels.stream().filter(l -> !special(l.raw())).count();
        boolean ordered =
                named > 1
                        && labels.stream()
                                .filter(l -> !special(l.raw()))
                                .allMatch(OrderedLabel::ordered);
        boolean time = columns.get(x).kind().time();
        Comparator<OrderedLabel> bySize =
                Comparator.comparingDouble((OrderedLabel l) -> -magnitude(byCategory.get(l.raw())));
        List<OrderedLabel> kept =
                labels.stream()
                        .sorted(
                                Comparator.comparing((OrderedLabel l) -> special(l.raw()))
                                        .thenComparing(
                                                time
                                                        ? Comparator.comparing(OrderedLabel::raw)
                                                        : ordered ? OrderedLabel.ORDER : bySize))
                        .toList();
        List<OrderedLabel> rest = List.of();
        int top = ordered || time ? Math.max(spec.top(), 60) : spec.top();
        if (kept.size() > top + 1) {
            rest = kept.subList(top, kept.size());
            kept = kept.subList(0, top);
        }
        List<String> shown = new ArrayList<>(kept.stream().map(OrderedLabel::shown).toList());
        if (!rest.isEmpty()) {
            shown.add(words.other());
        }
        List<CategorySeries> list = new ArrayList<>();
        for (Map.Entry<String, Map<String, Total>> of : bySeries.entrySet()) {
            List<@Nullable Double> values = new ArrayList<>();
            for (OrderedLabel l : kept) {
                values.add(valueOf(of.getValue().get(l.raw())));
            }
            if (!rest.isEmpty()) {
                Total others = new Total();
                for (OrderedLabel l : rest) {
                    others.add(of.getValue().get(l.raw()));
                }
                values.add(others.value(spec.aggregate()));
            }
            list.add(
                    new CategorySeries(
                            seriesName(of.getKey()), Collections.unmodifiableList(values)));
        }
        return new Plot.Categories(
                axis(columns.get(x)),
                measureAxis(true),
                unique(shown),
                shown.indexOf(words.hidden()),
                list);
    }

    /** Labels may only differ by the number that is not shown; an axis needs each to differ. */
    private static List<String> unique(List<String> labels) {
        Set<String> taken = new LinkedHashSet<>();
        for (String text : labels) {
            String candidate = text;
            for (int n = 2; !taken.add(candidate); n++) {
                candidate = text + " (" + n + ")";
            }
        }
        return List.copyOf(taken);
    }

    private boolean special(String raw) {
        return raw.equals(words.none()) || raw.equals(words.hidden());
    }

    private @Nullable Double valueOf(@Nullable Total total) {
        return total == null ? null : total.value(spec.aggregate());
    }

    private double magnitude(@Nullable Total total) {
        Double value = valueOf(total);
        return value == null ? Double.NEGATIVE_INFINITY : value;
    }

    /** At most as many series as there are colours; the smaller ones together as one. */
    private Map<String, Map<String, Total>> topSeries() {
        if (series < 0 || totals.size() <= MAX_SERIES) {
            return ordered(totals);
        }
        List<String> bySize =
                totals.entrySet().stream()
                        .sorted(Comparator.comparingDouble(e -> -sum(e.getValue())))
                        .map(Map.Entry::getKey)
                        .toList();
        Map<String, Map<String, Total>> top = new LinkedHashMap<>();
        for (String name : bySize.subList(0, MAX_SERIES - 1)) {
            top.put(name, totals.getOrDefault(name, Map.of()));
        }
        Map<String, Map<String, Total>> sorted = ordered(top);
        Map<String, Total> others = new HashMap<>();
        for (String name : bySize.subList(MAX_SERIES - 1, bySize.size())) {
            totals.getOrDefault(name, Map.of())
                    .forEach(
                            (at, total) ->
                                    others.computeIfAbsent(at, any -> new Total()).add(total));
        }
        sorted.put(words.other(), others);
        return sorted;
    }

    private Map<String, Map<String, Total>> ordered(Map<String, Map<String, Total>> map) {
        if (series < 0) {
            return map;
        }
        Map<String, Map<String, Total>> sorted = new LinkedHashMap<>();
        map.keySet().stream()
                .map(OrderedLabel::of)
                .sorted(OrderedLabel.ORDER)
                .forEach(l -> sorted.put(l.raw(), map.getOrDefault(l.raw(), Map.of())));
        return sorted;
    }

    private double sum(Map<String, Total> of) {
        return of.values().stream().mapToDouble(t -> t.sum).sum();
    }

    private static @Nullable Double position(String at, boolean time) {
        try {
            return time ? (double) millis(at) : Double.parseDouble(at);
        } catch (DateTimeParseException | NumberFormatException e) {
            return null;
        }
    }

    private static long millis(String at) {
        LocalDateTime moment =
                at.length() <= 10
                        ? LocalDate.parse(at).atStartOfDay()
                        // What follows the milliseconds is a time zone: the clock there is shown.
                        : LocalDateTime.parse(
                                at.substring(0, Math.min(23, at.length())), TIMESTAMP);
        return moment.toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private Plot thinned(Plot.Points plot) {
        int share = Decimation.MAX_POINTS;
        return new Plot.Points(
                plot.x(),
                plot.y(),
                plot.time(),
                plot.series().stream()
                        .map(
                                s ->
                                        new PointSeries(
                                                s.name(),
                                                spec.kind() == ChartKind.SCATTER
                                                        ? Decimation.cloud(s.points(), share)
                                                        : Decimation.line(s.points(), share)))
                        .toList());
    }

    private Caption caption(int drawn, int points) {
        boolean money = false;
        boolean ratios = false;
        for (int measure : measures) {
            money |= Roles.money(columns.get(measure)) && !Roles.ratio(columns.get(measure));
            ratios |= Roles.ratio(columns.get(measure));
        }
        Double whole = all.count == 0 ? null : all.sum;
        Double share =
                flag < 0 || whole == null || whole == 0 || measures.length == 0
                        ? null
                        : Roles.ratio(columns.get(measures[0])) ? null : hidden.sum / whole;
        return new Caption(
                firstDay,
                lastDay,
                List.copyOf(tenants),
                List.copyOf(currencies),
                money && currencies.size() > 1 && !splitByCurrency() && adds(),
                ratios && merged() && spec.aggregate() == Aggregate.AVERAGE,
                rows,
                flag < 0 ? null : hiddenRows,
                share,
                drawn,
                points);
    }

    private boolean adds() {
        return spec.aggregate() == Aggregate.SUM || spec.aggregate() == Aggregate.AVERAGE;
    }

    private boolean splitByCurrency() {
        return currency >= 0 && (series == currency || x == currency);
    }

    /** Whether some point stands for more than one row. */
    private boolean merged() {
        return totals.values().stream()
                        .flatMap(of -> of.values().stream())
                        .anyMatch(t -> t.count > 1)
                || (spec.kind() == ChartKind.NUMBER && rows > 1);
    }

    private String seriesName(String raw) {
        return series < 0 ? Titles.of(raw) : shown(raw);
    }

    private static String shown(String raw) {
        return OrderedLabel.of(raw).shown();
    }

    private AxisText axis(Column column) {
        return new AxisText(Titles.of(column.name()), column.measure() ? unit(column) : "");
    }

    /** The axis of the measures: the one's name, or only the unit that they share. */
    private AxisText measureAxis(boolean aggregated) {
        Column first = columns.get(measures[0]);
        if (aggregated && spec.aggregate() == Aggregate.COUNT) {
            return new AxisText(words.rows(), "");
        }
        if (measures.length == 1 || series >= 0) {
            return new AxisText(Titles.of(first.name()), unit(first));
        }
        String unit = unit(first);
        for (int measure : measures) {
            if (!unit(columns.get(measure)).equals(unit)) {
                return new AxisText("", "");
            }
        }
        return new AxisText("", unit);
    }

    private String unit(Column column) {
        if (spec.aggregate() == Aggregate.COUNT) {
            return "";
        }
        if (Roles.percent(column)) {
            return "%";
        }
        return Roles.money(column) && currencies.size() == 1 ? currencies.iterator().next() : "";
    }

    private int first(Predicate<Column> role) {
        for (int i = 0; i < columns.size(); i++) {
            if (role.test(columns.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static void collect(Set<String> values, Row row, int column) {
        if (column >= 0 && values.size() < MAX_NAMED) {
            String cell = row.cell(column);
            if (cell != null) {
                values.add(cell);
            }
        }
    }

    private static @Nullable LocalDate day(
            Row row, int column, @Nullable LocalDate known, boolean earliest) {
        String cell = column < 0 ? null : row.cell(column);
        if (cell == null || cell.length() < 10) {
            return known;
        }
        LocalDate day;
        try {
            day = LocalDate.parse(cell.substring(0, 10));
        } catch (DateTimeParseException e) {
            return known;
        }
        return known == null || (earliest ? day.isBefore(known) : day.isAfter(known)) ? day : known;
    }

    /** Count, sum and bounds of some rows' values. */
    private static final class Total {
        private long count;
        private double sum;
        private double least = Double.POSITIVE_INFINITY;
        private double greatest = Double.NEGATIVE_INFINITY;

        void add(@Nullable Double value) {
            if (value != null) {
                count++;
                sum += value;
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
        }

        void add(@Nullable Total other) {
            if (other != null) {
                count += other.count;
                sum += other.sum;
                least = Math.min(least, other.least);
                greatest = Math.max(greatest, other.greatest);
            }
        }

        @Nullable Double value(Aggregate aggregate) {
            if (aggregate == Aggregate.COUNT) {
                return (double) count;
            }
            if (count == 0) {
                return null;
            }
            return switch (aggregate) {
                case SUM -> sum;
                case AVERAGE -> sum / count;
                case LEAST -> least;
                case GREATEST -> greatest;
                case COUNT -> (double) count;
            };
        }
    }
}
