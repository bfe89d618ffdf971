@NullMarked
package io.amcinsights.local.store;

import org.jspecify.annotations.NullMarked;
