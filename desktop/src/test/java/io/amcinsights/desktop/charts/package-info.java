@NullMarked
package io.amcinsights.desktop.charts;

import org.jspecify.annotations.NullMarked;
