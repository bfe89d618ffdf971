@NullMarked
package io.amcinsights.local.signin;

import org.jspecify.annotations.NullMarked;
