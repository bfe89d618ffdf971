@NullMarked
package io.amcinsights;

import org.jspecify.annotations.NullMarked;
