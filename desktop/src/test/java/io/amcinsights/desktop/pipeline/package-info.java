@NullMarked
package io.amcinsights.desktop.pipeline;

import org.jspecify.annotations.NullMarked;
