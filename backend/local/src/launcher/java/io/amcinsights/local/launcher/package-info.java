/** Starts the workspace where an older Java is in front: compiled for Java 11, and small. */
@NullMarked
package io.amcinsights.local.launcher;

import org.jspecify.annotations.NullMarked;
