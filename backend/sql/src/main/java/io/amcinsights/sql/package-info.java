/** What checks and completions of both dialects look like. */
@NullMarked
package io.amcinsights.sql;

import org.jspecify.annotations.NullMarked;
