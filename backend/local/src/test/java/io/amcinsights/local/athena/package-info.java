@NullMarked
package io.amcinsights.local.athena;

import org.jspecify.annotations.NullMarked;
