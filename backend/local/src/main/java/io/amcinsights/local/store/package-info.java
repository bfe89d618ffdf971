/** What the workspace remembers: one SQLite file in its data folder. */
@NullMarked
package io.amcinsights.local.store;

import org.jspecify.annotations.NullMarked;
