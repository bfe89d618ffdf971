@NullMarked
package io.amcinsights.desktop.settings;

import org.jspecify.annotations.NullMarked;
