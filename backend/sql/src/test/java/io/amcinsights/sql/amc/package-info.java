@NullMarked
package io.amcinsights.sql.amc;

import org.jspecify.annotations.NullMarked;
