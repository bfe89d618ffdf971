@NullMarked
package io.amcinsights.local.states;

import org.jspecify.annotations.NullMarked;
