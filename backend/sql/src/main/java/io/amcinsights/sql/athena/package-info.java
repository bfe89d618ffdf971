/** Athena SQL, checked without running it. */
@NullMarked
package io.amcinsights.sql.athena;

import org.jspecify.annotations.NullMarked;
