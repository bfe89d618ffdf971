/** Makes the installer of the system that it runs on. */
@NullMarked
package io.amcinsights.packaging;

import org.jspecify.annotations.NullMarked;
