/** The made-up advertisers, users and events behind the simulator's data sources. */
@NullMarked
package io.amcinsights.local.amc.world;

import org.jspecify.annotations.NullMarked;
