/** When workflows run by themselves. */
@NullMarked
package io.amcinsights.desktop.schedules;

import org.jspecify.annotations.NullMarked;
