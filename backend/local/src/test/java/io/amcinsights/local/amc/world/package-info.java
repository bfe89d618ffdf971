@NullMarked
package io.amcinsights.local.amc.world;

import org.jspecify.annotations.NullMarked;
