/**
 * Charts of results: what to draw is guessed from the columns and can be changed; what is drawn
 * always says its window, tenants, currency and the share that privacy rules hide.
 */
@NullMarked
package io.amcinsights.desktop.charts;

import org.jspecify.annotations.NullMarked;
