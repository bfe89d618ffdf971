@NullMarked
package io.amcinsights.glue;

import org.jspecify.annotations.NullMarked;
