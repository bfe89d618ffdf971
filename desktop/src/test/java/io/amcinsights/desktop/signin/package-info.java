@NullMarked
package io.amcinsights.desktop.signin;

import org.jspecify.annotations.NullMarked;
