@NullMarked
package io.amcinsights.desktop.queries;

import org.jspecify.annotations.NullMarked;
