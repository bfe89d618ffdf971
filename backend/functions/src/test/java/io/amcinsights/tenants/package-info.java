@NullMarked
package io.amcinsights.tenants;

import org.jspecify.annotations.NullMarked;
