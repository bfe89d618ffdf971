@NullMarked
package io.amcinsights.desktop;

import org.jspecify.annotations.NullMarked;
