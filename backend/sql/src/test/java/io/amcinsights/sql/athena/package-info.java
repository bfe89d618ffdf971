@NullMarked
package io.amcinsights.sql.athena;

import org.jspecify.annotations.NullMarked;
