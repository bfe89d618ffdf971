@NullMarked
package io.amcinsights.local.amc.engine;

import org.jspecify.annotations.NullMarked;
