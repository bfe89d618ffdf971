/** How records are kept as documents: read, changed by one at a time, listed by time. */
@NullMarked
package io.amcinsights.store;

import org.jspecify.annotations.NullMarked;
