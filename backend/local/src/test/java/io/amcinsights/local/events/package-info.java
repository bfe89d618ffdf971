@NullMarked
package io.amcinsights.local.events;

import org.jspecify.annotations.NullMarked;
