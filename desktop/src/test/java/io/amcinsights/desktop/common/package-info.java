@NullMarked
package io.amcinsights.desktop.common;

import org.jspecify.annotations.NullMarked;
