/** Tenants: list, details, onboarding. */
@NullMarked
package io.amcinsights.desktop.tenants;

import org.jspecify.annotations.NullMarked;
