/** Time, as something that can be given: tests do not wait for it. */
@NullMarked
package io.amcinsights.local.clock;

import org.jspecify.annotations.NullMarked;
