@NullMarked
package io.amcinsights.local;

import org.jspecify.annotations.NullMarked;
