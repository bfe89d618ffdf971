@NullMarked
package io.amcinsights.desktop.aws;

import org.jspecify.annotations.NullMarked;
