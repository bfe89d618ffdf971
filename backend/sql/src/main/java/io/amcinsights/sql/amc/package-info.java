/** AMC SQL, checked against AMC's tables, rules and privacy classes without running it. */
@NullMarked
package io.amcinsights.sql.amc;

import org.jspecify.annotations.NullMarked;
