@NullMarked
package io.amcinsights.local.http;

import org.jspecify.annotations.NullMarked;
