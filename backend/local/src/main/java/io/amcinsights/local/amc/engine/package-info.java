/** Runs AMC SQL on the simulator's events: translated to DuckDB, filtered as AMC's privacy asks. */
@NullMarked
package io.amcinsights.local.amc.engine;

import org.jspecify.annotations.NullMarked;
