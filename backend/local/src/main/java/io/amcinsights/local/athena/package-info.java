/** Athena's API in front of Trino, Athena's own engine, in a process of its own. */
@NullMarked
package io.amcinsights.local.athena;

import org.jspecify.annotations.NullMarked;
