@NullMarked
package io.amcinsights.local.ports;

import org.jspecify.annotations.NullMarked;
