@NullMarked
package io.amcinsights.lake.plan;

import org.jspecify.annotations.NullMarked;
