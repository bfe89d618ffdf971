package io.amcinsights.desktop.charts;

import javafx.scene.chart.ValueAxis;

import java.util.List;

/** An axis of time with a fixed range, marked where a calendar has its borders. */
final class TimeAxis extends ValueAxis<Number> {

    private final TimeTicks ticks;

    TimeAxis(TimeTicks ticks) {
        super(ticks.from(), ticks.to());
        this.ticks = ticks;
        setMinorTickVisible(false);
    }

    @Override
    protected List<Number> calculateTickValues(double length, Object range) {
        return ticks.marks();
    }

    @Override
    protected List<Number> calculateMinorTickMarks() {
        return List.of();
    }

    @Override
    protected String getTickMarkLabel(Number value) {
        return ticks.label(value.doubleValue());
    }

    @Override
    protected Object getRange() {
        return ticks;
    }

    @Override
    protected void setRange(Object range, boolean animate) {
        setScale(calculateNewScale(getWidth(), getLowerBound(), getUpperBound()));
    }
}
