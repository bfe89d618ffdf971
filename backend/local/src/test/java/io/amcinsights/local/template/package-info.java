@NullMarked
package io.amcinsights.local.template;

import org.jspecify.annotations.NullMarked;
