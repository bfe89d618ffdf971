/**
 * What is made of a delivery's rows once they are Parquet: a customer's SQL, counts, rules. It is
 * DuckDB that does it, in the function and in the Glue job, so that both do the same.
 */
@NullMarked
package io.amcinsights.lake.duck;

import org.jspecify.annotations.NullMarked;
