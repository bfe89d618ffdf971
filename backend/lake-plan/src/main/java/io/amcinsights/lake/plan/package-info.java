/**
 * How a delivery becomes Parquet: the file's dialect, the columns' names and types, and the plan
 * that whoever writes the Parquet carries out. No AWS.
 */
@NullMarked
package io.amcinsights.lake.plan;

import org.jspecify.annotations.NullMarked;
