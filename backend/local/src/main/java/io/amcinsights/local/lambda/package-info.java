/** Lambda: the handlers of the functions module, run in this process as Lambda would run them. */
@NullMarked
package io.amcinsights.local.lambda;

import org.jspecify.annotations.NullMarked;
