@NullMarked
package io.amcinsights.desktop.shell;

import org.jspecify.annotations.NullMarked;
