@NullMarked
package io.amcinsights.amc;

import org.jspecify.annotations.NullMarked;
