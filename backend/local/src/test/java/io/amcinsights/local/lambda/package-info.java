@NullMarked
package io.amcinsights.local.lambda;

import org.jspecify.annotations.NullMarked;
