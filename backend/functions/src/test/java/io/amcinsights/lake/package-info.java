@NullMarked
package io.amcinsights.lake;

import org.jspecify.annotations.NullMarked;
