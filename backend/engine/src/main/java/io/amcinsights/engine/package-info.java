/** Starts Trino for the local workspace. */
@NullMarked
package io.amcinsights.engine;

import org.jspecify.annotations.NullMarked;
