@NullMarked
package io.amcinsights.contract;

import org.jspecify.annotations.NullMarked;
