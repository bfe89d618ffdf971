@NullMarked
package io.amcinsights.local.clock;

import org.jspecify.annotations.NullMarked;
