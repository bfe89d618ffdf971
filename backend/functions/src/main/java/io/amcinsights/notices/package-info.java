/** What people are told of. */
@NullMarked
package io.amcinsights.notices;

import org.jspecify.annotations.NullMarked;
