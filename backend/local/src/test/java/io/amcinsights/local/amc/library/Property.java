package io.amcinsights.local.amc.library;

/** Something that must hold of the numbers of one template. */
@FunctionalInterface
public interface Property {

    void check(ResultTable result, Results others);
}
