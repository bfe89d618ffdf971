@NullMarked
package io.amcinsights.desktop.tenants;

import org.jspecify.annotations.NullMarked;
