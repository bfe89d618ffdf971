/** Data lake: what arrives in the tenants' buckets, and the datasets that it becomes. */
@NullMarked
package io.amcinsights.lake;

import org.jspecify.annotations.NullMarked;
