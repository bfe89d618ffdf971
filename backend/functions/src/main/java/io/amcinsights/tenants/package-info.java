/** Tenant Provisioning Service: who is a tenant, and what makes one. */
@NullMarked
package io.amcinsights.tenants;

import org.jspecify.annotations.NullMarked;
