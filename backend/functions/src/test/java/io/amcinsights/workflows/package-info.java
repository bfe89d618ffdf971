@NullMarked
package io.amcinsights.workflows;

import org.jspecify.annotations.NullMarked;
