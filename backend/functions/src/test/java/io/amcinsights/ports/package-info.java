@NullMarked
package io.amcinsights.ports;

import org.jspecify.annotations.NullMarked;
