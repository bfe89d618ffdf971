@NullMarked
package io.amcinsights.local.amc;

import org.jspecify.annotations.NullMarked;
