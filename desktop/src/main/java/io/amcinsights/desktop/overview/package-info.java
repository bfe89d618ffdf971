/** Where the installation stands, and the next step to take. */
@NullMarked
package io.amcinsights.desktop.overview;

import org.jspecify.annotations.NullMarked;
