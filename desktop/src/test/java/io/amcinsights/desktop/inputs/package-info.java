@NullMarked
package io.amcinsights.desktop.inputs;

import org.jspecify.annotations.NullMarked;
