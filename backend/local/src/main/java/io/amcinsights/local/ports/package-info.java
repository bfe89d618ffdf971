/** The functions' ports, as the workspace serves them. */
@NullMarked
package io.amcinsights.local.ports;

import org.jspecify.annotations.NullMarked;
