@NullMarked
package io.amcinsights.local.glue;

import org.jspecify.annotations.NullMarked;
