package io.amcinsights.desktop.charts;

import io.amcinsights.desktop.charts.Plot.Point;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Fewer points that look the same: more than a screen has pixels only cost time. */
final class Decimation {

    /** Above so many points a series is thinned. */
    static final int MAX_POINTS = 2_000;

    private Decimation() {}

    /**
     * Thins a line, keeping its first, last and most telling points (largest triangle, three
     * buckets; Steinarsson 2013).
     *
     * @param points in the order of x
     */
    static List<Point> line(List<Point> points, int limit) {
        int size = points.size();
        if (size <= limit || limit < 3) {
            return points;
        }
        List<Point> kept = new ArrayList<>(limit);
        kept.add(points.getFirst());
        double width = (double) (size - 2) / (limit - 2);
        int last = 0;
        for (int bucket = 0; bucket < limit - 2; bucket++) {
            int from = (int) (bucket * width) + 1;
            int to = (int) ((bucket + 1) * width) + 1;
            int nextTo = Math.min((int) ((bucket + 2) * width) + 1, size);
            last = mostTelling(points, last, from, to, nextTo);
            kept.add(points.get(last));
        }
        kept.add(points.getLast());
        return kept;
    }

    /** Of points {@code from} to {@code to}: the largest triangle with its neighbours. */
    private static int mostTelling(List<Point> points, int last, int from, int to, int nextTo) {
        double nextX = 0;
        double nextY = 0;
        for (int i = to; i < nextTo; i++) {
            nextX += points.get(i).x() / (nextTo - to);
            nextY += points.get(i).y() / (nextTo - to);
        }
        Point left = points.get(last);
        int best = from;
        double largest = -1;
        for (int i = from; i < to; i++) {
            Point point = points.get(i);
            double area =
                    Math.abs(
                            (left.x() - nextX) * (point.y() - left.y())
                                    - (left.x() - point.x()) * (nextY - left.y()));
            if (area > largest) {
                largest = area;
                best = i;
            }
        }
        return best;
    }

    /** Thins a cloud: one point for each cell of a grid, so that its shape and outliers stay. */
    static List<Point> cloud(List<Point> points, int limit) {
        if (points.size() <= limit) {
            return points;
        }
        double minX = points.stream().mapToDouble(Point::x).min().orElse(0);
        double maxX = points.stream().mapToDouble(Point::x).max().orElse(1);
        double minY = points.stream().mapToDouble(Point::y).min().orElse(0);
        double maxY = points.stream().mapToDouble(Point::y).max().orElse(1);
        int side = (int) Math.sqrt(limit);
        Set<Integer> taken = new HashSet<>();
        List<Point> kept = new ArrayList<>();
        for (Point point : points) {
            int column = cell(point.x(), minX, maxX, side);
            int row = cell(point.y(), minY, maxY, side);
            if (taken.add(row * side + column)) {
                kept.add(point);
            }
        }
        return kept;
    }

    private static int cell(double value, double min, double max, int side) {
        return max == min ? 0 : (int) Math.min(side - 1, (value - min) / (max - min) * side);
    }
}
