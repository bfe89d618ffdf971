/** What every screen uses: background tasks, problems, states of a view, formats, navigation. */
@NullMarked
package io.amcinsights.desktop.common;

import org.jspecify.annotations.NullMarked;
