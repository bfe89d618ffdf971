/** Athena SQL on the datasets: editors, results as grid and chart, export, history. */
@NullMarked
package io.amcinsights.desktop.queries;

import org.jspecify.annotations.NullMarked;
