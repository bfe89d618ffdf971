@NullMarked
package io.amcinsights.packaging;

import org.jspecify.annotations.NullMarked;
