@NullMarked
package io.amcinsights.desktop.workflows;

import org.jspecify.annotations.NullMarked;
