@NullMarked
package io.amcinsights.desktop.overview;

import org.jspecify.annotations.NullMarked;
