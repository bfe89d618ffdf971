/** What must hold of the numbers of each template of the query library. */
@NullMarked
package io.amcinsights.local.amc.library;

import org.jspecify.annotations.NullMarked;
