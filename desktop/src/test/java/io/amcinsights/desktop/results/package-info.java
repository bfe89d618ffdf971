@NullMarked
package io.amcinsights.desktop.results;

import org.jspecify.annotations.NullMarked;
