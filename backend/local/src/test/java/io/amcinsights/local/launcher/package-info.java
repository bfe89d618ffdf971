@NullMarked
package io.amcinsights.local.launcher;

import org.jspecify.annotations.NullMarked;
