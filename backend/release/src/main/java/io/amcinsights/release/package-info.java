/** What AWS is given of a release. */
@NullMarked
package io.amcinsights.release;

import org.jspecify.annotations.NullMarked;
