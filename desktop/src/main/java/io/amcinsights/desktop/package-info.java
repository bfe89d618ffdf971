/** The JavaFX application: its start and its composition root. */
@NullMarked
package io.amcinsights.desktop;

import org.jspecify.annotations.NullMarked;
